"""What opening a panel leads to. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from textual.message import Message

from app.boards.board import Panel
from app.boards.kinds import PanelKind
from app.boards.reading import chart_options, chart_query, runs_query
from app.messages import CompareRuns, OpenRun, ShowMetrics, ShowRuns
from app.traces.options import ExploreOptions

MAX_COMPARED = 200


def request_of(
    panel: Panel,
    run_hash: str,
    run_hashes: Sequence[str],
    drawn: tuple[ExploreOptions, tuple[float, float] | None] | None = None,
) -> Message | None:
    """The screen to go to; None if there is nothing behind a panel.

    Args:
        panel: The panel.
        run_hash: The run under its cursor, if it is a table.
        run_hashes: All runs that it shows.
        drawn: How its charts are drawn now, and which part of the x axis they show.
    """
    if run_hash:
        return OpenRun(run_hash, tuple(run_hashes))
    match panel.kind:
        case PanelKind.CHART:
            options, x_range = drawn or (chart_options(panel), None)
            return ShowMetrics(chart_query(panel), options=options, x_range=x_range)
        case PanelKind.IMPORTANCE if run_hashes:
            return CompareRuns(tuple(run_hashes[:MAX_COMPARED]), "importance")
        case PanelKind.SCATTER | PanelKind.PARALLEL:
            if not run_hashes:
                return None
            return CompareRuns(tuple(run_hashes[:MAX_COMPARED]), panel.kind.value)
        case PanelKind.MEDIA:
            return OpenRun(run_hashes[0], tuple(run_hashes), "media") if run_hashes else None
        case PanelKind.COUNTER if run_hashes:
            return OpenRun(run_hashes[0])
        case PanelKind.NOTE:
            return None
        case _:
            return ShowRuns(runs_query(panel))
