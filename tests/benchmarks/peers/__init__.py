"""Other experiment trackers, each behind the same few questions."""
