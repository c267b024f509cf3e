"""What developers use, through `make`."""
