"""What curves can be grouped by: fields that tell them apart."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from app.formatting import flatten
from app.traces.build import Curve
from app.traces.grouping import PLAIN_FIELDS, field_value


class GroupField(Struct, frozen=True):
    """A field that curves can be grouped by."""

    name: str
    value_count: int


def counted_fields(curves: Sequence[Curve]) -> list[GroupField]:
    """Every field that curves can be grouped by, with how many values it has."""
    return [GroupField(name, _value_count(curves, name)) for name in grouping_fields(curves)]


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
