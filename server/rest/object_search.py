"""Images, texts, audios, distributions and figures: search, batches and steps of a run."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from server.codec import Progress, Tree, encode_pairs, encode_records
from server.deps import (
    IndexDensity,
    LastStep,
    RecordDensity,
    StepRange,
    TimezoneOffset,
    WorkspaceDep,
    inclusive,
    parse_range,
)
from server.object_trees import LISTED, Picking, step_items, step_value
from server.responses import STREAM_RESPONSES, BinaryStream
from server.schemas.common import error_responses
from server.schemas.runs import TraceIn
from server.wire import run_params, run_props
from store.models import Context, ObjectStep, RunRecord, SequenceKind, SequenceRef
from store.search import SequenceMatches
from store.workspace import Workspace

router = APIRouter(prefix="/runs", tags=["search"])

Records = Iterator[tuple[str, Tree] | Progress]
_STREAM: dict[str, Any] = {"response_class": BinaryStream, "responses": STREAM_RESPONSES}
_STREAM_OF_RUN: dict[str, Any] = {
    "response_class": BinaryStream,
    "responses": {**STREAM_RESPONSES, **error_responses(404)},
}
_KINDS = (
    SequenceKind.IMAGES,
    SequenceKind.TEXTS,
    SequenceKind.DISTRIBUTIONS,
    SequenceKind.AUDIOS,
    SequenceKind.FIGURES,
)


class Thinning:
    """Which steps, and which objects of a step, to send."""

    def __init__(
        self,
        record_range: str = "",
        record_density: RecordDensity = 50,
        index_range: str = "",
        index_density: IndexDensity = 5,
    ) -> None:
        self.steps: StepRange = parse_range(record_range) or (None, None)
        self.density = max(0, record_density)
        start, stop = parse_range(index_range) or (None, None)
        self.picking = Picking(start, stop, max(0, index_density))

    @property
    def inclusive_steps(self) -> tuple[int, int] | None:
        """First and last step, or None for all."""
        return None if self.steps == (None, None) else inclusive(self.steps)


ThinningDep = Annotated[Thinning, Depends(Thinning)]


def _add_routes(kind: SequenceKind) -> None:
    """The three routes of one kind."""

    @router.get(f"/search/{kind}", name=f"search_{kind}", **_STREAM)
    def search(
        *,
        workspace: WorkspaceDep,
        thinning: ThinningDep,
        q: str = "",
        skip_system: bool = True,
        report_progress: bool = True,
        timezone_offset: TimezoneOffset = 0,
    ) -> BinaryStream:
        """Sequences of objects that match a query, with sampled steps."""
        matches = workspace.search.sequences(kind, q, timezone_offset_min=timezone_offset)
        reader = _ObjectReader(workspace, kind, thinning)
        records = _records(matches, reader, skip_system=skip_system)
        if not report_progress:
            records = (record for record in records if not isinstance(record, Progress))
        return BinaryStream(encode_records(records))

    @router.post(f"/{{run_id}}/{kind}/get-batch", name=f"run_{kind}_batch", **_STREAM_OF_RUN)
    def batch(
        run_id: str, traces: list[TraceIn], workspace: WorkspaceDep, thinning: ThinningDep
    ) -> BinaryStream:
        """Sampled steps of sequences of one run."""
        reader = _ObjectReader(workspace, kind, thinning)
        sequences = _find(workspace, run_id, kind, traces)
        return BinaryStream(
            encode_pairs(pair for each in sequences for pair in reader.batch(run_id, each))
        )

    @router.post(f"/{{run_id}}/{kind}/get-step", name=f"run_{kind}_step", **_STREAM_OF_RUN)
    def step(
        run_id: str,
        traces: list[TraceIn],
        workspace: WorkspaceDep,
        thinning: ThinningDep,
        record_step: LastStep = -1,
    ) -> BinaryStream:
        """One step of sequences of one run; -1 is the last one."""
        reader = _ObjectReader(workspace, kind, thinning)
        sequences = _find(workspace, run_id, kind, traces)
        return BinaryStream(
            encode_pairs(
                pair for each in sequences for pair in reader.step(run_id, each, record_step)
            )
        )


class _ObjectReader:
    """Reads steps and makes the trees of one kind of sequence."""

    def __init__(self, workspace: Workspace, kind: SequenceKind, thinning: Thinning) -> None:
        self._workspace = workspace
        self._kind = kind
        self._thinning = thinning

    def _steps(self, sequence: SequenceRef) -> list[ObjectStep]:
        return self._workspace.objects.steps(
            sequence.id,
            step_range=self._thinning.inclusive_steps,
            density=self._thinning.density,
        )

    def _total(self, sequences: Sequence[SequenceRef]) -> tuple[int, int]:
        """First step and the one after the last, over several sequences."""
        bounds = self._workspace.objects.bounds([sequence.id for sequence in sequences])
        if not bounds:
            return (0, 0)
        return (
            min(first for first, _ in bounds.values()),
            max(last for _, last in bounds.values()) + 1,
        )

    def search_tree(self, record: RunRecord, sequences: Sequence[SequenceRef]) -> Tree:
        """What a search says of one run."""
        run_hash, picking = record.run.hash, self._thinning.picking
        steps = [self._steps(sequence) for sequence in sequences]
        total = self._total(sequences)
        low, high = self._thinning.steps
        ranges: dict[str, tuple[int, int]] = {
            "record_range_total": total,
            "record_range_used": (
                total[0] if low is None else low,
                total[1] if high is None else high,
            ),
        }
        if self._kind in LISTED:
            count = _largest(step for each in steps for step in each)
            ranges["index_range_total"] = (0, count)
            ranges["index_range_used"] = picking.used(count)
        return {
            "traces": [
                {
                    "name": sequence.name,
                    "context": sequence.context.as_dict(),
                    "values": [
                        step_value(self._kind, run_hash, step, picking) for step in each
                    ],
                    "iters": [step.step for step in each],
                    "epochs": [step.epoch for step in each],
                    "timestamps": [float(step.time) for step in each],
                }
                for sequence, each in zip(sequences, steps, strict=True)
            ],
            "props": run_props(record.run),
            "ranges": ranges,
        }

    def batch(self, run_hash: str, sequence: SequenceRef) -> Iterator[tuple[str, Tree]]:
        """Members that stand for one sequence."""
        steps, picking = self._steps(sequence), self._thinning.picking
        used = (steps[0].step, steps[-1].step + 1) if steps else (0, 0)
        yield from self._head(sequence)
        yield "values", [step_value(self._kind, run_hash, step, picking) for step in steps]
        yield "iters", [step.step for step in steps]
        yield from self._ranges(used, self._total([sequence]), _largest(steps))

    def step(
        self, run_hash: str, sequence: SequenceRef, number: int
    ) -> Iterator[tuple[str, Tree]]:
        """Members that stand for one step of a sequence; none if there is no such step."""
        step = self._workspace.objects.step(sequence.id, number) if number >= -1 else None
        if step is None:
            return
        picking = self._thinning.picking
        yield from self._head(sequence)
        yield "values", step_items(self._kind, run_hash, step, picking)
        yield "iters", [step.step]
        yield from self._ranges(
            (step.step, step.step), self._total([sequence]), _largest([step])
        )

    def _head(self, sequence: SequenceRef) -> Iterator[tuple[str, Tree]]:
        yield "name", sequence.name
        yield "context", sequence.context.as_dict()

    def _ranges(
        self, used: tuple[int, int], total: tuple[int, int], count: int
    ) -> Iterator[tuple[str, Tree]]:
        yield "record_range_used", used
        yield "record_range_total", total
        index_used = self._thinning.picking.used(count) if self._kind in LISTED else None
        yield "index_range_used", index_used
        # Aim's web UI reads this name.
        yield "index_range", index_used
        yield "index_range_total", (0, count) if self._kind in LISTED else None


def _records(matches: SequenceMatches, reader: _ObjectReader, *, skip_system: bool) -> Records:
    total = matches.total
    if total:
        yield Progress(0, total)
    for position, record, sequences in matches:
        params = run_params(record.params, skip_system=skip_system)
        tree = reader.search_tree(record, _references(sequences))
        yield record.run.hash, {"params": params, **tree}
        yield Progress(position, total)
    yield Progress(0, 0)


def _references(sequences: Sequence[Any]) -> list[SequenceRef]:
    return [each for each in sequences if isinstance(each, SequenceRef)]


def _find(
    workspace: Workspace, run_id: str, kind: SequenceKind, traces: list[TraceIn]
) -> list[SequenceRef]:
    """Those of the requested sequences that exist, in the order asked for."""
    workspace.runs.get(run_id)
    known = {
        (each.name, each.context): each for each in workspace.sequences.find(run_id, [kind])
    }
    keys = [(trace.name, Context.of(trace.context)) for trace in traces]
    return [known[key] for key in keys if key in known]


def _largest(steps: Any) -> int:
    """The most objects that any of these steps holds; at least 1."""
    return max((len(step.items) for step in steps), default=1) or 1


for _kind in _KINDS:
    _add_routes(_kind)
