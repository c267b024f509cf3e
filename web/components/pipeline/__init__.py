"""Hidden jobs on the screen: the board, the list, the page of one, and who could do it."""
