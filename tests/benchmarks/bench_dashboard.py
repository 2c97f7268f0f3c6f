"""The dashboard in a real terminal: start, keys in the runs table, idling, live runs, memory.

    python -m tests.benchmarks.bench_dashboard [FOLDER]

Stores are made in the folder, or found there from the last time. The program runs under a
pseudo terminal and is timed from outside: wall time is until the terminal has been silent for
a moment, CPU time that of all threads of the process. What was painted is checked.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import pty
import select
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from pathlib import Path

from app.settings.state import state_path
from tests.benchmarks.many_runs import METRICS, make_many_runs
from tests.benchmarks.report import print_machine

ROWS, COLUMNS = 50, 200
SILENCE_S = 0.06
SHAPES = {"S": (1_000, 30), "R": (100_000, 50)}
LIVE_RUNS = 20
ANSWERS = (
    (b"\x1b]11;?", b"\x1b]11;rgb:0000/0000/0000\x1b\\"),
    (b"\x1b[16t", b"\x1b[6;20;10t"),
    (b"\x1b[c", b"\x1b[?62;22c"),
)
"""What a terminal says when it is asked for its ground, its cells, and what it is."""


class Terminal:
    """The program under a pseudo terminal."""

    def __init__(self, arguments: Sequence[str], home: Path) -> None:
        self.started_at = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            environment = {
                **os.environ,
                "HOME": str(home),
                "XDG_STATE_HOME": str(home / "state"),
                "TERM": "xterm-256color",
                "COLORTERM": "truecolor",
            }
            program = "from app.cli import main; main()"
            os.execve(sys.executable, [sys.executable, "-c", program, *arguments], environment)
        size = struct.pack("HHHH", ROWS, COLUMNS, 0, 0)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, size)
        self.output = b""

    def read(self, wait_s: float) -> bytes:
        """What comes within a time; empty if nothing does."""
        if not select.select([self._fd], [], [], wait_s)[0]:
            return b""
        data = os.read(self._fd, 1 << 20)
        self.output += data
        for question, answer in ANSWERS:
            if question in data:
                os.write(self._fd, answer)
        return data

    def wait_for(self, text: str, patience_s: float = 60.0) -> float:
        """Seconds since the start until a text has been painted."""
        deadline = time.perf_counter() + patience_s
        while text.encode() not in self.output:
            if time.perf_counter() > deadline:
                raise TimeoutError(f"{text} was not painted: {self.output[-2000:]!r}")
            self.read(0.05)
        return time.perf_counter() - self.started_at

    def settle(self, silence_s: float) -> tuple[int, float]:
        """Bytes until the terminal is silent, and when the last ones came."""
        count, last = 0, time.perf_counter()
        while data := self.read(silence_s):
            count, last = count + len(data), time.perf_counter()
        return count, last

    def press(self, key: bytes) -> tuple[float, int]:
        """Milliseconds from a key to the last of its paint, and bytes painted."""
        pressed = time.perf_counter()
        os.write(self._fd, key)
        first = self.read(2.0)
        count, last = self.settle(SILENCE_S)
        if not first:
            raise TimeoutError(f"nothing was painted for {key!r}")
        return 1e3 * ((last if count else time.perf_counter()) - pressed), len(first) + count

    def cpu_s(self) -> float:
        """CPU time of all threads."""
        tasks = Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        return sum(int(each.read_text().split()[0]) for each in tasks) / 1e9

    def memory_mb(self) -> float:
        """Resident memory."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def close(self) -> None:
        """Leave the program."""
        os.write(self._fd, b"q")
        deadline = time.perf_counter() + 20
        while time.perf_counter() < deadline and not os.waitpid(self.pid, os.WNOHANG)[0]:
            try:
                self.read(0.05)
            except OSError:
                time.sleep(0.01)
        os.close(self._fd)


def report(name: str, figure: str, target: str) -> None:
    """One line."""
    print(f"{name:<52} {figure:<44} target {target}", flush=True)


def find_store(folder: Path, shape: str) -> Path:
    """The store of a shape, made if it is not there."""
    path = folder / f"{shape}.rf"
    if not path.exists():
        make_many_runs(path, *SHAPES[shape]).close()
    return path


def choose_columns(path: Path, home: Path, count: int) -> None:
    """Let the table show so many columns."""
    params = [f"params.data.p{number:02d}" for number in range(46)]
    named = [f"params.hparams.{each}" for each in ("lr", "batch_size", "model", "flag")]
    metrics = [
        f"metrics.{name}" + ('|{"subset":"val"}' if at >= 2 else "")
        for at, name in enumerate(METRICS)
    ]
    ids = ["name", "experiment", "tags", "started", "duration", *metrics, *named, *params]
    file = state_path(str(path), {"XDG_STATE_HOME": str(home / "state")})
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"columns": ids[:count], "screen": "runs"}), "utf-8")


def newest(shape: str) -> str:
    """The name of the first run that is listed."""
    run_count = SHAPES[shape][0]
    return f"run {run_count - 1 if run_count % 40 == 0 else run_count}"


