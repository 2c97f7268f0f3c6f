"""`ForeignSource`: a matyan or Aim server, which has searches and no routes of ours.

All runs of a search are read once and kept, because only a search gives runs; there is no way
to ask what changed, so everything is read again now and then.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from app.querying.plain_words import understood_everywhere
from app.sources import decoding
from app.sources.alerts import DeskAlerts
from app.sources.errors import SourceError, SourceUnavailableError
from app.sources.foreign_alerts import ForeignRuns, Pocket
from app.sources.foreign_order import in_order
from app.sources.foreign_tables import ForeignRunTables
from app.sources.http import AIM_PREFIX, PREFIX, HttpDoor
from app.sources.protocol import Feature, MetricHit, RunIndex, SortKey, Statistics, TraceRef
from app.sources.remote import RemoteSource, check_query, missing
from app.sources.tokens import NoServer
from app.sources.words import vocabulary_from
from store.alerts.desk import AlertDesk
from store.errors import NotFoundError
from store.models import Context, Note, ParamsOverview, RunRecord, Series, Vocabulary

POLL_S = 10.0
MAX_KEPT = 50_000
ALL_POINTS = 1_000_000
ANYTHING = "(run.archived or not run.archived)"
"""Archived runs are left out of searches that do not speak of them."""
EXAMPLE = "__example_type__"
DEFAULT_EXPERIMENT = "default"
"""Where Aim has the runs that were given no experiment."""


def find_routes(door: HttpDoor) -> None:
    """Point a door at where the server has its routes: matyan's place, or Aim's.

    Raises:
        SourceError: If neither is there.
    """
    for prefix in (PREFIX, AIM_PREFIX):
        door.prefix = prefix
        try:
            project = door.json("GET", "/projects/")
        except (NotFoundError, SourceError):
            # Aim answers unknown addresses with a page or with status 405.
            continue
        if isinstance(project, Mapping):
            return
    door.close()
    raise SourceError(door.title, "is no runfolio, matyan or Aim server.")


class ForeignSource(DeskAlerts, NoServer, ForeignRunTables, RemoteSource):
    """A server of another make."""

    _records: dict[str, RunRecord]
    _polls = 0

    def __init__(self, door: HttpDoor, *, timezone_offset_min: int | None = None) -> None:
        super().__init__(door, timezone_offset_min=timezone_offset_min)
        runs = ForeignRuns(self)
        self.alert_desk = AlertDesk(runs, Pocket(), runs.points_of)

    @property
    def features(self) -> frozenset[Feature]:
        """Changing runs, and nothing of our own."""
        return frozenset({Feature.WRITE, Feature.FINDS_ALERTS})

    def reconnect(self) -> str:
        """Ask again."""
        self._door.json("GET", "/projects/activity/")
        return "Connected again."

    # News

    def version(self) -> int:
        """How often it was asked."""
        return self._polls

    def wait_for_change(self, version: int, timeout_s: float) -> int:  # noqa: ARG002
        """Whatever may have changed meanwhile: a new version every few seconds."""
        if timeout_s:
            threading.Event().wait(min(timeout_s, POLL_S))
        self._door.json("GET", "/projects/activity/")
        self._polls = int(time.monotonic() // POLL_S)
        return self._polls

    def changed_runs(self, version: int) -> set[str] | None:  # noqa: ARG002
        """Nobody knows."""
        return None

    # Runs

    def find_runs(
        self, query: str = "", sort: Sequence[SortKey] = (), *, limit: int = 0
    ) -> RunIndex:
        """Read the matching runs, keep them, and give their hashes."""
        check_query(query)
        query = understood_everywhere(query)
        params: dict[str, Any] = {"q": query, "report_progress": "true"}
        if limit and not sort:
            params["limit"] = limit
        found: dict[str, RunRecord] = {}
        stream = self._door.records(
            "GET", "/runs/search/run/", params=params, headers=self._headers
        )
        for key, tree in stream:
            found[str(key)] = decoding.record_of(str(key), tree)
        self._keep(found)
        # Aim gives the newest first, whatever order is asked for.
        hashes = [each.run.hash for each in in_order(list(found.values()), sort)]
        return RunIndex(hashes[: limit or None], len(hashes))

    def get_records(
        self,
        run_hashes: Sequence[str],
        *,
        params: bool = True,  # noqa: ARG002
        metrics: bool = True,  # noqa: ARG002
    ) -> list[RunRecord]:
        """Runs of earlier searches, and others one by one through a search."""
        known = self._kept()
        unknown = [each for each in run_hashes if each not in known]
        if unknown:
            names = ", ".join(f'"{each}"' for each in unknown)
            self.find_runs(f"run.hash in [{names}] and {ANYTHING}")
            known = self._kept()
        return [known[each] for each in run_hashes if each in known]

    def get_record(self, run_hash: str) -> RunRecord:
        """One run, read anew."""
        self._kept().pop(run_hash, None)
        return super().get_record(run_hash)

    def _kept(self) -> dict[str, RunRecord]:
        if not hasattr(self, "_records"):
            self._records = {}
        return self._records

    def _keep(self, records: dict[str, RunRecord]) -> None:
        kept = self._kept()
        if len(kept) > MAX_KEPT:
            kept.clear()
        kept.update(records)

    # Points

    def find_metrics(self, query: str, *, limit: int = 0) -> list[MetricHit]:
        """Runs with metrics that match."""
        check_query(query)
        query = understood_everywhere(query)
        hits: list[MetricHit] = []
        stream = self._door.records(
            "GET", "/runs/search/metric/", params={"q": query, "p": 2}, headers=self._headers
        )
        for key, tree in stream:
            run = decoding.run_of(str(key), tree.get("props") or {})
            metrics = tuple(
                decoding.summary_of(trace, _ends(trace)) for trace in tree.get("traces") or ()
            )
            hits.append(MetricHit(RunRecord(run, tree.get("params") or {}, metrics), metrics))
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
        """Points in the order asked for.

        A search gives them, because the batch route of Aim leaves out epochs, times and all
        but 200 points. Of a range of steps all points come.
        """
        if not traces:
            return []
        runs, names = ({getattr(t, key) for t in traces} for key in ("run_hash", "name"))
        query = f"run.hash in {_texts(runs)} and metric.name in {_texts(names)} and {ANYTHING}"
        points = ALL_POINTS if step_range or not density else density
        stream = self._door.records(
            "GET",
            "/runs/search/metric/",
            params={"q": query, "p": points, "skip_system": "false"},
            headers=self._headers,
        )
        found: dict[TraceRef, Series] = {}
        for key, tree in stream:
            for each in tree.get("traces") or ():
                trace = TraceRef(str(key), str(each["name"]), Context.of(each.get("context")))
                columns = (each.get(n) for n in ("iters", "values", "epochs", "timestamps"))
                found[trace] = _within(decoding.series_of(*columns), step_range)
        return [found.get(trace) or decoding.empty_series() for trace in traces]

    def vocabulary(self) -> Vocabulary:
        """Names and an example of each value; nothing is counted there."""
        overview = self.params_overview()
        return vocabulary_from(overview, self.find_experiments(), self.find_tags())

    def params_overview(self) -> ParamsOverview:
        """Every param and sequence name; Aim gives types and no examples."""
        overview = super().params_overview()
        return replace(overview, params=_without_types(overview.params))

    # Changes

    def update_run(
        self,
        run_hash: str,
        *,
        name: str | None = None,
        description: str | None = None,
        experiment: str | None = None,
        is_archived: bool | None = None,
    ) -> None:
        """Change what is given; Aim brings runs back that are not said to be archived."""
        if is_archived is None:
            is_archived = self.get_record(run_hash).run.is_archived
        super().update_run(
            run_hash,
            name=name,
            description=description,
            experiment=DEFAULT_EXPERIMENT if experiment == "" else experiment,
            is_archived=is_archived,
        )

    def finish_runs(self, run_hashes: Sequence[str]) -> None:
        """Mark runs as finished, where the server can do it."""
        try:
            super().finish_runs(run_hashes)
        except (NotFoundError, SourceError) as error:
            if isinstance(error, SourceUnavailableError):
                raise
            raise missing("Finishing runs") from error

    def find_notes(
        self, *, run_hash: str | None = None, experiment_id: str | None = None
    ) -> list[Note]:
        """Notes, newest first; the server does not repeat what they are on."""
        notes = super().find_notes(run_hash=run_hash, experiment_id=experiment_id)
        return [replace(n, run_hash=run_hash, experiment_id=experiment_id) for n in notes]

    # What such a server lacks

    def statistics(self) -> Statistics:
        """Not offered."""
        raise missing("Size and load")

    def get_setting(self, name: str) -> Any:  # noqa: ARG002
        """Nothing is kept there."""
        return None

    def set_setting(self, name: str, value: Any) -> None:  # noqa: ARG002
        """Not offered."""
        raise missing("Keeping settings with the data")

    def _all_notes(self) -> list[dict[str, Any]]:
        raise missing("Listing all notes")

    def create_note(
        self,
        content: str,
        *,
        run_hash: str | None = None,
        experiment_id: str | None = None,
        trace: TraceRef | None = None,
        step: int | None = None,
    ) -> Note:
        """A new note on a run or an experiment; points of metrics cannot have one."""
        if trace is not None:
            run_hash, content = trace.run_hash, f"{trace.name} at step {step}: {content}"
        on_run = run_hash is not None
        subject = f"runs/{run_hash}" if on_run else f"experiments/{experiment_id}"
        made = self._door.json("POST", f"/{subject}/note/", body={"content": content})
        made |= {"content": content, "run_hash": run_hash, "experiment_id": experiment_id}
        return decoding.note_of({"updated_at": made.get("created_at"), **made})


def _texts(values: Collection[str]) -> str:
    # As a list of a query.
    return json.dumps(sorted(values), ensure_ascii=False)


def _within(series: Series, step_range: tuple[int, int] | None) -> Series:
    if step_range is None:
        return series
    first, last = step_range
    inside = (series.steps >= first) & (series.steps <= last)
    return Series(
        series.steps[inside], series.values[inside], series.epochs[inside], series.times[inside]
    )


def _without_types(tree: Any) -> Any:
    if not isinstance(tree, Mapping):
        return tree
    members = {key: _without_types(each) for key, each in tree.items() if key != EXAMPLE}
    return members or None


def _ends(trace: dict[str, Any]) -> dict[str, Any]:
    # Columns are arrays or lists, whichever the server sends.
    values, steps = (list(trace.get(name, ())) for name in ("values", "iters"))
    if not values or not steps:
        return {}
    return {
        "first": values[0],
        "last": values[-1],
        "last_step": steps[-1],
        "first_step": steps[0],
        "min": min(values),
        "max": max(values),
    }
