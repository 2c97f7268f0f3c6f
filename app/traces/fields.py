"""What curves can be grouped by: fields that tell them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.formatting import flatten, plural
from app.traces.build import Curve
from app.traces.grouping import PLAIN_FIELDS, field_value
from app.traces.options import ExploreOptions

ROLES = {"color_by": "Colour by", "stroke_by": "Stroke by", "facet_by": "A chart for each"}


@dataclass(frozen=True, slots=True)
class GroupingChoice:
    """One answer to "group by what?"."""

    id: str
    """Name of the option and the field, as in `color_by:params.lr`."""
    title: str
    help: str
    group: str


def grouping_choices(curves: Sequence[Curve], options: ExploreOptions) -> list[GroupingChoice]:
    """Every role with every field that makes sense for it."""
    counted = {name: _value_count(curves, name) for name in grouping_fields(curves)}
    choices = []
    for role, title in ROLES.items():
        now = getattr(options, role)
        for name, count in counted.items():
            mark = " ✓" if (name,) == now else ""
            help_ = plural(count, "value")
            choices.append(GroupingChoice(f"{role}:{name}", f"{name}{mark}", help_, title))
        mark = " ✓" if not now else ""
        choices.append(GroupingChoice(f"{role}:", f"nothing{mark}", "all alike", title))
    return choices


def grouping_fields(curves: Sequence[Curve]) -> list[str]:
    """Plain fields, keys of contexts, then params that differ between the runs."""
    contexts = dict.fromkeys(
        f"context.{key}" for curve in curves for key in curve.metric.context.as_dict()
    )
    return [*PLAIN_FIELDS, *contexts, *differing_params(curves)]


def differing_params(curves: Sequence[Curve]) -> list[str]:
    """Dotted names of params that have more than one value, with `params.` before them."""
    values: dict[str, list[str]] = {}
    records = {curve.record.run.hash: curve.record for curve in curves}.values()
    for record in records:
        leaves = flatten(dict(record.params)) if record.params else {}
        for path, value in leaves.items():
            values.setdefault(path, []).append(repr(value))
    return [
        f"params.{path}"
        for path, found in sorted(values.items())
        if len(set(found)) > 1 or len(found) < len(records)
    ]


def _value_count(curves: Sequence[Curve], name: str) -> int:
    return len({field_value(curve.record, curve.metric, name) for curve in curves})
