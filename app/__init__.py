"""The terminal face of the store."""
