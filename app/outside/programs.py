"""Programs outside of the dashboard: viewers for files, players for sounds.

Files that only exist in a store are written to a temporary folder first, which goes when the
program ends.
"""

from __future__ import annotations

import atexit
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

NO_VIEWER = "There is no desktop to open it on. s saves it; the setting viewer names a program."
Which = Callable[[str], str | None]

PLAYERS: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("ffplay", ("-nodisp", "-autoexit", "-loglevel", "quiet"), True),
    ("mpv", ("--no-video", "--really-quiet"), True),
    ("afplay", (), True),
    ("play", ("-q",), True),
    ("pw-play", (), False),
    ("paplay", (), False),
    ("aplay", ("-q",), False),
)
"""Name, options, and whether it plays more than WAV."""


def viewer_command(
    setting: str,
    environment: Mapping[str, str] = os.environ,
    which: Which = shutil.which,
    platform: str = sys.platform,
) -> list[str]:
    """The program that opens files; empty if there is none, or no desktop to open them on."""
    if setting:
        return shlex.split(setting)
    if platform == "darwin":
        return ["open"]
    has_desktop = any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    return ["xdg-open"] if has_desktop and which("xdg-open") else []


def player_command(setting: str, suffix: str, which: Which = shutil.which) -> list[str]:
    """The program that plays sounds of this kind; empty if there is none."""
    if setting:
        return shlex.split(setting)
    for name, options, plays_all in PLAYERS:
        if (plays_all or suffix.lower() == ".wav") and which(name):
            return [name, *options]
    return []


def temporary_file(name: str, data: bytes) -> Path:
    """A file of this name that lasts until the program ends."""
    folder = Path(tempfile.mkdtemp(dir=_temporary_folder()))
    path = folder / (Path(name).name or "file")
    path.write_bytes(data)
    return path


@cache
def _temporary_folder() -> str:
    folder = tempfile.mkdtemp(prefix="runfolio-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


class OutsideProgram:
    """One program at a time, in the background; it can be stopped."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        """Whether it is still at work."""
        return self._process is not None and self._process.poll() is None

    def start(self, command: Sequence[str], path: Path) -> bool:
        """Start it on a file in place of the one before; whether that was possible."""
        self.stop()
        try:
            self._process = subprocess.Popen(
                [*command, str(path)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError:
            return False
        return True

    def stop(self) -> None:
        """End it."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=1)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None
