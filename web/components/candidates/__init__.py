"""Job seekers on the screen: the list, the page of one and its parts, and what goes on paper about them."""
