"""How far a run is: guessed from what it logs and what its params say. Pure."""

from __future__ import annotations

from app.formatting import flatten
from app.widgets.cells import EMPTY, Cell
from store.models import RunRecord

_STEP_PARAMS = (
    "total_steps",
    "max_steps",
    "num_steps",
    "n_steps",
    "num_train_steps",
    "iterations",
)
_EPOCH_PARAMS = ("epochs", "num_epochs", "max_epochs", "n_epochs", "num_train_epochs")
WIDTH = 10


def progress_of(record: RunRecord) -> float | None:
    """A share between 0 and 1, or None if nothing tells how long the run will be.

    Steps are compared with a param such as `max_steps`; epochs with the steps of the metric
    logged least often, unless that is more than there are epochs.
    """
    steps = [each.last_step for each in record.metrics if each.count and not each.is_system]
    if not steps:
        return None
    leaves = {key.rsplit(".", 1)[-1]: value for key, value in flatten(record.params).items()}
    for name in _STEP_PARAMS:
        total = _count(leaves.get(name))
        if total:
            return min(1.0, (max(steps) + 1) / total)
    for name in _EPOCH_PARAMS:
        total = _count(leaves.get(name))
        if min(steps) < total:
            return (min(steps) + 1) / total
    return None


def _count(value: object) -> float:
    """A number that can be a length; 0 for everything else."""
    if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
        return float(value)
    return 0.0


def progress_cell(share: float | None) -> Cell:
    """A bar with its percentage."""
    if share is None:
        return EMPTY
    full = round(share * WIDTH)
    return Cell(
        (("━" * full, "success"), ("╌" * (WIDTH - full), "muted"), (f" {share:4.0%}", ""))
    )
