"""Call lists on the screen: making one, its rows, its course and its rules."""
