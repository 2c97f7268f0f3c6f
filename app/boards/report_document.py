"""Reports: Markdown with panels in fenced blocks. Pure.

A block looks like this; `kind` must be there, `height` is in screen lines, and everything else is
the title, the query or a setting of the kind:

    ```panel
    kind: chart
    title: Loss
    metric: loss {subset=val}
    smoothing: 0.6
    ```
"""

from __future__ import annotations

import json
import re
from typing import Any

from msgspec import Struct

from app.boards.board import COLUMNS, MAX_HEIGHT, Panel, Place
from app.boards.kinds import KINDS, PanelKind

FENCE = "panel"
LINES_A_ROW = 4
"""Screen lines that a row of a board stands for, where a height is not given in lines."""
_BLOCK = re.compile(
    r"^(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^\n]*)\n(?P<body>.*?)(?:^(?P=fence)[`~]*[ \t]*$|\Z)",
    re.MULTILINE | re.DOTALL,
)


class ReportDocument(Struct, frozen=True):
    """A report in parts: texts and panels in their order."""

    parts: tuple[Panel | str, ...] = ()

    @classmethod
    def parse(cls, code: str) -> ReportDocument:
        """Take a report apart; a block that is no panel stays text, with a word about it."""
        parts: list[Panel | str] = []
        text, start, number = "", 0, 0
        for block in _BLOCK.finditer(code):
            if block["info"].strip() != FENCE:
                continue
            text += code[start : block.start()]
            start = block.end()
            number += 1
            panel = _panel(block["body"], str(number))
            if isinstance(panel, str):
                text += f"\n> {panel}\n"
                continue
            if text.strip():
                parts.append(text.strip("\n"))
            text = ""
            parts.append(panel)
        text += code[start:]
        if text.strip():
            parts.append(text.strip("\n"))
        return cls(tuple(parts))

    @property
    def panels(self) -> tuple[Panel, ...]:
        """The panels alone."""
        return tuple(part for part in self.parts if isinstance(part, Panel))


def panel_lines(panel: Panel) -> int:
    """Screen lines of a panel in a report."""
    return int(panel.settings.get("height", panel.place.height * LINES_A_ROW))


def panel_block(panel: Panel) -> str:
    """A panel as a block to put into a report."""
    lines = [f"kind: {panel.kind.value}"]
    if panel.title:
        lines.append(f"title: {panel.title}")
    if panel.query:
        lines.append(f"query: {panel.query}")
    for setting in KINDS[panel.kind].settings:
        value = panel.setting(setting.name)
        if value != setting.default:
            lines.append(f"{setting.name}: {_written(value)}")
    return "\n".join([f"```{FENCE}", *lines, "```"])


def _panel(body: str, panel_id: str) -> Panel | str:
    """The panel of a block, or what is wrong with it."""
    values: dict[str, str] = {}
    for line in body.splitlines():
        key, sign, value = line.partition(":")
        if line.strip() and sign:
            values[key.strip()] = value.strip()
    kind = values.pop("kind", "")
    if kind not in set(PanelKind):
        known = ", ".join(each.value for each in PanelKind)
        return f"A panel needs a kind. Kinds: {known}."
    title, query = values.pop("title", ""), values.pop("query", "")
    settings = {key: _read(value) for key, value in values.items()}
    info = KINDS[PanelKind(kind)]
    height = settings.get("height")
    if isinstance(height, int) and not isinstance(height, bool):
        settings["height"] = min(max(4, height), MAX_HEIGHT * 2)
    else:
        settings.pop("height", None)
    place = Place(0, 0, COLUMNS, info.height)
    return Panel(panel_id, PanelKind(kind), title, query, settings, place)


def _read(text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, str | int | float | bool) else text


def _written(value: Any) -> str:
    if isinstance(value, str):
        is_plain = "\n" not in value and _read(value) == value
        return value if is_plain else json.dumps(value, ensure_ascii=False)
    return json.dumps(value)
