"""`RemoteSource`: the data of a runfolio server, over HTTP or the socket of a store's owner.

`RemoteSource.connect` finds out who answers: for matyan and Aim servers, which lack our own
routes, it gives a `ForeignSource`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, BinaryIO, Self, cast
from urllib.parse import quote

from app.sources import decoding
from app.sources.alerts import RemoteAlerts
from app.sources.errors import FeatureMissingError
from app.sources.http import HttpDoor
from app.sources.offset import local_offset_min
from app.sources.protocol import (
    Feature,
    MetricHit,
    RunIndex,
    SortKey,
    Statistics,
    TraceRef,
)
from app.sources.remote_nouns import RemoteNouns
from app.sources.remote_tables import RemoteRunTables, sort_text
from app.sources.tokens import OtherServer
from app.sources.words import vocabulary_of
from store.errors import NotFoundError, StoreError
from store.models import (
    Activity,
    Artifact,
    Context,
    LogLine,
    LogRecord,
    ObjectStep,
    ParamsOverview,
    RunRecord,
    SequenceKind,
    SequenceRef,
    Series,
    Vocabulary,
)

LOG_LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40, "CRITICAL": 50}
SPOOL_BYTES = 16 * 1024 * 1024
RECORDS_PER_CALL = 500


class RemoteSource(RemoteAlerts, OtherServer, RemoteRunTables, RemoteNouns):
    """Everything over the wire."""

    def __init__(self, door: HttpDoor, *, timezone_offset_min: int | None = None) -> None:
        super().__init__(door)
        offset = local_offset_min() if timezone_offset_min is None else timezone_offset_min
        self._offset_min = offset
        self._headers = {"X-Timezone-Offset": str(offset)}
        self._changed: dict[int, tuple[int, set[str] | None]] = {}

    @classmethod
    def connect(
        cls, url: str, *, token: str = "", socket: str = "", title: str = ""
    ) -> RemoteSource:
        """The source at an address, of the kind that fits who answers there.

        Raises:
            SourceUnavailableError: If nobody answers.
        """
        door = HttpDoor(url, token=token, socket=socket, title=title)
        try:
            version = door.json("GET", "/version/")
        except NotFoundError:
            version = {}
        except StoreError:
            door.close()
            raise
        if isinstance(version, Mapping) and version.get("product") == "runfolio":
            return RemoteSource(door)
        from app.sources.foreign import ForeignSource, find_routes

        find_routes(door)
        return ForeignSource(door)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def address(self) -> str:
        """URL of the server, or path of the store that its owner serves."""
        return self._door.title

    @property
    def is_remote(self) -> bool:
        """Yes."""
        return True

    @property
    def features(self) -> frozenset[Feature]:
        """All but what needs the store in this process."""
        return frozenset(Feature) - {Feature.SERVE, Feature.FINDS_ALERTS}

    @property
    def store(self) -> None:
        """None: another process owns it."""
        return None

    def close(self) -> None:
        """Close the connections."""
        self._door.close()

    def reconnect(self) -> str:
        """Ask again."""
        self.version()
        return "Connected again."

    # Changes

    def version(self) -> int:
        """The server's change counter."""
        return int(self._door.json("GET", "/changes", params={"since": -1})["version"])

    def wait_for_change(self, version: int, timeout_s: float) -> int:
        """Ask, and let the server answer when something changed."""
        params = {"since": version, "timeout_s": timeout_s}
        answer = self._door.json("GET", "/changes", params=params, wait_s=timeout_s)
        newest, runs = int(answer["version"]), answer["runs"]
        self._changed = {version: (newest, None if runs is None else set(runs))}
        return newest

    def changed_runs(self, version: int) -> set[str] | None:
        """What the last answer to `wait_for_change` named."""
        return self._changed.get(version, (version, None))[1]

    # Runs

    def find_runs(
        self, query: str = "", sort: Sequence[SortKey] = (), *, limit: int = 0
    ) -> RunIndex:
        """Hashes of matching runs."""
        check_query(query)
        params = {"q": query, "sort": sort_text(sort), "limit": limit}
        answer = self._door.json("GET", "/runs/index", params=params)
        return RunIndex(answer["hashes"], int(answer["total"]))

    def get_record(self, run_hash: str) -> RunRecord:
        """One run."""
        for record in self.get_records([run_hash]):
            return record
        raise NotFoundError("run", run_hash)

    def get_records(
        self, run_hashes: Sequence[str], *, params: bool = True, metrics: bool = True
    ) -> list[RunRecord]:
        """Several runs."""
        found: list[RunRecord] = []
        for start in range(0, len(run_hashes), RECORDS_PER_CALL):
            wanted = list(run_hashes[start : start + RECORDS_PER_CALL])
            body = {"hashes": wanted, "params": params, "metrics": metrics}
            found += [
                decoding.record_of(str(key), tree)
                for key, tree in self._door.records("POST", "/runs/records", body=body)
            ]
        return found

    def find_active(self) -> list[RunRecord]:
        """Running runs."""
        return self.get_records(self.find_runs("run.active").hashes, params=False)

    # Sequences and points

    def find_sequences(
        self, run_hash: str, kinds: Collection[SequenceKind] | None = None
    ) -> list[SequenceRef]:
        """Sequences of a run."""
        info = self._door.json("GET", f"/runs/{quote(run_hash, safe='')}/info/")
        found = [
            SequenceRef(
                decoding.NO_ID,
                decoding.NO_ID,
                SequenceKind(kind),
                str(each["name"]),
                Context.of(each.get("context")),
            )
            for kind, traces in info["traces"].items()
            if kinds is None or kind in kinds
            for each in traces
        ]
        return sorted(found, key=lambda each: (each.name, each.context))

    def find_metrics(self, query: str, *, limit: int = 0) -> list[MetricHit]:
        """Runs with metrics that match; the points that come along are left away."""
        check_query(query)
        names: dict[str, set[tuple[str, Context]]] = {}
        # One point a trace is the least that the server sends.
        params = {"q": query, "p": 1}
        records = self._door.records(
            "GET", "/runs/search/metric", params=params, headers=self._headers
        )
        for key, tree in records:
            names[str(key)] = {
                (str(t["name"]), Context.of(t.get("context"))) for t in tree["traces"]
            }
            if limit and len(names) >= limit:
                records.close()  # type: ignore[attr-defined]
                break
        return [
            MetricHit(
                record,
                tuple(
                    m for m in record.metrics if (m.name, m.context) in names[record.run.hash]
                ),
            )
            for record in self.get_records(list(names))
        ]

    def read_series(
        self,
        traces: Sequence[TraceRef],
        *,
        density: int = 0,
        step_range: tuple[int, int] | None = None,
    ) -> list[Series]:
        """Points in the order asked for."""
        if not traces:
            return []
        first, last = step_range or (None, None)
        body = {
            "traces": [
                {"run_id": t.run_hash, "name": t.name, "context": t.context.as_dict()}
                for t in traces
            ],
            "density": density,
            "first_step": first,
            "last_step": last,
        }
        found = [decoding.empty_series() for _ in traces]
        for key, tree in self._door.records("POST", "/runs/points", body=body):
            found[int(key)] = decoding.series_of(
                tree["steps"], tree["values"], tree["epochs"], tree["times"]
            )
        return found

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
        params: dict[str, Any] = {"record_density": density}
        if step_range is not None:
            params["record_range"] = f"{step_range[0]}:{step_range[1] + 1}"
        path = f"/runs/{quote(trace.run_hash, safe='')}/{kind.value}/get-batch"
        body = [{"name": trace.name, "context": trace.context.as_dict()}]
        members = dict(self._door.records("POST", path, params=params, body=body))
        if not members:
            raise NotFoundError("sequence", trace.name)
        return decoding.object_steps_of(kind, cast("Mapping[str, Any]", members))

    def read_blob(self, digest: str) -> bytes:
        """The bytes of an image or audio, by the address that its item carries."""
        for _, data in self._door.records("POST", "/runs/images/get-batch", body=[digest]):
            return bytes(data)
        raise NotFoundError("blob", digest)

    def log_lines(
        self, run_hash: str, start: int | None = None, stop: int | None = None
    ) -> list[LogLine]:
        """Terminal output."""
        return [
            LogLine(int(step), str(text))
            for step, text in self._log(run_hash, "logs", start, stop)
        ]

    def log_records(
        self, run_hash: str, start: int | None = None, stop: int | None = None
    ) -> tuple[int, list[LogRecord]]:
        """Structured log messages."""
        total, records = 0, []
        for key, tree in self._log(run_hash, "log-records", start, stop):
            if key == "log_records_count":
                total = int(tree)
                continue
            records.append(
                LogRecord(
                    number=int(key),
                    message=str(tree.get("message")),
                    level=LOG_LEVELS.get(str(tree.get("log_level")), 20),
                    time=decoding.number(tree.get("timestamp")),
                    args=tree.get("args"),
                    logger_info=tree.get("logger_info"),
                )
            )
        return total, records

    def _log(
        self, run_hash: str, name: str, start: int | None, stop: int | None
    ) -> Iterable[tuple[str | int, Any]]:
        params = {}
        if start is not None or stop is not None:
            params["record_range"] = (
                f"{'' if start is None else start}:{'' if stop is None else stop}"
            )
        path = f"/runs/{quote(run_hash, safe='')}/{name}"
        return self._door.records("GET", path, params=params)

    def find_artifacts(self, run_hash: str) -> list[Artifact]:
        """Files of a run; the wire tells neither size nor type."""
        info = self._door.json("GET", f"/runs/{quote(run_hash, safe='')}/info/")
        return [
            Artifact(str(each["path"]), "", 0, str(each.get("uri", "")), 0.0)
            for each in info.get("artifacts") or ()
        ]

    def open_artifact(self, run_hash: str, path: str) -> BinaryIO:
        """A file of a run, kept in memory or a temporary file."""
        # Closed by the caller, like every open artifact.
        file = tempfile.SpooledTemporaryFile(SPOOL_BYTES)  # noqa: SIM115
        route = f"/runs/{quote(run_hash, safe='')}/artifacts/download"
        try:
            for chunk in self._door.download(route, {"path": path}):
                file.write(chunk)
        except StoreError:
            file.close()
            raise
        file.seek(0)
        return cast("BinaryIO", file)

    # The whole

    def activity(self, experiment_id: str | None = None) -> Activity:
        """Counts, and creation times to the day."""
        part = f"experiments/{quote(experiment_id, safe='')}" if experiment_id else "projects"
        return decoding.activity_of(self._door.json("GET", f"/{part}/activity/"), 0)

    def params_overview(self) -> ParamsOverview:
        """Every param and sequence name."""
        kinds = [kind.value for kind in SequenceKind if kind is not SequenceKind.CUSTOM]
        tree = self._door.json("GET", "/projects/params/", params={"sequence": kinds})
        return ParamsOverview(
            params=tree.get("params") or {},
            sequences={
                SequenceKind(kind): {
                    name: decoding.contexts_of(contexts)
                    for name, contexts in (tree.get(kind) or {}).items()
                }
                for kind in kinds
            },
        )

    def statistics(self) -> Statistics:
        """Size and load of the store."""
        store = self._door.json("GET", "/statistics")["store"]
        return Statistics(
            run_count=int(store["runs"]),
            point_count=int(store["points"]),
            size_bytes=int(store["size_bytes"]),
            segment_count=int(store["segments"]),
            unsealed_point_count=int(store["unsealed_points"]),
        )

    def vocabulary(self) -> Vocabulary:
        """What queries can speak about."""
        return vocabulary_of(self._door.json("GET", "/projects/vocabulary"))

    def get_setting(self, name: str) -> Any:
        """A small value kept with the data."""
        return self._door.json("GET", f"/settings/{quote(name, safe='')}")["value"]

    def set_setting(self, name: str, value: Mapping[str, Any] | Sequence[Any]) -> None:
        """Keep a small value with the data."""
        self._door.json("PUT", f"/settings/{quote(name, safe='')}", body={"value": value})


def check_query(query: str) -> None:
    """Understand a query before it is sent, because the wire does not say where it is wrong.

    Raises:
        QueryError: With the place.
    """
    from store.aimql import parse

    parse(query)


def missing(what: str) -> FeatureMissingError:
    """The error for what a server lacks."""
    return FeatureMissingError(what, "the server does not offer it")
