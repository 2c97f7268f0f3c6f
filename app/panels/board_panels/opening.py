"""What opening a panel leads to. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from textual.message import Message

from app.boards.board import Panel
from app.boards.kinds import PanelKind
from app.boards.reading import chart_query, runs_query
from app.messages import CompareRuns, OpenRun, ShowMetrics, ShowRuns

MAX_COMPARED = 200


def request_of(panel: Panel, run_hash: str, run_hashes: Sequence[str]) -> Message | None:
    """The screen to go to; None if there is nothing behind a panel.

    Args:
        panel: The panel.
        run_hash: The run under its cursor, if it is a table.
        run_hashes: All runs that it shows.
    """
    if run_hash:
        return OpenRun(run_hash, tuple(run_hashes))
    match panel.kind:
        case PanelKind.CHART:
            return ShowMetrics(chart_query(panel))
        case PanelKind.SCATTER | PanelKind.PARALLEL:
            return CompareRuns(tuple(run_hashes[:MAX_COMPARED])) if run_hashes else None
        case PanelKind.MEDIA:
            return OpenRun(run_hashes[0], tuple(run_hashes), "media") if run_hashes else None
        case PanelKind.COUNTER if run_hashes:
            return OpenRun(run_hashes[0])
        case PanelKind.NOTE:
            return None
        case _:
            return ShowRuns(runs_query(panel))
