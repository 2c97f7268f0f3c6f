"""Routes of our own beside matyan's: what the dashboard needs when it is attached."""
