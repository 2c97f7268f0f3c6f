"""What runs inside of Aim's own environment; answers are lines that begin with "= ".

aim_worker.py fill REPOSITORY < one JSON object for each run     prints their hashes
aim_worker.py log REPOSITORY SECONDS                             prints points a second
"""

from __future__ import annotations

import json
import sys
import time

from aim import Run  # type: ignore[import-not-found]  # not in this environment


def open_run(repository: str) -> Run:
    """A run without any measuring of its own."""
    return Run(
        repo=repository,
        system_tracking_interval=None,
        log_system_params=False,
        capture_terminal_logs=False,
    )


def fill(repository: str) -> None:
    """Store runs."""
    for line in sys.stdin:
        data = json.loads(line)
        run = open_run(repository)
        run["hparams"] = data["params"]
        for name, values in data["metrics"].items():
            for step, value in enumerate(values):
                run.track(value, name=name, step=step)
        run.close()
        print(f"= {run.hash}")


def log(repository: str, seconds: float) -> None:
    """Log one point a call, and wait until all of them have arrived."""
    started = time.perf_counter()
    run = open_run(repository)
    count = 0
    while time.perf_counter() - started < seconds:
        run.track(count / 7, name="loss", step=count)
        count += 1
    if repository.startswith("aim://"):
        run.repo._client.get_queue().wait_for_finish()
    run.close()
    print(f"= {count / (time.perf_counter() - started)}")


if __name__ == "__main__":
    if sys.argv[1] == "fill":
        fill(sys.argv[2])
    else:
        log(sys.argv[2], float(sys.argv[3]))
