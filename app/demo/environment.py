"""What is known of the machine and the code, as the client of the server logs it."""

from __future__ import annotations

import subprocess
import sys
import time
from functools import cache
from importlib.metadata import distributions
from typing import Any

SYSTEM_PARAMS = "__system_params"
_GIT = {
    "branch": ("rev-parse", "--abbrev-ref", "HEAD"),
    "remote_origin_url": ("config", "--get", "remote.origin.url"),
    "commit": ("log", "--pretty=format:%h\t%ad\t%an", "--date=iso-strict", "-1"),
}


@cache
def describe_environment() -> dict[str, Any]:
    """Interpreter, arguments, packages and state of the repository; no variables."""
    found = {each.metadata["Name"]: each.version for each in distributions()}
    return {
        "executable": sys.executable,
        "arguments": list(sys.argv),
        "packages": {name: version for name, version in found.items() if name},
        "git_info": _describe_repository(),
    }


def _describe_repository() -> dict[str, Any]:
    answers = {key: _ask_git(*arguments) for key, arguments in _GIT.items()}
    parts = answers["commit"].split("\t")
    if len(parts) != 3:
        return {}
    commit = dict(zip(("hash", "timestamp", "author"), parts, strict=True))
    return {**answers, "commit": commit}


def _ask_git(*arguments: str) -> str:
    try:
        answer = subprocess.run(
            ["git", *arguments], capture_output=True, text=True, check=False, timeout=5
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""


class ProcessorUse:
    """How busy this thread kept a processor since it was asked last, in percent."""

    def __init__(self) -> None:
        self._asked_at = time.monotonic()
        self._busy_s = time.thread_time()

    def percent(self) -> float:
        """From 0 to 100."""
        now, busy = time.monotonic(), time.thread_time()
        share = (busy - self._busy_s) / max(now - self._asked_at, 1e-9)
        self._asked_at, self._busy_s = now, busy
        return round(100 * min(1.0, share), 1)
