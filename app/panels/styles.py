"""Styles of words in panels."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from app.traces.text_diff import Change, TextPart

MUTED = "$foreground 60%"
"""What is read last."""
CHANGED = {
    Change.SAME: "",
    Change.ADDED: "$text-success on $success-muted",
    Change.REMOVED: "strike $text-error on $error-muted",
}


def changed_text(parts: Sequence[TextPart], title: str = "") -> Content:
    """A text with what was added and removed, below a title."""
    head = [Content.styled(f"{title}\n", MUTED)] if title else []
    return Content.assemble(*head, *((part.text, CHANGED[part.change]) for part in parts))
