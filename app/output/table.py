"""Plain text tables: columns apart by two blanks, numbers to the right, nothing cut."""

from __future__ import annotations

from collections.abc import Sequence

from app.charts.picture import fit_text, text_width

GAP = "  "


def render_table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right_aligned: frozenset[int] = frozenset(),
    width: int | None = None,
) -> list[str]:
    """Header and rows as lines; with a width, lines are cut there with an ellipsis."""
    columns = list(zip(header, *rows, strict=True))
    widths = [max(text_width(cell) for cell in column) for column in columns]
    lines = [
        GAP.join(
            pad(cell, widths[at], is_right=at in right_aligned) for at, cell in enumerate(row)
        ).rstrip()
        for row in (header, *rows)
    ]
    return lines if width is None else [fit_text(line, width) for line in lines]


def pad(text: str, width: int, *, is_right: bool = False) -> str:
    """The text filled up with blanks to a number of cells."""
    blanks = " " * max(0, width - text_width(text))
    return blanks + text if is_right else text + blanks