def bench_start(path: Path, shape: str, home: Path, target_s: float) -> None:
    """Start until the first page of runs is painted."""
    walls, cpus = [], []
    for _ in range(3):
        terminal = Terminal([str(path)], home)
        walls.append(terminal.wait_for(newest(shape)))
        cpus.append(terminal.cpu_s())
        terminal.settle(0.5)
        terminal.close()
    figure = f"cpu {statistics.median(cpus):.2f} s, wall {statistics.median(walls):.2f} s"
    report(f"start to the first page, {shape}", figure, f"{target_s} s")


def bench_keys(path: Path, home: Path) -> None:
    """Keys in the table of R with 60 columns; memory afterwards."""
    choose_columns(path, home, 60)
    terminal = Terminal([str(path)], home)
    terminal.wait_for(newest("R"))
    terminal.settle(1.5)
    for name, key, times in (
        ("down", b"j", 120),
        ("page down", b"\x1b[6~", 40),
        ("right", b"l", 50),
    ):
        walls, painted, cpu = [], 0, terminal.cpu_s()
        for _ in range(times):
            wall, count = terminal.press(key)
            walls.append(wall)
            painted += count
        cpu_ms = 1e3 * (terminal.cpu_s() - cpu) / times
        p95 = sorted(walls)[int(len(walls) * 0.95)]
        figure = f"cpu {cpu_ms:.1f} ms, p95 wall {p95:.0f} ms, {painted // times:,} bytes"
        report(f"key {name}, R with 60 columns", figure, "p95 33 ms")
    report("memory, R open", f"{terminal.memory_mb():.0f} MB", "400 MB")
    bench_idle(terminal)
    terminal.close()


def bench_idle(terminal: Terminal) -> None:
    """Ten seconds in which nothing happens."""
    terminal.settle(2.0)
    cpu, started = terminal.cpu_s(), time.perf_counter()
    count = 0
    while (left := 10 - (time.perf_counter() - started)) > 0:
        count += len(terminal.read(left))
    share = (terminal.cpu_s() - cpu) / 10
    report("idle for 10 s", f"{count} bytes, {share:.1%} of a core", "0 bytes, < 2%")


LIVE_PROGRAM = """
import os, sys, threading, time
from pathlib import Path
from app.settings.config import Config
from app.application import RunfolioApplication
from app.sources.local import LocalSource
from store import Store
from tests.factories import log_run, make_hash, make_points

store = Store.open(Path(sys.argv[1]))
for key in range({runs}):
    log_run(store.default, key, name=f"live {{key}}", metrics={{"loss": [1.0], "acc": [0.5]}})

def log():
    step = 1
    while True:
        time.sleep(1)
        for key in range({runs}):
            values = [1 / step]
            store.default.ingest.submit(make_hash(key), [
                make_points("loss", values, first_step=step),
                make_points("acc", values, first_step=step)])
        step += 1

threading.Thread(target=log, daemon=True).start()
RunfolioApplication(LocalSource(store), Config(start_screen="runs")).run()
os._exit(0)
"""


def bench_live(folder: Path, home: Path) -> None:
    """Twenty runs that log two metrics a second each; their own logging is included."""
    path = folder / f"live-{os.getpid()}.rf"
    program = LIVE_PROGRAM.format(runs=LIVE_RUNS)
    script = folder / "live.py"
    script.write_text(program, "utf-8")
    terminal = Terminal.__new__(Terminal)
    terminal.started_at, terminal.output = time.perf_counter(), b""
    terminal.pid, terminal._fd = pty.fork()
    if terminal.pid == 0:
        environment = {**os.environ, "HOME": str(home), "PYTHONPATH": str(Path.cwd())}
        os.execve(sys.executable, [sys.executable, str(script), str(path)], environment)
    size = struct.pack("HHHH", ROWS, COLUMNS, 0, 0)
    fcntl.ioctl(terminal._fd, termios.TIOCSWINSZ, size)
    terminal.wait_for("live 19")
    terminal.settle(0.3)
    stop = time.perf_counter() + 3
    while time.perf_counter() < stop:
        terminal.read(0.2)
    cpu, count, started = terminal.cpu_s(), 0, time.perf_counter()
    while time.perf_counter() - started < 15:
        count += len(terminal.read(0.2))
    share = (terminal.cpu_s() - cpu) / 15
    report(f"{LIVE_RUNS} live runs", f"{share:.1%} of a core, {count // 15:,} bytes/s", "< 10%")
    terminal.close()


def main() -> None:
    """Everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--only", default="start,keys,live")
    arguments = parser.parse_args()
    print_machine()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        home = Path(temporary) / "home"
        home.mkdir()
        if "start" in arguments.only:
            for shape, target_s in (("S", 0.6), ("R", 0.9)):
                bench_start(find_store(folder, shape), shape, home, target_s)
        if "keys" in arguments.only:
            bench_keys(find_store(folder, "R"), home)
        if "live" in arguments.only:
            bench_live(folder, home)


if __name__ == "__main__":
    main()
