"""What lies outside of the dashboard: the terminal it runs in, editors, viewers, players."""
