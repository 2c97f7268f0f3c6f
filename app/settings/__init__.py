"""What a person has set, and what the dashboard remembers of the last time."""
