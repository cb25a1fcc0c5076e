"""The API behind an Indonesian *Mal Pelayanan Publik*."""

import gc

gc.set_threshold(10_000, 20, 20)
"""Hundreds of thousands of objects stay for as long as the program runs. By default the collector looks at all of them
so often that a fifth of the start is spent on it."""
