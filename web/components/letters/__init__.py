"""Letters and campaigns on the screen: their text, whom they go to, and what they bring."""
