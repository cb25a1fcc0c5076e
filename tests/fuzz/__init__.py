"""Requests that nobody thought of, by every role: `make fuzz`."""
