"""Styles of words in panels."""

from __future__ import annotations

MUTED = "$foreground 60%"
"""What is read last."""
