"""The no-show policy of a service: its bounds."""

MOST_NO_SHOWS = 20
NO_SHOW_BLOCK_DAYS = 7
LONGEST_BLOCK = 90
"""Days."""
