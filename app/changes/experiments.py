"""Changes of experiments that can be taken back."""

from __future__ import annotations

from functools import partial

from app.changes.undo import Change
from app.formatting import shorten
from app.sources import Source
from store.models import Experiment


def rename_experiment(source: Source, experiment: Experiment, name: str) -> Change:
    """Give an experiment another name."""
    return Change(
        f"Renamed to {shorten(name, 40)}",
        partial(source.update_experiment, experiment.id, name=name),
        partial(source.update_experiment, experiment.id, name=experiment.name),
    )


def describe_experiment(source: Source, experiment: Experiment, text: str) -> Change:
    """Write the description of an experiment."""
    return Change(
        f"Described {shorten(experiment.name, 40)}",
        partial(source.update_experiment, experiment.id, description=text),
        partial(source.update_experiment, experiment.id, description=experiment.description),
    )


def archive_experiment(source: Source, experiment: Experiment) -> Change:
    """Archive an experiment, or bring it back if it is archived."""
    verb = "Brought back" if experiment.is_archived else "Archived"
    return Change(
        f"{verb} {shorten(experiment.name, 40)}",
        partial(
            source.update_experiment, experiment.id, is_archived=not experiment.is_archived
        ),
        partial(source.update_experiment, experiment.id, is_archived=experiment.is_archived),
    )
