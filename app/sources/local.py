"""`LocalSource`: the data of a store that this process owns."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from app.sources.alerts import DeskAlerts
from app.sources.local_boards import LocalBoardRecords
from app.sources.local_tables import LocalRunTables, store_keys
from app.sources.offset import local_offset_min
from app.sources.protocol import (
    ALL_FEATURES,
    Feature,
    MetricHit,
    RunIndex,
    SortKey,
    Statistics,
    TraceRef,
)
from app.sources.tokens import OwnServer
from store import Store
from store.errors import NotFoundError
from store.models import (
    Activity,
    Artifact,
    Experiment,
    LogLine,
    LogRecord,
    MetricSummary,
    Note,
    ObjectStep,
    ParamsOverview,
    RunRecord,
    SequenceKind,
    SequenceRef,
    Series,
    Tag,
    Vocabulary,
)
from store.search import RunSearch

MAX_KNOWN_SEQUENCES = 200_000


class LocalSource(DeskAlerts, OwnServer, LocalRunTables, LocalBoardRecords):
    """One workspace of an open store."""

    def __init__(
        self, store: Store, *, owns_store: bool = False, timezone_offset_min: int | None = None
    ) -> None:
        self._store = store
        self._owns_store = owns_store
        self.display_address = display_path(store.path)
        self._workspace = store.default
        self.alert_desk = store.default.alerts
        offset = local_offset_min() if timezone_offset_min is None else timezone_offset_min
        self._timezone_offset_min = offset
        self._sequence_ids: dict[TraceRef, int] = {}

    @property
    def address(self) -> str:
        """Path of the store."""
        return self.display_address

    @property
    def is_remote(self) -> bool:
        """No."""
        return False

    @property
    def features(self) -> frozenset[Feature]:
        """Everything."""
        return ALL_FEATURES

    @property
    def store(self) -> Store:
        """The store."""
        return self._store

    def close(self) -> None:
        """Close the store if it was opened for this source."""
        if self._owns_store:
            self._store.close()

    def reconnect(self) -> str:
        """Nothing: a store in this process is never away."""
        return ""

    # Changes

    def version(self) -> int:
        """The store's change counter."""
        return self._store.changes.version

    def wait_for_change(self, version: int, timeout_s: float) -> int:
        """Block until the counter moves."""
        return self._store.changes.wait(version, timeout_s)

    def changed_runs(self, version: int) -> set[str] | None:
        """Runs of this workspace that changed."""
        return self._store.changes.runs_since(version, self._workspace.tenant)

    # Runs

    def find_runs(
        self, query: str = "", sort: Sequence[SortKey] = (), *, limit: int = 0
    ) -> RunIndex:
        """Hashes of matching runs."""
        search = RunSearch(
            query=query,
            sort=store_keys(sort),
            limit=limit,
            timezone_offset_min=self._timezone_offset_min,
        )
        found = self._workspace.search.index(search)
        return RunIndex(found.hashes, found.total)

    def get_record(self, run_hash: str) -> RunRecord:
        """One run."""
        return self._workspace.runs.record(run_hash)

    def get_records(
        self, run_hashes: Sequence[str], *, params: bool = True, metrics: bool = True
    ) -> list[RunRecord]:
        """Several runs."""
        if not run_hashes:
            return []
        return self._workspace.runs.records(run_hashes, params=params, metrics=metrics)

    def find_active(self) -> list[RunRecord]:
        """Running runs."""
        return self.get_records(self._workspace.runs.active_hashes(), params=False)

    def update_run(
        self,
        run_hash: str,
        *,
        name: str | None = None,
        description: str | None = None,
        experiment: str | None = None,
        is_archived: bool | None = None,
    ) -> None:
        """Change what is given."""
        self._workspace.runs.update(
            run_hash,
            name=name,
            description=description,
            experiment=experiment,
            is_archived=is_archived,
        )

    def archive_runs(self, run_hashes: Sequence[str], is_archived: bool) -> None:
        """Hide runs, or bring them back."""
        self._workspace.runs.archive(run_hashes, is_archived)

    def finish_runs(self, run_hashes: Sequence[str]) -> None:
        """Mark runs as finished."""
        self._workspace.runs.finish(run_hashes)

    def delete_runs(self, run_hashes: Sequence[str]) -> int:
        """Delete runs."""
        return self._workspace.runs.delete(run_hashes)

    # Experiments, tags, notes

    def find_experiments(self) -> list[Experiment]:
        """All experiments by name."""
        return sorted(self._workspace.experiments.find(), key=lambda each: each.name)

    def create_experiment(self, name: str, description: str = "") -> Experiment:
        """A new experiment."""
        return self._workspace.experiments.create(name, description)

    def update_experiment(
        self,
        experiment_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        is_archived: bool | None = None,
    ) -> None:
        """Change what is given."""
        if name is not None or description is not None:
            self._workspace.experiments.update(
                experiment_id, name=name, description=description
            )
        if is_archived is not None:
            self._workspace.experiments.archive(experiment_id, is_archived)

    def delete_experiment(self, experiment_id: str) -> None:
        """Delete an experiment; its runs stay."""
        self._workspace.experiments.delete(experiment_id)

    def find_tags(self) -> list[Tag]:
        """All tags by name."""
        return sorted(self._workspace.tags.find(), key=lambda each: each.name)

    def attach_tag(self, run_hash: str, name: str) -> None:
        """Hang a tag on a run."""
        self._workspace.tags.attach(run_hash, name)

    def detach_tag(self, run_hash: str, name: str) -> None:
        """Take a tag off a run."""
        run = self._workspace.runs.get(run_hash)
        for tag in run.tags:
            if tag.name == name:
                self._workspace.tags.detach(run_hash, tag.id)

    def find_notes(
        self, *, run_hash: str | None = None, experiment_id: str | None = None
    ) -> list[Note]:
        """Notes, newest first."""
        found = self._workspace.notes.find(run_hash=run_hash, experiment_id=experiment_id)
        return sorted(found, key=lambda note: -note.updated_at)

    def create_note(
        self,
        content: str,
        *,
        run_hash: str | None = None,
        experiment_id: str | None = None,
        trace: TraceRef | None = None,
        step: int | None = None,
    ) -> Note:
        """A new note."""
        return self._workspace.notes.create(
            content,
            run_hash=trace.run_hash if trace is not None else run_hash,
            experiment_id=experiment_id,
            metric=trace.name if trace is not None else None,
            context=trace.context if trace is not None else None,
            step=step,
        )

    def update_note(self, note: Note, content: str) -> Note:
        """Replace the text of a note."""
        return self._workspace.notes.update(note.id, content)

    def delete_note(self, note: Note) -> None:
        """Delete a note."""
        self._workspace.notes.delete(note.id)

    # Sequences and points

    def find_sequences(
        self, run_hash: str, kinds: Collection[SequenceKind] | None = None
    ) -> list[SequenceRef]:
        """Sequences of a run."""
        return self._workspace.sequences.find(run_hash, kinds)

    def find_metrics(self, query: str, *, limit: int = 0) -> list[MetricHit]:
        """Runs with metrics that match."""
        matches = self._workspace.search.sequences(
            SequenceKind.METRIC, query, self._timezone_offset_min
        )
        hits: list[MetricHit] = []
        for _, record, sequences in matches:
            summaries = (each for each in sequences if isinstance(each, MetricSummary))
            hits.append(MetricHit(record, tuple(summaries)))
            if limit and len(hits) >= limit:
                break
        return hits

    def read_series(
        self,
        traces: Sequence[TraceRef],
        *,
        density: int = 0,
        step_range: tuple[int, int] | None = None,
    ) -> list[Series]:
        """Points in the order asked for."""
        ids = self._ids_of(traces)
        found = self._workspace.points.read_many(
            list({ids[trace] for trace in traces if trace in ids}),
            density=density,
            method="minmax",
            step_range=step_range,
        )
        return [found.get(ids.get(trace, -1)) or _no_points() for trace in traces]

    def _ids_of(self, traces: Sequence[TraceRef]) -> dict[TraceRef, int]:
        unknown = {trace.run_hash for trace in traces if trace not in self._sequence_ids}
        if unknown:
            if len(self._sequence_ids) > MAX_KNOWN_SEQUENCES:
                self._sequence_ids = {}
            for record in self.get_records(list(unknown), params=False):
                for each in record.metrics:
                    trace = TraceRef(record.run.hash, each.name, each.context)
                    self._sequence_ids[trace] = each.sequence_id
        known = self._sequence_ids
        return {trace: known[trace] for trace in traces if trace in known}

    # Objects, logs, artifacts

    def object_steps(
        self,
        trace: TraceRef,
        kind: SequenceKind,
        *,
        step_range: tuple[int, int] | None = None,
        density: int = 50,
    ) -> list[ObjectStep]:
        """Steps of a sequence of objects."""
        for each in self.find_sequences(trace.run_hash, [kind]):
            if each.name == trace.name and each.context == trace.context:
                return self._workspace.objects.steps(
                    each.id, step_range=step_range, density=density
                )
        raise NotFoundError("sequence", trace.name)

    def read_blob(self, digest: str) -> bytes:
        """The bytes of an image or audio."""
        with self._workspace.blobs.open(digest) as file:
            return file.read()

    def log_lines(
        self, run_hash: str, start: int | None = None, stop: int | None = None
    ) -> list[LogLine]:
        """Terminal output."""
        return self._workspace.logs.lines(run_hash, start, stop)

    def log_records(
        self, run_hash: str, start: int | None = None, stop: int | None = None
    ) -> tuple[int, list[LogRecord]]:
        """Structured log messages."""
        return self._workspace.logs.records(run_hash, start, stop)

    def find_artifacts(self, run_hash: str) -> list[Artifact]:
        """Files of a run."""
        return self._workspace.artifacts.find(run_hash)

    def open_artifact(self, run_hash: str, path: str) -> BinaryIO:
        """A file of a run."""
        return self._workspace.artifacts.open(run_hash, path)

    # The whole

    def activity(self, experiment_id: str | None = None) -> Activity:
        """Counts and creation times."""
        if experiment_id is not None:
            return self._workspace.experiments.activity(experiment_id)
        return self._workspace.projects.activity()

    def params_overview(self) -> ParamsOverview:
        """Every param and sequence name."""
        return self._workspace.projects.params()

    def statistics(self) -> Statistics:
        """Size and load of the store."""
        known = self._store.statistics()
        return Statistics(
            run_count=known.runs,
            point_count=known.points,
            size_bytes=known.size_bytes,
            segment_count=known.segments,
            unsealed_point_count=known.unsealed_points,
        )

    def vocabulary(self) -> Vocabulary:
        """What queries can speak about."""
        return self._workspace.projects.vocabulary()

    def get_setting(self, name: str) -> Any:
        """A small value kept with the data."""
        return self._workspace.settings.get(name)

    def set_setting(self, name: str, value: Mapping[str, Any] | Sequence[Any]) -> None:
        """Keep a small value with the data."""
        self._workspace.settings.set(name, value)


def display_path(path: Path) -> str:
    """A path as a person would write it: relative if that is shorter."""
    try:
        near = path.relative_to(Path.cwd())
    except ValueError:
        return str(path)
    return f"./{near}"


def _no_points() -> Series:
    # Local: numpy is loaded by the store anyway, but not before it is needed.
    import numpy as np

    empty = np.empty(0)
    return Series(np.empty(0, np.int64), empty, empty, empty)
