"""Runs as a table in a file: CSV, JSON, Markdown or LaTeX. Pure but for `write_export`."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.formatting import timestamp
from app.widgets.columns import (
    ABSENT,
    ColumnKind,
    RunColumn,
    column_text,
    metric_summary,
    param_value,
)
from store.models import RunRecord

FORMATS = ("csv", "json", "md", "tex")


def export_value(column: RunColumn, record: RunRecord) -> Any:
    """The value of a cell with its type; None where there is none."""
    if column.kind is ColumnKind.PARAM:
        value = param_value(record.params, column.key)
        return None if value is ABSENT else value
    if column.kind is ColumnKind.METRIC:
        summary = metric_summary(record, column.key, column.context)
        return None if summary is None else summary.last
    if column.id == "started":
        return timestamp(record.run.created_at, with_seconds=True)
    if column.id == "duration":
        run = record.run
        return None if run.finished_at is None else run.finished_at - run.created_at
    return column_text(column, record)


def export_text(
    records: Sequence[RunRecord], columns: Sequence[RunColumn], file_format: str
) -> str:
    """The table as text of a format; the hash is always its first column."""
    titles = ["hash", *(column.title for column in columns if column.id != "hash")]
    wanted = [column for column in columns if column.id != "hash"]
    rows = [[r.run.hash, *(export_value(c, r) for c in wanted)] for r in records]
    writers = {"csv": _as_csv, "json": _as_json, "md": _as_markdown, "tex": _as_latex}
    return writers[file_format](titles, rows)


def write_export(path: Path, text: str) -> Path:
    """Write the file; its folder must exist."""
    path = path.expanduser()
    path.write_text(text, "utf-8")
    return path


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _as_csv(titles: list[str], rows: list[list[Any]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(titles)
    writer.writerows([_text(value) for value in row] for row in rows)
    return file.getvalue()


def _as_json(titles: list[str], rows: list[list[Any]]) -> str:
    # JSON has no NaN: a diverged value is written as the text that names it.
    plain = [
        {
            title: str(value)
            if isinstance(value, float) and not math.isfinite(value)
            else value
            for title, value in zip(titles, row, strict=True)
        }
        for row in rows
    ]
    return json.dumps(plain, ensure_ascii=False, indent=2, default=str) + "\n"


def _as_markdown(titles: list[str], rows: list[list[Any]]) -> str:
    def line(values: Sequence[Any]) -> str:
        return "| " + " | ".join(_text(value).replace("|", "\\|") for value in values) + " |"

    return "\n".join([line(titles), "|" + " --- |" * len(titles), *map(line, rows)]) + "\n"


def _as_latex(titles: list[str], rows: list[list[Any]]) -> str:
    special = {c: f"\\{c}" for c in "&%$#_{}"}

    def line(values: Sequence[Any]) -> str:
        cells = ("".join(special.get(c, c) for c in _text(value)) for value in values)
        return " & ".join(cells) + r" \\"

    body = "\n".join(map(line, rows))
    return (
        f"\\begin{{tabular}}{{{'l' * len(titles)}}}\n\\toprule\n{line(titles)}\n\\midrule\n"
        f"{body}\n\\bottomrule\n\\end{{tabular}}\n"
    )
