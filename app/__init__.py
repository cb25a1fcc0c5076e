"""The API behind an Indonesian *Mal Pelayanan Publik*."""
