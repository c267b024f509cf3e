"""Dialling by a telephone system: one port, and an adapter for each kind of system."""
