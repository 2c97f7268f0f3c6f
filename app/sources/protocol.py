"""`Source`: everything the dashboard asks of its data.

Every method may take a while and blocks its thread: call it only from a thread worker
(`app.loading`). All are safe to call from several threads at once. Answers are the frozen
values of `store.models`; errors are `StoreError`s. Sequences are addressed by run hash,
name and context, because the numbers that a store uses inside never cross the wire.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from msgspec import Struct

from app.sources.alerts import AlertCalls
from app.sources.board_records import BoardRecords
from app.sources.run_tables import RunTables
from app.sources.tokens import ServerCalls
from store.models import (
    Activity,
    Artifact,
    Context,
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
from store.models.context import EMPTY_CONTEXT

if TYPE_CHECKING:
    from store import Store


class Feature(StrEnum):
    """What a source may or may not be able to do."""

    WRITE = "write"
    LIVE = "live"
    """Tells which runs changed, instead of being asked again and again."""
    STATISTICS = "statistics"
    SETTINGS = "settings"
    """Keeps small values such as saved queries for everybody who opens the store."""
    FINDS_ALERTS = "finds_alerts"
    """Alerts are looked for in this process, and not by a server."""
    SERVE = "serve"
    """Can start and stop a REST server for this data."""
    TRASH = "trash"
    """Keeps deleted runs for a while, so that they can be brought back."""
    TOKENS = "tokens"
    """Access tokens can be listed, made and revoked."""
    ALL_NOTES = "all_notes"
    """Lists the notes of all runs and experiments at once."""


ALL_FEATURES = frozenset(Feature)


class TraceRef(Struct, frozen=True):
    """A metric of a run."""

    run_hash: str
    name: str
    context: Context = EMPTY_CONTEXT


class SortKey(Struct, frozen=True):
    """One key of an order of runs; those that lack it come last either way."""

    field: str
    """`run`, `experiment`, `date`, `duration`, `hash`, `description`, `status`,
    `params.<path>`, or `metrics.<name>` with `.last`, `.min`, `.max` or `.mean` behind it."""
    descending: bool = False
    context: Context | None = None
    """Of the metric; None for the one that stands for the name."""


class RunIndex(Struct, frozen=True):
    """All runs that match a query, in order."""

    hashes: Sequence[str] = ()
    total: int = 0


class MetricHit(Struct, frozen=True):
    """A run and those of its metrics that match a query."""

    record: RunRecord
    metrics: tuple[MetricSummary, ...]


class Statistics(Struct, frozen=True):
    """How large and how busy a store is."""

    run_count: int = 0
    experiment_count: int = 0
    point_count: int = 0
    size_bytes: int = 0
    segment_count: int = 0
    unsealed_point_count: int = 0


class Source(BoardRecords, AlertCalls, ServerCalls, RunTables, Protocol):
    """Data of one workspace, wherever it lives."""

    @property
    def address(self) -> str:
        """Path of the store or URL of the server, as a person would write it."""
        ...

    @property
    def is_remote(self) -> bool:
        """Whether answers come over a connection that can break."""
        ...

    @property
    def features(self) -> frozenset[Feature]:
        """What this source can do."""
        ...

    @property
    def store(self) -> Store | None:
        """The store itself if this process owns it; only for serving it."""
        ...

    def close(self) -> None:
        """Let go of everything; no method may be called afterwards."""
        ...

    def reconnect(self) -> str:
        """Find the data again after it was unavailable; what to tell people about it.

        Raises:
            StoreError: If it is still unavailable, or cannot be used any more.
        """
        ...

    # Changes

    def version(self) -> int:
        """A number that moves with every visible change."""
        ...

    def wait_for_change(self, version: int, timeout_s: float) -> int:
        """The version once it differs from `version`, or after the timeout."""
        ...

    def changed_runs(self, version: int) -> set[str] | None:
        """Hashes of runs changed since `version`; None means reload everything."""
        ...

    # Runs

    def find_runs(
        self, query: str = "", sort: Sequence[SortKey] = (), *, limit: int = 0
    ) -> RunIndex:
        """Hashes of all matching runs, newest first unless sorted; 0 is no limit.

        Raises:
            QueryError: If the query cannot be understood.
        """
        ...

    def get_record(self, run_hash: str) -> RunRecord:
        """One run with params and metric summaries.

        Raises:
            NotFoundError: If there is no such run.
        """
        ...

    def get_records(
        self, run_hashes: Sequence[str], *, params: bool = True, metrics: bool = True
    ) -> list[RunRecord]:
        """Those of the runs that exist, in the order asked for."""
        ...

    def find_active(self) -> list[RunRecord]:
        """Running runs with metric summaries and no params, newest first."""
        ...

    def update_run(
        self,
        run_hash: str,
        *,
        name: str | None = None,
        description: str | None = None,
        experiment: str | None = None,
        is_archived: bool | None = None,
    ) -> None:
        """Change what is given; an unknown experiment is created, "" takes it away."""
        ...

    def archive_runs(self, run_hashes: Sequence[str], is_archived: bool) -> None:
        """Hide runs, or bring them back."""
        ...

    def finish_runs(self, run_hashes: Sequence[str]) -> None:
        """Mark runs as finished."""
        ...

    def delete_runs(self, run_hashes: Sequence[str]) -> int:
        """Delete runs with everything they hold; how many there were."""
        ...

    # Experiments, tags, notes

    def find_experiments(self) -> list[Experiment]:
        """All experiments, archived ones too, by name."""
        ...

    def create_experiment(self, name: str, description: str = "") -> Experiment:
        """A new experiment.

        Raises:
            NameTakenError: If the name is in use.
        """
        ...

    def update_experiment(
        self,
        experiment_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        is_archived: bool | None = None,
    ) -> None:
        """Change what is given."""
        ...

    def delete_experiment(self, experiment_id: str) -> None:
        """Delete an experiment; its runs stay, without one."""
        ...

    def find_tags(self) -> list[Tag]:
        """All tags by name."""
        ...

    def attach_tag(self, run_hash: str, name: str) -> None:
        """Hang a tag on a run; an unknown tag is created."""
        ...

    def detach_tag(self, run_hash: str, name: str) -> None:
        """Take a tag off a run; nothing happens if it is not there."""
        ...

    def find_notes(
        self, *, run_hash: str | None = None, experiment_id: str | None = None
    ) -> list[Note]:
        """Notes of a run, of an experiment, or all of them; newest first."""
        ...

    def create_note(
        self,
        content: str,
        *,
        run_hash: str | None = None,
        experiment_id: str | None = None,
        trace: TraceRef | None = None,
        step: int | None = None,
    ) -> Note:
        """A new note on a run or an experiment, or at a point of a metric."""
        ...

    def update_note(self, note: Note, content: str) -> Note:
        """Replace the text of a note."""
        ...

    def delete_note(self, note: Note) -> None:
        """Delete a note."""
        ...

    # Sequences and points

    def find_sequences(
        self, run_hash: str, kinds: Collection[SequenceKind] | None = None
    ) -> list[SequenceRef]:
        """Sequences of a run, by name and context."""
        ...

    def find_metrics(self, query: str, *, limit: int = 0) -> list[MetricHit]:
        """Runs with metrics that match, newest run first; at most `limit` runs.

        Raises:
            QueryError: If the query cannot be understood.
        """
        ...

    def read_series(
        self,
        traces: Sequence[TraceRef],
        *,
        density: int = 0,
        step_range: tuple[int, int] | None = None,
    ) -> list[Series]:
        """Points in the order asked for; empty where a trace does not exist.

        With a density at most about that many points a trace come back, the smallest and
        the largest of each stretch among them.
        """
        ...

    # Objects, logs, artifacts

    def object_steps(
        self,
        trace: TraceRef,
        kind: SequenceKind,
        *,
        step_range: tuple[int, int] | None = None,
        density: int = 50,
    ) -> list[ObjectStep]:
        """Steps of a sequence of images, texts, audios, figures or distributions."""
        ...

    def read_blob(self, digest: str) -> bytes:
        """The bytes of an image or audio."""
        ...

    def log_lines(
        self, run_hash: str, start: int | None = None, stop: int | None = None
    ) -> list[LogLine]:
        """Terminal output of a run; the last 200 lines unless told."""
        ...

    def log_records(
        self, run_hash: str, start: int | None = None, stop: int | None = None
    ) -> tuple[int, list[LogRecord]]:
        """How many structured log messages there are, and some of them."""
        ...

    def find_artifacts(self, run_hash: str) -> list[Artifact]:
        """Files of a run by path."""
        ...

    def open_artifact(self, run_hash: str, path: str) -> BinaryIO:
        """A file of a run, to read and close."""
        ...

    # The whole

    def activity(self, experiment_id: str | None = None) -> Activity:
        """Counts and creation times of the whole, or of an experiment."""
        ...

    def params_overview(self) -> ParamsOverview:
        """Every param and sequence name."""
        ...

    def statistics(self) -> Statistics:
        """Size and load of the store."""
        ...

    def vocabulary(self) -> Vocabulary:
        """What queries can speak about: names and values, with counts where they are known."""
        ...

    def get_setting(self, name: str) -> Any:
        """A small JSON value kept with the data; None if there is none."""
        ...

    def set_setting(self, name: str, value: Mapping[str, Any] | Sequence[Any]) -> None:
        """Keep a small JSON value with the data."""
        ...
