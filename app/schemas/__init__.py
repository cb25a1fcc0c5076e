"""Wire shapes: inputs named by intent, outputs by noun."""
