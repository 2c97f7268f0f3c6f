"""`ForeignSource`: a matyan or Aim server, which has searches and no routes of ours.

All runs of a search are read once and kept, because only a search gives runs; there is no way
to ask what changed, so everything is read again now and then.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from app.sources import decoding
from app.sources.protocol import Feature, MetricHit, RunIndex, SortKey, Statistics, TraceRef
from app.sources.remote import RemoteSource, check_query, missing, sort_text
from store.models import Context, Note, RunRecord, Series

POLL_S = 10.0
MAX_KEPT = 50_000


class ForeignSource(RemoteSource):
    """A server of another make."""

    _records: dict[str, RunRecord]
    _polls = 0

    @property
    def features(self) -> frozenset[Feature]:
        """Changing runs, and nothing of our own."""
        return frozenset({Feature.WRITE})

    # Changes

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
        params: dict[str, Any] = {"q": query, "report_progress": "true"}
        if limit:
            params["limit"] = limit
        if sort:
            params["sort"] = sort_text(sort)
        found: dict[str, RunRecord] = {}
        stream = self._door.records(
            "GET", "/runs/search/run/", params=params, headers=self._headers
        )
        for key, tree in stream:
            found[str(key)] = decoding.record_of(str(key), tree)
        self._keep(found)
        return RunIndex(list(found), len(found))

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
            anything = "(run.archived or not run.archived)"
            self.find_runs(f"run.hash in [{names}] and {anything}")
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
        """Points in the order asked for, one call for each run."""
        params: dict[str, Any] = {"record_density": density or 1_000_000}
        if step_range is not None:
            params["record_range"] = f"{step_range[0]}:{step_range[1] + 1}"
        found: dict[TraceRef, Series] = {}
        for run_hash in dict.fromkeys(trace.run_hash for trace in traces):
            body = [
                {"name": t.name, "context": t.context.as_dict()}
                for t in traces
                if t.run_hash == run_hash
            ]
            path = f"/runs/{quote(run_hash, safe='')}/metric/get-batch/"
            for tree in self._door.json("POST", path, params=params, body=body):
                trace = TraceRef(run_hash, str(tree["name"]), Context.of(tree.get("context")))
                found[trace] = decoding.series_of(
                    tree.get("iters"),
                    tree.get("values"),
                    tree.get("epochs"),
                    tree.get("timestamps"),
                )
        return [found.get(trace) or decoding.empty_series() for trace in traces]

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
