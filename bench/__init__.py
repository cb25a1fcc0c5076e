"""What the program does in a second, beside what the database alone could do. `make bench`."""
