"""How the words of an error stand in a table."""

Words = dict[str, tuple[str, str, str, str]]
"""By code: title in Indonesian, title in English, detail in Indonesian, detail in English."""
