"""Runs: look up, change, end, delete."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from duckdb import DuckDBPyConnection

from store.database import clean_text
from store.errors import NotFoundError
from store.models import Run, RunRecord, RunStatus
from store.models.operations import CreateRun, FinishRun, SetParams, SetProperty
from store.queries.artifacts import discard_unnamed
from store.queries.deletion import delete_rows, delete_tombstone
from store.queries.experiments import resolve_experiments
from store.queries.noun import TenantQueries
from store.queries.params import params_tree
from store.queries.run_rows import NEWEST_FIRST, find_runs, records_by_id, runs_by_id
from store.queries.run_states import load_states, write_states

if TYPE_CHECKING:
    from store.core import StoreCore
    from store.ingest import Ingest


class RunQueries(TenantQueries):
    """Runs of one tenant."""

    def __init__(self, core: StoreCore, tenant: str, ingest: Ingest) -> None:
        super().__init__(core, tenant)
        self._ingest = ingest

    def get(self, run_hash: str) -> Run:
        """One run.

        Raises:
            NotFoundError: If there is none of this hash.
        """
        run_id = self._run_id(run_hash)
        runs = runs_by_id(self._core, [run_id])
        if not runs:
            raise NotFoundError("run", run_hash)
        return runs[run_id]

    def record(self, run_hash: str) -> RunRecord:
        """One run with its params and the summaries of its metrics.

        Raises:
            NotFoundError: If there is none of this hash.
        """
        records = self.records([run_hash])
        if not records:
            raise NotFoundError("run", run_hash)
        return records[0]

    def records(
        self, hashes: Iterable[str], *, params: bool = True, metrics: bool = True
    ) -> list[RunRecord]:
        """Runs with params and metric summaries, in the order asked for.

        Runs that do not exist are left out. Grows with the runs asked for.
        """
        run_ids = self._core.registry.ids_of(self._tenant, hashes)
        return records_by_id(self._core, run_ids, params=params, metrics=metrics)

    def params(self, run_hash: str) -> dict[str, Any]:
        """The whole tree of a run's params.

        Raises:
            NotFoundError: If there is none of this hash.
        """
        row = self._database.row(
            "SELECT params FROM runs WHERE id = ?", [self._run_id(run_hash)]
        )
        if row is None:
            raise NotFoundError("run", run_hash)
        return params_tree(row[0])

    def find(self) -> list[Run]:
        """Every run, newest first; grows with their number."""
        return find_runs(self._core, "r.tenant = ?", [self._tenant])

    def active_hashes(self) -> list[str]:
        """Hashes of runs that are running as far as anybody said, newest first."""
        rows = self._database.rows(
            "SELECT r.hash FROM runs r WHERE r.tenant = ? AND r.status = 'running' "
            f"ORDER BY {NEWEST_FIRST}",
            [self._tenant],
        )
        return [run_hash for (run_hash,) in rows]

    def count(self) -> int:
        """How many runs there are, archived ones too."""
        return self._core.registry.count(self._tenant)

    def exists(self, run_hash: str) -> bool:
        """Whether there is a run of this hash."""
        return bool(self._core.registry.ids_of(self._tenant, [run_hash]))

    def require(self, run_hash: str) -> None:
        """Nothing happens if there is a run of this hash; costs nothing.

        Raises:
            NotFoundError: If there is none.
        """
        self._run_id(run_hash)

    def hashes(self) -> list[str]:
        """Every run in the order of creation, oldest first."""
        return self._core.registry.hashes(self._tenant)

    def create(self, run_hash: str, client_time: float | None = None) -> Run:
        """Create a run; one that exists is resumed.

        Raises:
            InvalidDataError: If the hash cannot name a run.
            NotFoundError: If a tombstone lies on the hash.
        """
        self._ingest.submit(run_hash, [CreateRun(client_time)]).result()
        return self.get(run_hash)

    def update(
        self,
        run_hash: str,
        *,
        name: str | None = None,
        description: str | None = None,
        is_archived: bool | None = None,
        experiment: str | None = None,
        status: RunStatus | None = None,
        finished_at: float | None = None,
    ) -> Run:
        """Change what is given.

        Args:
            run_hash: The run.
            name: Kept as it is, blanks too.
            description: Likewise.
            is_archived: Hide the run, or bring it back.
            experiment: Name of an experiment, created if unknown; empty for none.
            status: Running clears the end; any other sets it if there is none yet.
            finished_at: The end, with a status that is not running; now if not given.

        Raises:
            NotFoundError: If there is no such run.
        """
        run_id = self._run_id(run_hash)
        now = self._core.clock.now()
        experiment = None if experiment is None else clean_text(experiment)

        def work(cursor: DuckDBPyConnection) -> None:
            states = load_states(cursor, [run_id])
            if run_id not in states:
                raise NotFoundError("run", run_hash)
            state = states[run_id]
            state.set_property(SetProperty(name, description, is_archived))
            if experiment is not None:
                ids = resolve_experiments(
                    self._core, cursor, self._tenant, [experiment] if experiment else []
                )
                state.experiment_id = ids.get(experiment)
            if status is RunStatus.RUNNING:
                state.status, state.finished_at = status, None
            elif status is not None:
                state.finish(FinishRun(finished_at, status), now)
            write_states(cursor, [state], now)

        def after(_: None) -> None:
            if experiment:
                self._core.names.forget()
            self._core.runs_changed([run_id])

        self._core.writer.run(work, after)
        return self.get(run_hash)

    def set_params(self, run_hash: str, tree: Mapping[str, Any]) -> None:
        """Merge a tree into the params, by the rule of `store.queries.params`.

        Raises:
            NotFoundError: If there is no such run.
            InvalidDataError: If the tree is nested too deeply.
        """
        self._run_id(run_hash)
        self._ingest.submit(run_hash, [SetParams(tree)]).result()

    def archive(self, hashes: Iterable[str], is_archived: bool = True) -> int:
        """Hide runs, or bring them back; unknown ones are ignored.

        Returns:
            How many of them exist.
        """
        return self._update_all(hashes, SetProperty(is_archived=is_archived))

    def finish(self, hashes: Iterable[str]) -> int:
        """End runs now; those that have ended stay as they are, unknown ones are ignored.

        Returns:
            How many of them exist.
        """
        return self._update_all(hashes, FinishRun())

    def _update_all(self, hashes: Iterable[str], operation: SetProperty | FinishRun) -> int:
        run_ids = self._core.registry.ids_of(self._tenant, hashes)
        now = self._core.clock.now()

        def work(cursor: DuckDBPyConnection) -> int:
            states = load_states(cursor, run_ids)
            for state in states.values():
                if isinstance(operation, FinishRun):
                    state.finish(operation, now)
                else:
                    state.set_property(operation)
            write_states(cursor, states.values(), now)
            return len(states)

        if not run_ids:
            return 0
        return self._core.writer.run(work, lambda _: self._core.runs_changed(run_ids))

    def delete(self, hashes: Iterable[str]) -> int:
        """Delete runs with everything that hangs on them, and lay tombstones on the hashes.

        While its tombstone lies there, whatever clients log for a hash is dropped.

        Returns:
            How many were deleted; unknown ones are ignored.
        """
        registry = self._core.registry
        # First in memory, so that nothing new comes in while the rows go.
        gone = registry.forget(registry.ids_of(self._tenant, hashes), bury=True)
        if not gone:
            return 0
        now = self._core.clock.now()
        try:
            digests = self._core.writer.run(
                lambda cursor: delete_rows(cursor, list(gone.items()), now)
            )
        except BaseException:
            registry.restore(gone)
            raise
        for run_id in gone:
            self._core.points.forget_run(run_id)
        self._core.params_version += 1
        self._core.changes.touch(gone.values())
        if digests:
            discard_unnamed(self._core, digests).result()
        return len(gone)

    def clear_tombstone(self, run_hash: str) -> None:
        """Let a deleted hash be created again; nothing happens if it was not deleted."""
        self._core.writer.run(
            lambda cursor: delete_tombstone(cursor, self._tenant, run_hash),
            lambda _: self._core.registry.exhume(self._tenant, run_hash),
        )
