"""What is known of a company on the screen: its card and its parts, its list, and the forms about it."""
