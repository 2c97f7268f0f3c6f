"""Panels of boards and reports, and the grid that holds them."""
