"""HTTP: who, what, one call."""
