"""Changes of what the store keeps, each of which can be taken back."""
