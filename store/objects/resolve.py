"""Which upload belongs to which object, when a path was uploaded several times.

The path of an image or audio does not name the context, so one path may be uploaded for
several objects. Uploads and messages of one path arrive in about the same order and time.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeVar

from store.queries.artifacts import ArtifactVersion

K = TypeVar("K", bound=Hashable)


def match_versions(
    messages: Sequence[tuple[K, float]], versions: Sequence[ArtifactVersion]
) -> dict[K, ArtifactVersion]:
    """The upload of each message.

    With enough uploads each message gets its own, in order, such that the sum of the
    distances in time is smallest; with too few the closest one. Grows with the product of
    both lengths, which are small.

    Args:
        messages: Keys of messages with the time of their arrival.
        versions: Uploads of the path, oldest first.
    """
    ordered = sorted(messages, key=lambda message: message[1])
    if len(versions) < len(ordered):
        return {
            key: min(versions, key=lambda version: abs(version.created_at - at))
            for key, at in ordered
            if versions
        }
    places = _in_order([at for _, at in ordered], [version.created_at for version in versions])
    return {key: versions[place] for (key, _), place in zip(ordered, places, strict=True)}


def _in_order(times: Sequence[float], uploads: Sequence[float]) -> list[int]:
    """Ascending places in `uploads`, one for each time, with the least total distance."""
    spare = len(uploads) - len(times)
    # best[k]: cost so far when the last time took the upload k places beyond its own.
    best = [0.0] * (spare + 1)
    steps: list[list[int]] = []
    for index, at in enumerate(times):
        row, came_from = [], []
        lowest = 0
        for shift in range(spare + 1):
            if best[shift] < best[lowest]:
                lowest = shift
            came_from.append(lowest)
            row.append(best[lowest] + abs(uploads[index + shift] - at))
        best = row
        steps.append(came_from)
    shift = min(range(spare + 1), key=best.__getitem__)
    places = []
    for index in reversed(range(len(times))):
        places.append(index + shift)
        shift = steps[index][shift]
    return places[::-1]
