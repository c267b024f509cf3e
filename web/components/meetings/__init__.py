"""Kopkoffie on the screen: planning one, what both sides read before it, and what comes of it."""
