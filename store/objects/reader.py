"""Reading steps of sequences of images, texts, audios, figures and distributions."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from store.database import INTEGERS, Row, json_list
from store.errors import NotFoundError
from store.models import ObjectStep, SequenceRef
from store.objects.resolve import match_versions
from store.points.sampling import positions_by_step
from store.queries.artifacts import ArtifactVersion, find_versions
from store.queries.noun import TenantQueries

StepRange = tuple[int, int]
"""First and last step, both inclusive."""

FAR = 2**63 - 1

_SELECT = "SELECT sequence_id, step, epoch, time, received_at, items, blob FROM objects"


class ObjectQueries(TenantQueries):
    """Objects of one tenant's runs."""

    def steps(
        self, sequence_id: int, step_range: StepRange | None = None, density: int = 50
    ) -> list[ObjectStep]:
        """Steps of a sequence, ascending, thinned to at most `density`; all if that is 0.

        Raises:
            NotFoundError: If there is no such sequence.
        """
        ref = self._ref(sequence_id)
        low, high = step_range or (-FAR, FAR)
        found = self._database.rows(
            "SELECT step FROM objects WHERE sequence_id = ? AND step BETWEEN ? AND ? "
            "ORDER BY step",
            [sequence_id, low, high],
        )
        steps = np.array([step for (step,) in found], dtype=np.int64)
        if density > 0 and len(steps) > density:
            steps = steps[positions_by_step(steps, density)]
        return self._read(ref, steps.tolist())

    def step(self, sequence_id: int, step: int = -1) -> ObjectStep | None:
        """One step of a sequence, the last one for a negative number; None if there is none.

        Raises:
            NotFoundError: If there is no such sequence.
        """
        ref = self._ref(sequence_id)
        if step < 0:
            step = self.bounds([sequence_id]).get(sequence_id, (-1, -1))[1]
        found = self._read(ref, [step])
        return found[0] if found else None

    def bounds(self, sequence_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
        """First and last step of sequences, those without steps left out.

        Raises:
            NotFoundError: If one of the sequences does not exist.
        """
        wanted = [self._ref(sequence_id).id for sequence_id in sequence_ids]
        rows = self._database.rows(
            "SELECT sequence_id, min(step), max(step) FROM objects "
            f"WHERE sequence_id IN {INTEGERS} GROUP BY sequence_id ORDER BY sequence_id",
            [json_list(wanted)],
        )
        return {sequence_id: (first, last) for sequence_id, first, last in rows}

    def _ref(self, sequence_id: int) -> SequenceRef:
        ref = self._core.points.registry.refs([sequence_id]).get(sequence_id)
        key = None if ref is None else self._core.registry.key_of(ref.run_id)
        if ref is None or key is None or key[0] != self._tenant:
            raise NotFoundError("sequence", str(sequence_id))
        return ref

    def _read(self, ref: SequenceRef, steps: Sequence[int]) -> list[ObjectStep]:
        rows = self._database.rows(
            f"{_SELECT} WHERE sequence_id = ? AND step IN {INTEGERS.replace('INTEGER', 'BIGINT')} "
            "ORDER BY step",
            [ref.id, json_list(steps)],
        )
        contents = [self._items(row) for row in rows]
        digests = self._digests(ref, rows, contents)
        return [
            ObjectStep(
                step=row[1],
                epoch=row[2],
                time=row[3],
                items=tuple(self._with_digest(ref, item, row[1], digests) for item in items),
            )
            for row, items in zip(rows, contents, strict=True)
        ]

    def _items(self, row: Row) -> list[dict[str, Any]]:
        text = row[5]
        if row[6] is not None:
            with self._core.blobs.open(row[6]) as file:
                text = file.read()
        items: list[dict[str, Any]] = json.loads(text)
        return items

    def _with_digest(
        self,
        ref: SequenceRef,
        item: dict[str, Any],
        step: int,
        digests: dict[tuple[str, int], ArtifactVersion],
    ) -> dict[str, Any]:
        path = self._path(ref, item)
        if path is None:
            return item
        version = digests.get((path, step))
        digest = None if version is None else version.digest
        return item | {"artifact_path": path, "digest": digest}

    def _path(self, ref: SequenceRef, item: dict[str, Any]) -> str | None:
        location = item.get("s3_key")
        if not isinstance(location, str) or not location:
            return None
        key = self._core.registry.key_of(ref.run_id)
        return location.removeprefix(f"{key[1]}/") if key is not None else None

    def _digests(
        self, ref: SequenceRef, rows: Sequence[Row], contents: Sequence[list[dict[str, Any]]]
    ) -> dict[tuple[str, int], ArtifactVersion]:
        wanted = {
            (path, row[1])
            for row, items in zip(rows, contents, strict=True)
            for item in items
            if (path := self._path(ref, item)) is not None
        }
        if not wanted:
            return {}
        versions = find_versions(self._database, ref.run_id, {path for path, _ in wanted})
        plain = {
            (path, step): versions[path][0]
            for path, step in wanted
            if len(versions.get(path, ())) == 1
        }
        disputed = {path for path, found in versions.items() if len(found) > 1}
        return plain | self._settle(ref, disputed, versions)

    def _settle(
        self,
        ref: SequenceRef,
        paths: set[str],
        versions: dict[str, list[ArtifactVersion]],
    ) -> dict[tuple[str, int], ArtifactVersion]:
        if not paths:
            return {}
        messages = self._messages(ref, paths)
        return {
            (path, step): version
            for path in paths
            for (sequence_id, step), version in match_versions(
                messages[path], versions[path]
            ).items()
            if sequence_id == ref.id
        }

    def _messages(
        self, ref: SequenceRef, paths: Iterable[str]
    ) -> defaultdict[str, list[tuple[tuple[int, int], float]]]:
        """Every object of the run that mentions one of the paths, by path."""
        siblings = [
            other.id
            for other in self._core.points.registry.find(ref.run_id, [ref.kind])
            if other.name == ref.name
        ]
        messages: defaultdict[str, list[tuple[tuple[int, int], float]]] = defaultdict(list)
        for row in self._database.rows(
            f"{_SELECT} WHERE sequence_id IN {INTEGERS} ORDER BY received_at, rowid",
            [json_list(siblings)],
        ):
            found = {self._path(ref, item) for item in self._items(row)}
            for path in found.intersection(paths):
                messages[path or ""].append(((row[0], row[1]), row[4]))
        return messages
