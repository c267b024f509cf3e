"""Work analyses on the screen: the list, one of them, and a task in it."""
