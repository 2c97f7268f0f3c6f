"""What every benchmark says about itself, and how it measures."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable

import duckdb
import numpy as np


def print_machine() -> None:
    """Machine, load and versions: figures mean little without them."""
    model = platform.processor() or platform.machine()
    with open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123 - not a real file
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"# {model}, {os.cpu_count()} cores, load {load}")
    versions = f"Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    print(f"# {versions}, NumPy {np.__version__}, {platform.system()} {platform.release()}")


def rss_mb() -> float:
    """Memory of this process now, in megabytes."""
    with open("/proc/self/statm", encoding="utf-8") as file:  # noqa: PTH123 - not a real file
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def measure(name: str, target_ms: float | None, work: Callable[[], object], n: int = 9) -> None:
    """Print the median and the best wall time, and the CPU time, of a piece of work."""
    work()
    walls, cpus = [], []
    for _ in range(n):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(1e3 * (time.perf_counter() - wall))
        cpus.append(1e3 * (time.process_time() - cpu))
    target = "" if target_ms is None else f"  target {target_ms:g} ms"
    print(
        f"{name:<52} median {statistics.median(walls):8.1f} ms  min {min(walls):8.1f}"
        f"  cpu {statistics.median(cpus):8.1f}{target}"
    )


def print_figure(name: str, figure: str, target: str = "") -> None:
    """Print one figure that is not a time of repeated work."""
    print(f"{name:<52} {figure}{f'  target {target}' if target else ''}")
