"""Boards and reports as values: panels, their places, what they show, and files of them."""
