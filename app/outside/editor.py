"""Edit a text in `$VISUAL` or `$EDITOR`, while the dashboard is suspended."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from textual.app import App, SuspendNotSupported


def editor_command(environment: Mapping[str, str] = os.environ) -> list[str]:
    """The editor with its options."""
    return shlex.split(environment.get("VISUAL") or environment.get("EDITOR") or "vi")


def edit_text(text: str, environment: Mapping[str, str] = os.environ) -> str | None:
    """The text after editing; None if the editor could not be run or failed."""
    with tempfile.TemporaryDirectory(prefix="runfolio-") as folder:
        path = Path(folder) / "note.md"
        path.write_text(text, "utf-8")
        try:
            ended = subprocess.run([*editor_command(environment), str(path)], check=False)
        except OSError:
            return None
        return path.read_text("utf-8").rstrip() if ended.returncode == 0 else None


def edit_in_terminal(app: App[object], text: str) -> str | None:
    """Edit a text while the dashboard makes room; None if that did not work."""
    try:
        with app.suspend():
            edited = edit_text(text)
    except SuspendNotSupported:
        return None
    app.refresh(layout=True)
    return edited
