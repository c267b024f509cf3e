"""Who is not to be called any more, on the screen."""
