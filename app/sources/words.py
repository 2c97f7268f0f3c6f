"""The vocabulary of a source that is not in this process. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from store.models import (
    Context,
    Experiment,
    MetricWords,
    ParamsOverview,
    ParamWords,
    SequenceKind,
    Tag,
    ValueCount,
    Vocabulary,
)

_TYPES = {bool: "bool", int: "int", float: "float", str: "str", list: "list"}


def vocabulary_of(tree: Mapping[str, Any]) -> Vocabulary:
    """From the answer of a server of ours."""
    return Vocabulary(
        run_count=int(tree["run_count"]),
        params=tuple(
            ParamWords(
                keys=tuple(each["keys"]),
                types=tuple(each["types"]),
                run_count=int(each["run_count"]),
                values=_numbers(each)
                if "str" not in each["types"]
                else _counted(each["values"]),
                value_count=int(each["value_count"]),
                low=each["low"],
                high=each["high"],
            )
            for each in tree["params"]
        ),
        metrics=tuple(
            MetricWords(
                name=each["name"],
                contexts=tuple(Context.of(context) for context in each["contexts"]),
                run_count=int(each["run_count"]),
                low=each["low"],
                high=each["high"],
            )
            for each in tree["metrics"]
        ),
        experiments=_counted(tree["experiments"]),
        tags=_counted(tree["tags"]),
        statuses=_counted(tree["statuses"]),
        names=_counted(tree["names"]),
    )


def _counted(rows: Iterable[Mapping[str, Any]]) -> tuple[ValueCount, ...]:
    return tuple(ValueCount(each["value"], int(each["run_count"])) for each in rows)


def _numbers(param: Mapping[str, Any]) -> tuple[ValueCount, ...]:
    # JSON has no NaN and no infinities; they come as text.
    return tuple(
        replace(each, value=float(each.value)) if isinstance(each.value, str) else each
        for each in _counted(param["values"])
    )


def vocabulary_from(
    overview: ParamsOverview, experiments: Sequence[Experiment], tags: Sequence[Tag]
) -> Vocabulary:
    """From what every server tells: names, and an example of each value; nothing counted."""
    return Vocabulary(
        params=tuple(_params(overview.params, ())),
        metrics=tuple(
            MetricWords(name, tuple(Context.of(context) for context in contexts))
            for name, contexts in sorted(
                overview.sequences.get(SequenceKind.METRIC, {}).items()
            )
        ),
        experiments=tuple(ValueCount(each.name, each.run_count) for each in experiments),
        tags=tuple(ValueCount(each.name, each.run_count) for each in tags),
    )


def _params(tree: Mapping[str, Any], path: tuple[str, ...]) -> Iterable[ParamWords]:
    for key, value in tree.items():
        keys = (*path, str(key))
        if isinstance(value, Mapping) and value:
            yield from _params(value, keys)
            continue
        kind = _TYPES.get(type(value), "")
        values = (ValueCount(value, 0),) if kind else ()
        yield ParamWords(keys, (kind,) if kind else (), values=values)
