"""The steps of importing companies on screen."""
