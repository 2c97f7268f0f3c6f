"""A process that is killed: what it had acknowledged is there, and whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from store import Store
from store.models import SequenceKey

WRITER = """
import sys, threading
from store import Store
from store.models import Context
from store.models.operations import *

store = Store.open(sys.argv[1])
lock = threading.Lock()

def write(thread):
    number = 0
    while True:
        run = f"r{thread}x{number}"
        store.default.ingest.submit(run, [
            CreateRun(), SetParams({"hparams": {"n": number, "t": thread}}), AddTag("t"),
            SetProperty(experiment=f"e{thread}"), LogLines([(0, run)]),
            LogPoints("loss", Context(), [0, 1], [float(number), 1.0]),
        ]).result()
        if number % 3 == 2:
            store.default.runs.delete([f"r{thread}x{number - 1}"])
            with lock:
                print(f"deleted r{thread}x{number - 1}", flush=True)
        with lock:
            print(f"made {run}", flush=True)
        number += 1

threads = [threading.Thread(target=write, args=(n,), daemon=True) for n in range(3)]
for thread in threads:
    thread.start()
threads[0].join()
"""


def acknowledged_before_the_kill(path: Path, count: int) -> tuple[set[str], set[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(count)]
    os.kill(process.pid, signal.SIGKILL)
    lines += process.communicate()[0].splitlines()
    whole = [line.split() for line in lines if len(line.split()) == 2]
    made = {run for verb, run in whole if verb == "made"}
    return made, {run for verb, run in whole if verb == "deleted"}


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "lab.rf"
    for count in (3, 20, 60):
        made, deleted = acknowledged_before_the_kill(path, count)
        with Store.open(path) as store:
            workspace = store.default
            # A deletion may have been durable without anybody having heard of it yet.
            heard = {run for run in made - deleted if workspace.runs.exists(run)}
            assert len(made - deleted) - len(heard) <= 3
            assert not any(workspace.runs.exists(run) for run in deleted)
            for record in workspace.runs.records(heard):
                run = record.run.hash
                thread, number = run.removeprefix("r").split("x")
                assert record.params == {"hparams": {"n": int(number), "t": int(thread)}}
                assert (record.run.experiment, len(record.run.tags)) == (f"e{thread}", 1)
                assert workspace.logs.lines(run)[0].text == run
                points = workspace.points.read(run, SequenceKey("loss"))
                assert points.values.tolist() == [float(number), 1.0]
            workspace.runs.delete(workspace.runs.hashes())
            for run in made | deleted:
                workspace.runs.clear_tombstone(run)
            assert workspace.experiments.find()[0].run_count == 0
