"""The REST face of the store."""
