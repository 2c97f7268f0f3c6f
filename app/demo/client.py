"""The smallest complete client of the server: a WebSocket for a run, REST for the rest.

`RunLogger` buffers messages and sends them in frames; every frame is acknowledged by the server
before the next one leaves, and an acknowledged frame is on disk. A logger belongs to one thread.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx
from msgspec import Struct
from websockets.sync.client import connect, unix_connect

FRAME_MESSAGES = 100
FLUSH_AFTER_S = 0.2
TIMEOUT_S = 30.0
UNIX = "unix:"
"""Begins an address that is the path of a Unix socket."""


class TrackingError(Exception):
    """The server refused what was logged."""


class Moment(Struct, frozen=True):
    """Where in the training something was measured."""

    step: int
    epoch: int


class ServerClient:
    """The REST calls that the demonstration needs. Safe to share between threads."""

    def __init__(self, url: str) -> None:
        self.socket = url.removeprefix(UNIX) if url.startswith(UNIX) else ""
        """Path of the server's Unix socket, if it is called through that."""
        self.url = "http://localhost" if self.socket else url.rstrip("/")
        # Proxies of the environment are for the internet, not for a server on this machine.
        self._http = httpx.Client(
            base_url=f"{self.url}/api/v1/",
            timeout=TIMEOUT_S,
            trust_env=False,
            transport=httpx.HTTPTransport(uds=self.socket) if self.socket else None,
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def has_ended(self, run_hash: str) -> bool:
        """Whether the server has this run and it came to its own end, good or bad."""
        answer = self._http.get(f"experiments/runs/{run_hash}")
        if answer.status_code == httpx.codes.NOT_FOUND:
            return False
        answer.raise_for_status()
        return answer.json()["status"].lower() in {"finished", "failed"}

    def describe_experiment(self, name: str, description: str) -> str:
        """Make sure that the experiment exists and has this description; gives its id."""
        known = {item["name"]: item["id"] for item in self._call("GET", "rest/experiments/")}
        experiment_id: str = (
            known.get(name) or (self._call("POST", "rest/experiments/", {"name": name})["id"])
        )
        self._call("PUT", f"rest/experiments/{experiment_id}/", {"description": description})
        return experiment_id

    def colour_tag(self, name: str, color: str, description: str) -> None:
        """Make sure that the tag exists; a tag that is there already stays as it is."""
        known = {item["name"] for item in self._call("GET", "rest/tags/")}
        if name not in known:
            tag = {"name": name, "color": color, "description": description}
            self._call("POST", "rest/tags/", tag)

    def add_run_note(self, run_hash: str, content: str) -> None:
        """Attach a note to a run."""
        self._call("POST", f"rest/runs/{run_hash}/note/", {"content": content})

    def add_experiment_note(self, experiment_id: str, content: str) -> None:
        """Attach a note to an experiment."""
        self._call("POST", f"rest/experiments/{experiment_id}/note/", {"content": content})

    def end_run(self, run_hash: str, status: str) -> None:
        """End a run as finished, failed or killed."""
        self._call("POST", f"experiments/runs/{run_hash}/end", {"status": status})

    def upload(self, run_hash: str, path: str, data: bytes, content_type: str) -> str:
        """Store the bytes of a file of a run; gives the key by which messages name it."""
        wanted = {"run_id": run_hash, "artifact_path": path, "content_type": content_type}
        place = self._call("POST", "rest/artifacts/presign", wanted)
        headers = {"Content-Type": content_type, **(place["headers"] or {})}
        self._http.put(place["upload_url"], content=data, headers=headers).raise_for_status()
        key: str = place["s3_key"]
        return key

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        answer = self._http.request(method, path, json=body)
        answer.raise_for_status()
        return answer.json()


class RunLogger:
    """Logs one run. A context manager; leaving it sends what is still buffered."""

    def __init__(
        self, server: ServerClient, run_hash: str, clock: Callable[[], float] = time.time
    ) -> None:
        self.server = server
        self.run_hash = run_hash
        self.clock = clock
        """Seconds since the epoch."""
        address = server.url.replace("http", "ws", 1)
        # Frames are small and the server is near: compression would only cost time.
        address = f"{address}/api/v1/ws/runs/{quote(run_hash)}"
        if server.socket:
            self._socket = unix_connect(server.socket, address, compression=None)
        else:
            self._socket = connect(address, compression=None, proxy=None)
        self._messages: list[dict[str, Any]] = []
        self._flushed_at = time.monotonic()
        self._line_count = 0
        self._log("create_run", client_datetime=self._now(), force_resume=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self.flush()
        finally:
            self._socket.close()

    def set_properties(self, **properties: str) -> None:
        """Set name, description or experiment."""
        self._log("set_run_property", **properties)

    def set_params(self, tree: Mapping[str, Any]) -> None:
        """Set params; each top-level key replaces what was there under it."""
        for key, value in tree.items():
            self._log("log_hparams", value={key: value})

    def add_tag(self, name: str) -> None:
        """Attach a tag."""
        self._log("add_tag", tag_name=name)

    def log_metrics(
        self,
        values: Mapping[str, float],
        moment: Moment,
        context: Mapping[str, Any] | None = None,
    ) -> None:
        """Log one point each of several metrics."""
        now = self._now()
        for name, value in values.items():
            self._log(
                "log_metric",
                name=name,
                value=value,
                step=moment.step,
                epoch=moment.epoch,
                context=context or {},
                dtype="float",
                client_datetime=now,
            )

    def log_image(
        self, name: str, png: bytes, moment: Moment, *, size: tuple[int, int], caption: str
    ) -> None:
        """Upload a picture of so many pixels (width, height) and log it."""
        key = self.log_file(f"seq/{name}/{moment.step}.png", png, "image/png")
        image = {"type": "image", "format": "PNG", "caption": caption, "s3_key": key}
        self._log_object("image", name, moment, {**image, "width": size[0], "height": size[1]})

    def log_text(self, name: str, text: str, moment: Moment) -> None:
        """Log a text."""
        self._log_object("text", name, moment, {"type": "text", "data": text})

    def log_figure(self, name: str, figure: Mapping[str, Any], moment: Moment) -> None:
        """Log a plotly figure object."""
        self._log_object("figure", name, moment, {"type": "figure", "data": figure})

    def log_distribution(
        self, name: str, counts: Sequence[int], moment: Moment, *, low: float, high: float
    ) -> None:
        """Log a histogram: counts of equal bins from `low` to `high`."""
        bins = {"bin_count": len(counts), "range": [low, high], "data": list(counts)}
        self._log_object("distribution", name, moment, {"type": "distribution", **bins})

    def log_line(self, text: str) -> None:
        """Log one line of terminal output."""
        self._log("log_terminal_line", line=text, step=self._line_count)
        self._line_count += 1

    def log_record(self, level: int, message: str, **extra_args: Any) -> None:
        """Log a structured record; levels as in `logging`."""
        self._log(
            "log_record",
            message=message,
            level=level,
            timestamp=self.clock(),
            logger_info=None,
            extra_args=extra_args,
        )

    def log_file(self, path: str, data: bytes, content_type: str) -> str:
        """Upload a file of the run; gives its key."""
        key = self.server.upload(self.run_hash, path, data, content_type)
        self._log("blob_ref", s3_key=key, artifact_path=path, content_type=content_type)
        return key

    def finish(self) -> None:
        """End the run as finished and send everything."""
        self._log("finish_run", client_datetime=self._now())
        self.flush()

    def flush(self) -> None:
        """Send what is buffered and wait until the server has it.

        Raises:
            TrackingError: If the server refuses the frame.
        """
        if not self._messages:
            return
        self._socket.send(json.dumps(self._messages))
        self._messages.clear()
        reply = json.loads(self._socket.recv(timeout=TIMEOUT_S))
        if reply["status"] != "ok":
            raise TrackingError(reply["error"])
        self._flushed_at = time.monotonic()

    def _log_object(
        self, kind: str, name: str, moment: Moment, value: Mapping[str, Any]
    ) -> None:
        self._log(
            "log_custom_object",
            name=name,
            value=value,
            step=moment.step,
            epoch=moment.epoch,
            context={"subset": "val"},
            dtype=kind,
            client_datetime=self._now(),
        )

    def _log(self, kind: str, **fields: Any) -> None:
        self._messages.append({"type": kind, "run_id": self.run_hash, **fields})
        is_due = time.monotonic() - self._flushed_at > FLUSH_AFTER_S
        if is_due or len(self._messages) >= FRAME_MESSAGES:
            self.flush()

    def _now(self) -> str:
        return datetime.fromtimestamp(self.clock(), tz=UTC).isoformat()
