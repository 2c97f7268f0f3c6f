"""Images, texts, audios, distributions and figures as trees for the wire."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from server.blob_uris import BlobUri
from server.codec import number_array
from store.models import ObjectStep, SequenceKind

Item = Mapping[str, Any]

LISTED = frozenset({SequenceKind.IMAGES, SequenceKind.TEXTS, SequenceKind.AUDIOS})
"""Kinds that may hold several objects at one step."""


class Picking(Struct, frozen=True):
    """Which objects of one step to send."""

    start: int | None = None
    stop: int | None = None
    """Half-open range of positions."""
    density: int = 0
    """At most so many; 0 for all."""

    def positions(self, count: int) -> list[int]:
        """Positions in a step that holds so many objects."""
        low = max(0, self.start or 0)
        chosen = range(count)[low : None if self.stop is None else max(low, self.stop)]
        if 0 < self.density < len(chosen):
            if self.density == 1:
                return [chosen[0]]
            last = len(chosen) - 1
            places = (round(i * last / (self.density - 1)) for i in range(self.density))
            return [chosen[place] for place in dict.fromkeys(places)]
        return list(chosen)

    def used(self, count: int) -> tuple[int, int]:
        """The range asked for, open ends closed."""
        return (self.start or 0, count if self.stop is None else self.stop)


def step_items(
    kind: SequenceKind, run_hash: str, step: ObjectStep, picking: Picking
) -> list[dict[str, Any]]:
    """The objects of a step as a flat list; each knows its position in the step."""
    make = _MAKERS[kind]
    if kind not in LISTED:
        return [make(run_hash, item, 0) for item in step.items[:1]]
    return [
        make(run_hash, step.items[position], position)
        for position in picking.positions(len(step.items))
    ]


def step_value(kind: SequenceKind, run_hash: str, step: ObjectStep, picking: Picking) -> Any:
    """What stands for a step in a list of steps: a list of objects, or the one object."""
    items = step_items(kind, run_hash, step, picking)
    if kind in LISTED:
        return items
    return items[0] if items else _MAKERS[kind](run_hash, {}, 0)


def _image(run_hash: str, item: Item, index: int) -> dict[str, Any]:
    return {
        "caption": _text(item.get("caption")),
        "width": _whole(item.get("width")),
        "height": _whole(item.get("height")),
        "format": _text(item.get("format")) or "png",
        "blob_uri": _blob_uri(run_hash, item),
        "index": index,
    }


def _audio(run_hash: str, item: Item, index: int) -> dict[str, Any]:
    return {
        "caption": _text(item.get("caption")),
        "format": _text(item.get("format")) or "wav",
        "blob_uri": _blob_uri(run_hash, item),
        "index": index,
    }


def _text_item(_: str, item: Item, index: int) -> dict[str, Any]:
    return {"data": _text(item.get("data")), "index": index}


def _distribution(_: str, item: Item, __: int) -> dict[str, Any]:
    weights = _numbers(item.get("data"))
    low, high = (*_numbers(item.get("range")), 0.0, 0.0)[:2]
    return {
        "data": number_array(weights),
        "bin_count": _whole(item.get("bin_count")) or len(weights),
        "range": [low, high],
    }


def _figure(_: str, item: Item, index: int) -> dict[str, Any]:
    data = item.get("data")
    text = data if isinstance(data, str) else json.dumps(data if data is not None else {})
    return {"data": text, "index": index}


_MAKERS: dict[SequenceKind, Callable[[str, Item, int], dict[str, Any]]] = {
    SequenceKind.IMAGES: _image,
    SequenceKind.AUDIOS: _audio,
    SequenceKind.TEXTS: _text_item,
    SequenceKind.DISTRIBUTIONS: _distribution,
    SequenceKind.FIGURES: _figure,
}


def _blob_uri(run_hash: str, item: Item) -> str:
    return str(BlobUri(run_hash, _text(item.get("artifact_path")), item.get("digest")))


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _whole(value: object) -> int:
    return int(value) if isinstance(value, int | float) and abs(value) < 2**31 else 0


def _numbers(value: object) -> Sequence[float]:
    if not isinstance(value, list | tuple):
        return []
    return [float(each) for each in value if isinstance(each, int | float)]
