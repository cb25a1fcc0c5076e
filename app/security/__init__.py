"""Passwords, tokens, keys, claim codes."""
