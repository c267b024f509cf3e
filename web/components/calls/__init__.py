"""Calls beside the desk: begun elsewhere, coming in, written down afterwards or put right."""
