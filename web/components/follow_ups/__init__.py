"""Follow-ups on the screen: rows, and the questions one answers about them."""
