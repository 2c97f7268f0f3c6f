"""`AlertHooks`: tells a web address and a command about alerts, on a thread of its own.

Whoever finds an alert hands it over and goes on at once. A hook that fails is tried a few
times; when more alerts wait than fit, the oldest are dropped, and counted.
"""

from __future__ import annotations

import json
import logging
import os
import shlex
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterable

from store.errors import StoreError
from store.models.alerts import Alert

TIMEOUT_S = 5.0
COMMAND_TIMEOUT_S = 30.0
PAUSES_S = (1.0, 5.0)
"""Between one try and the next; there is one try more than pauses."""
MAX_WAITING = 200
STOP_S = 1.0

logger = logging.getLogger("runfolio.alerts")


class HookError(StoreError):
    """A hook did not take an alert."""

    code = "hook_failed"


class AlertHooks:
    """Calls a web address and a command for each alert."""

    def __init__(
        self,
        webhook: str = "",
        command: str = "",
        *,
        pauses_s: Iterable[float] = PAUSES_S,
        on_failure: Callable[[HookError], None] | None = None,
    ) -> None:
        self._calls = [
            call
            for call in (
                (lambda alert: post(webhook, alert)) if webhook else None,
                (lambda alert: run(command, alert)) if command else None,
            )
            if call is not None
        ]
        self._pauses_s = tuple(pauses_s)
        self._on_failure = on_failure or (lambda error: logger.warning("%s", error))
        self._waiting: deque[Alert] = deque(maxlen=MAX_WAITING)
        self._moved = threading.Condition()
        self._is_stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self.dropped = 0
        """Alerts that nobody was told of because too many waited."""

    def tell(self, alerts: Iterable[Alert]) -> None:
        """Have alerts told, soon; returns at once."""
        if not self._calls:
            return
        with self._moved:
            for alert in alerts:
                self.dropped += len(self._waiting) == MAX_WAITING
                self._waiting.append(alert)
            if self._thread is None and self._waiting:
                self._thread = threading.Thread(target=self._work, name="alerts", daemon=True)
                self._thread.start()
            self._moved.notify_all()

    def stop(self) -> None:
        """Tell nobody any more; what is being told may take a moment longer, unheard."""
        self._is_stopped.set()
        with self._moved:
            self._moved.notify_all()
        if self._thread is not None:
            self._thread.join(STOP_S)

    def _work(self) -> None:
        while True:
            with self._moved:
                self._moved.wait_for(lambda: self._waiting or self._is_stopped.is_set())
                if self._is_stopped.is_set():
                    return
                alert = self._waiting.popleft()
            for call in self._calls:
                self._try(call, alert)

    def _try(self, call: Callable[[Alert], None], alert: Alert) -> None:
        for pause_s in (*self._pauses_s, None):
            try:
                call(alert)
            except HookError as error:
                if pause_s is None:
                    self._on_failure(error)
                elif self._is_stopped.wait(pause_s):
                    return
            else:
                return


def post(url: str, alert: Alert) -> None:
    """Post an alert as JSON to a web address; blocks.

    Raises:
        HookError: If it cannot be reached or answers with an error.
    """
    # Local: most people have no webhook.
    from http.client import HTTPException
    from urllib.error import URLError
    from urllib.request import Request, urlopen

    try:
        if not url.startswith(("http://", "https://")):
            raise ValueError("it must begin with http:// or https://")
        body = json.dumps(alert.as_dict() | {"headline": alert.headline}).encode()
        request = Request(url, body, {"Content-Type": "application/json"})
        with urlopen(request, timeout=TIMEOUT_S):
            pass
    except (URLError, HTTPException, OSError, ValueError) as error:
        why = getattr(error, "reason", None) or error
        raise HookError(f"The webhook {url} did not take the alert: {_plain(why)}.") from error


def run(command: str, alert: Alert) -> None:
    """Run a command with the alert as JSON on its input and in its environment; blocks.

    No shell comes between: names of runs and metrics are never read as commands.

    Raises:
        HookError: If it cannot be started, takes too long, or ends with a status but 0.
    """
    told = alert.as_dict() | {"headline": alert.headline}
    names = ("headline", "run", "run_name", "rule", "severity", "metric", "step", "value")
    variables = {
        f"RUNFOLIO_ALERT_{name.upper()}": "" if told[name] is None else str(told[name])
        for name in names
    }
    try:
        subprocess.run(
            shlex.split(command),
            input=json.dumps(told).encode(),
            env=os.environ | {key: text.replace("\0", "") for key, text in variables.items()},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=COMMAND_TIMEOUT_S,
            check=True,
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        text = f"The command {command!r} did not take the alert: {_plain(error)}."
        raise HookError(text) from error


def _plain(error: object) -> str:
    if isinstance(error, subprocess.TimeoutExpired):
        return f"it took longer than {COMMAND_TIMEOUT_S:.0f} seconds"
    if isinstance(error, subprocess.CalledProcessError):
        return f"it ended with status {error.returncode}"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error).rstrip(".")
