"""Every key of the dashboard, pressed."""
