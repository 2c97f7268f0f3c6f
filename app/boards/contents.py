"""What panels show once it was read: frozen values that can be drawn in any thread."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from app.charts.axes import Axis
from app.traces.build import Curve, Points
from app.traces.media import MediaContent
from app.traces.options import ExploreOptions
from app.widgets.cells import Cell
from store.models import Note


class ChartContent(Struct, frozen=True, eq=False):
    """Curves with their points."""

    curves: tuple[Curve, ...]
    points: Points
    options: ExploreOptions
    directions: Mapping[str, str] = field(default_factory=dict)
    """`min` or `max` by the name of a metric, where it was told."""
    notes: tuple[Note, ...] = ()
    """Notes on points of these curves, among others."""


class TableColumn(Struct, frozen=True):
    """A column with the width that its cells want."""

    id: str
    title: str
    width: int
    is_right: bool = False


class TableContent(Struct, frozen=True):
    """Runs as rows."""

    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    """Hash of the run and its cells."""
    total: int = 0
    """How many runs match, shown or not."""
    of_runs: tuple[str, ...] | None = None
    """The runs behind it, if its rows are something else."""


class ScatterContent(Struct, frozen=True, eq=False):
    """Two axes over runs."""

    x: Axis
    y: Axis
    color: Axis
    title: str
    better: tuple[bool, bool] | None
    """Whether less is best of x and of y, if both are metrics."""
    run_hashes: tuple[str, ...]


class ParallelContent(Struct, frozen=True, eq=False):
    """Axes over runs."""

    axes: tuple[Axis, ...]
    run_hashes: tuple[str, ...]


class CounterContent(Struct, frozen=True):
    """A number with words under it."""

    value: str
    words: str
    run_hash: str = ""
    """The run whose value it is, if it is one run's."""


class ActivityContent(Struct, frozen=True):
    """When runs began."""

    times_s: tuple[float, ...]


class MediaPart(Struct, frozen=True, eq=False):
    """The latest objects of one run."""

    run_hash: str
    run_name: str
    media: MediaContent


class MediaPanelContent(Struct, frozen=True, eq=False):
    """Objects of several runs, side by side."""

    parts: tuple[MediaPart, ...] = ()


class NoteContent(Struct, frozen=True):
    """Markdown."""

    text: str


class EmptyContent(Struct, frozen=True):
    """Nothing to show, and why."""

    why: str


Content = (
    ChartContent
    | TableContent
    | ScatterContent
    | ParallelContent
    | CounterContent
    | ActivityContent
    | MediaPanelContent
    | NoteContent
    | EmptyContent
)


class PanelLook(Struct, frozen=True):
    """What decides how values look and which are best."""

    now_s: float = 0.0
    digits: int = 4
    is_dark: bool = True
    ascii_only: bool = False
    stale_after_s: float = 600.0
    whole_names: bool = False
    """Names in full, as in files: there no column has an end."""
    directions: dict[str, str] = field(default_factory=dict)
    """Metric and `min` or `max`, where a person flipped it."""


def run_hashes_of(content: Content) -> tuple[str, ...]:
    """The runs that a panel shows, best or newest first."""
    match content:
        case ChartContent(curves=curves):
            return tuple(dict.fromkeys(curve.record.run.hash for curve in curves))
        case TableContent(of_runs=hashes) if hashes is not None:
            return hashes
        case TableContent(rows=rows):
            return tuple(run_hash for run_hash, _ in rows)
        case ScatterContent(run_hashes=hashes) | ParallelContent(run_hashes=hashes):
            return hashes
        case CounterContent(run_hash=run_hash) if run_hash:
            return (run_hash,)
        case MediaPanelContent(parts=parts):
            return tuple(part.run_hash for part in parts)
        case _:
            return ()
