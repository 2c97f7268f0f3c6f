"""Starting the program as people do, and waiting for what it says. No sleeping: polling."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

RUNFOLIO = [str(Path(sys.executable).with_name("runfolio"))]
"""The installed program of this environment."""

READY = re.compile(r"https?://[\w.:\[\]-]+")
TIMEOUT_S = 40.0


def run(*arguments: str, timeout_s: float = TIMEOUT_S) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*RUNFOLIO, *arguments],
        capture_output=True,
        text=True,
        timeout=timeout_s,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def wait_for(condition: Callable[[], bool], what: str, timeout_s: float = TIMEOUT_S) -> None:
    """Return once the condition holds; fail with `what` if it never does."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, f"waited {timeout_s:.0f} s for {what}"
        time.sleep(0.05)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Served:
    """A `runfolio serve` that is ready."""

    def __init__(self, process: subprocess.Popen[str], ready_line: str) -> None:
        self.process = process
        self.ready_line = ready_line
        found = READY.search(ready_line)
        assert found, ready_line
        self.url = found.group()

    def stop(self) -> int:
        """Ask it to end as a service manager would; gives its status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(TIMEOUT_S)


@contextlib.contextmanager
def serving(*arguments: str) -> Iterator[Served]:
    """`runfolio serve` with these arguments, killed in the end if it still runs."""
    process = subprocess.Popen(
        [*RUNFOLIO, "serve", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    with process.stdout as output:
        try:
            yield Served(process, ready_line(output))
        finally:
            process.kill()
            process.wait()


def ready_line(output: IO[str]) -> str:
    """The first line with an address in it."""
    seen = []
    for line in output:
        seen.append(line)
        if READY.search(line):
            return line
    raise AssertionError("the server ended without saying where it listens: " + "".join(seen))


class Terminal:
    """A tmux session of a given size in which a command runs."""

    def __init__(self, folder: Path, command: list[str], width: int, height: int) -> None:
        self._socket = str(folder / "tmux.sock")
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x", str(width), "-y", str(height),
                   "-e", f"HOME={os.environ['HOME']}", " ".join(command))  # fmt: skip

    def screen(self) -> str:
        """What is on the screen now."""
        return self._tmux("capture-pane", "-p")

    def press(self, *keys: str) -> None:
        """Press keys, by tmux's names."""
        self._tmux("send-keys", *keys)

    def is_open(self) -> bool:
        """Whether the command still runs."""
        return self._call("has-session").returncode == 0

    def close(self) -> None:
        """End everything in the session."""
        self._call("kill-server")

    def _tmux(self, *arguments: str) -> str:
        done = self._call(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        tmux = shutil.which("tmux")
        assert tmux, "tmux is needed for this test"
        return subprocess.run(
            [tmux, "-S", self._socket, *arguments], capture_output=True, text=True, check=False
        )


@contextlib.contextmanager
def terminal(folder: Path, command: list[str], width: int, height: int) -> Iterator[Terminal]:
    """A tmux session, closed in the end."""
    session = Terminal(folder, command, width, height)
    try:
        yield session
    finally:
        session.close()
