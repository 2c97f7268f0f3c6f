"""What can be suggested for the settings of panels: metrics, fields, sequences of objects. Pure."""

from __future__ import annotations

from app.boards.kinds import Suggest
from app.boards.metric_names import METRICS, PARAMS, MetricName
from app.formatting import flatten
from store.models import Context, ParamsOverview, SequenceKind

_GROUPS = ("run", "experiment", "context", "metric", "tags")
_MAIN = ("val", "test", "acc", "f1", "loss")


def names_of(overview: ParamsOverview) -> dict[Suggest, tuple[str, ...]]:
    """Names of everything that was logged; what people look at most comes first."""
    metrics = _metric_names(overview)
    params = [
        PARAMS + key
        for key in sorted(flatten(overview.params), key=lambda key: ("hparams" not in key, key))
        if key and not key.startswith("__")
    ]
    objects = {
        name
        for kind, names in overview.sequences.items()
        if kind is not SequenceKind.METRIC
        for name in names
    }
    return {
        Suggest.METRIC: tuple(metrics),
        Suggest.FIELD: (*params, *(METRICS + each for each in metrics)),
        Suggest.GROUP: (*_GROUPS, *params),
        Suggest.OBJECT: tuple(sorted(objects)),
    }


def _metric_names(overview: ParamsOverview) -> list[str]:
    named = overview.sequences.get(SequenceKind.METRIC, {})
    found = []
    for name, contexts in named.items():
        if name.startswith("__system__"):
            continue
        shown = [Context.of(each) for each in contexts]
        if len(shown) < 2:
            found.append(name)
        found.extend(str(MetricName(name, each or None)) for each in shown if len(shown) > 1)
    return sorted(dict.fromkeys(found), key=_rank)


def _rank(name: str) -> tuple[int, str]:
    text = name.lower()
    return -sum(word in text for word in _MAIN), name
