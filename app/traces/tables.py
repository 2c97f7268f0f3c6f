"""Tables as text to paste elsewhere: Markdown, CSV, LaTeX. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

TABLE_FORMATS = {
    "md": ("Markdown", "for notes and issues"),
    "csv": ("CSV", "for spreadsheets"),
    "tex": ("LaTeX", "for papers"),
}
"""Suffix of the file, title and help."""

_LATEX = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def table_text(head: Sequence[str], rows: Sequence[Sequence[str]], suffix: str) -> str:
    """A table in the format of a file's suffix."""
    if suffix == "csv":
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerows([head, *rows])
        return out.getvalue()
    if suffix == "tex":
        return _latex(head, rows)
    lines = [_markdown_row(head), "|" + " --- |" * len(head)]
    return "\n".join([*lines, *(_markdown_row(row) for row in rows)]) + "\n"


def _markdown_row(cells: Sequence[str]) -> str:
    escaped = (cell.replace("|", "\\|").replace("\n", " ") for cell in cells)
    return "| " + " | ".join(escaped) + " |"


def _latex(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def line(cells: Sequence[str]) -> str:
        return " & ".join("".join(_LATEX.get(c, c) for c in cell) for cell in cells) + r" \\"

    columns = "l" + "r" * (len(head) - 1)
    body = [line(row) for row in rows]
    parts = [rf"\begin{{tabular}}{{{columns}}}", r"\toprule", line(head), r"\midrule", *body]
    return "\n".join([*parts, r"\bottomrule", r"\end{tabular}"]) + "\n"
