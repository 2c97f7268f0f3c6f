"""What a new report begins with. Pure."""

from __future__ import annotations

from app.boards.board import Panel
from app.boards.kinds import PanelKind
from app.boards.report_document import panel_block


def starter_report(name: str, metrics: tuple[str, ...] = ()) -> str:
    """A heading, a sentence that says how it goes on, and live panels if there is a metric."""
    parts = [f"# {name}", "What was asked, what was tried, what came out."]
    if metrics:
        chart = Panel("1", PanelKind.CHART, settings={"metric": metrics[0], "limit": 12})
        best = Panel("2", PanelKind.LEADERBOARD, settings={"metric": metrics[0], "top": 5})
        parts += ["## Curves", panel_block(chart), "## The best runs", panel_block(best)]
    return "\n\n".join(parts) + "\n"
