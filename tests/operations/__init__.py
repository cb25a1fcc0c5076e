"""What whoever runs the program does with its database."""
