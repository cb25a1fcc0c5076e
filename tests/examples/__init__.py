"""The examples of the document: what the program really said, while a story was played on the Samarinda demo."""
