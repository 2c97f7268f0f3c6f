"""What could be typed next in a query, from names and values that a source knows.

Only `complete` and `known_to` ask the source, whose answers are kept for a moment.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from app.formatting import flatten, param, shorten
from app.sources.protocol import Completion
from store.models import ParamsOverview, SequenceKind

if TYPE_CHECKING:
    from app.sources.protocol import Source

KEEP_S = 5.0
MAX_COMPLETIONS = 40
_PATH = re.compile(r"[A-Za-z_][\w.]*$|[A-Za-z_]?$")
_METRIC_ITEM = re.compile(r"""run\.metrics\[\s*["']?([^"'\]]*)$""")
_VALUE = re.compile(r"""(run\.[\w.]+)\s*(?:==|!=|in)\s*\[?\s*(["']?)([^"'\],]*)$""")
_IN_TAGS = re.compile(r"""(["'])([^"']*)$""")
_AFTER_METRIC = re.compile(r"""run\.metrics\[[^\]]*\]\.(\w*)$""")

RUN_FIELDS = {
    "run.name": "text",
    "run.hash": "text",
    "run.experiment": "text",
    "run.tags": "list of texts",
    "run.active": "whether it runs",
    "run.archived": "whether it is archived",
    "run.duration": "seconds",
    "run.created_at": "time",
    "run.finalized_at": "time",
    "run.description": "text",
    "run.metrics[": "a metric by name",
}
METRIC_FIELDS = ("last", "min", "max", "first", "last_step", "first_step")
_WORDS = ("and", "or", "not", "in", "True", "False", "None")


@dataclass(frozen=True, slots=True)
class Known:
    """Names and values for completion."""

    overview: ParamsOverview
    experiments: tuple[str, ...]
    tags: tuple[str, ...]
    read_at: float


_kept: WeakKeyDictionary[Source, Known] = WeakKeyDictionary()
_lock = threading.Lock()


def complete(source: Source, text: str, position: int) -> list[Completion]:
    """What could stand at a position of a query; blocks until the names are known."""
    return completions(known_to(source), text[:position])


def known_to(source: Source) -> Known:
    """Names and values of a source, at most some seconds old."""
    with _lock:
        known = _kept.get(source)
    if known is not None and time.monotonic() - known.read_at < KEEP_S:
        return known
    known = Known(
        source.params_overview(),
        tuple(each.name for each in source.find_experiments()),
        tuple(each.name for each in source.find_tags()),
        time.monotonic(),
    )
    with _lock:
        _kept[source] = known
    return known


def completions(known: Known, before: str) -> list[Completion]:
    """What could follow a text: best matches first."""
    if found := _METRIC_ITEM.search(before):
        return _metrics(known, found.group(1), found.start(1), before)
    if found := _AFTER_METRIC.search(before):
        names = (Completion(name, found.start(1), "value") for name in METRIC_FIELDS)
        return _matching(names, found.group(1))
    if found := _VALUE.search(before):
        values = _values(known, found.group(1), found.start(2))
        if values:
            return _matching(values, found.group(3), strip='"')
    if before.count('"') % 2 == 1 and (found := _IN_TAGS.search(before)):
        tags = (
            Completion(json.dumps(tag, ensure_ascii=False), found.start(1), "tag")
            for tag in known.tags
        )
        return _matching(tags, found.group(2), strip='"')
    if before.count('"') % 2 == 1 or before.count("'") % 2 == 1:
        return []
    return _paths(known, before)


def _metrics(known: Known, typed: str, start: int, before: str) -> list[Completion]:
    quoted = start > 0 and before[start - 1] in "\"'"
    at = start - 1 if quoted else start
    names = known.overview.sequences.get(SequenceKind.METRIC, {})
    offers = (
        Completion(
            f"{json.dumps(name, ensure_ascii=False)}].last", at, "metric", _contexts(contexts)
        )
        for name, contexts in names.items()
    )
    return _matching(offers, typed, strip='"')


def _contexts(contexts: list[dict[str, object]]) -> str:
    texts = [" ".join(f"{k}={v}" for k, v in each.items()) for each in contexts if each]
    return shorten(" · ".join(texts), 40)


def _values(known: Known, name: str, start: int) -> list[Completion]:
    if name == "run.experiment":
        return [
            Completion(json.dumps(each, ensure_ascii=False), start, "value")
            for each in known.experiments
        ]
    if name in ("run.active", "run.archived"):
        return [Completion(each, start, "value") for each in ("True", "False")]
    leaves = flatten(known.overview.params)
    key = name.removeprefix("run.")
    if key in leaves and leaves[key] is not None and not isinstance(leaves[key], dict | list):
        value = leaves[key]
        text = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
        return [Completion(text, start, "value", "as in some run")]
    return []


def _paths(known: Known, before: str) -> list[Completion]:
    found = _PATH.search(before)
    typed = found.group() if found else ""
    start = len(before) - len(typed)
    offers = [Completion(name, start, "field", kind) for name, kind in RUN_FIELDS.items()]
    for key, example in flatten(known.overview.params).items():
        if key and all(part.isidentifier() for part in key.split(".")):
            detail = f"{type(example).__name__}  {shorten(param(example), 24)}"
            offers.append(Completion(f"run.{key}", start, "param", detail))
    if not before.strip():
        return offers[:MAX_COMPLETIONS]
    words = [Completion(word, start, "word") for word in _WORDS if typed]
    return _matching([*offers, *words], typed)


def _matching(offers: Iterable[Completion], typed: str, strip: str = "") -> list[Completion]:
    """Offers that begin with what was typed, then those that contain it."""
    wanted = typed.lower()
    first, then = [], []
    for offer in offers:
        name = offer.text.lower().strip(strip)
        if name == wanted:
            continue
        if name.startswith(wanted):
            first.append(offer)
        elif wanted and wanted in name:
            then.append(offer)
    return [*first, *then][:MAX_COMPLETIONS]
