"""What `python -m app …` does. A command's module is imported when the command is given, and no other."""
