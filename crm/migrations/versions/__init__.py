"""One file per change of the tables, in order. Never edited after a release."""
