"""The examples of the README, run as they stand there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.e2e.processes import TIMEOUT_S, run, serving

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
DEFAULT_ADDRESS = "http://127.0.0.1:53800"


def block(language: str, containing: str) -> str:
    """The only code block of a language that contains a word."""
    blocks = re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    (found,) = [text for text in blocks if containing in text]
    return str(found)


@pytest.mark.parametrize(
    ("program", "code", "experiment"),
    [
        ([sys.executable, "-c"], block("python", "matyan_client"), "first-steps"),
        (["bash", "-euc"], block("bash", "curl"), "from-the-shell"),
    ],
)
def test_logging_a_run_as_the_readme_does(
    tmp_path: Path, program: list[str], code: str, experiment: str
) -> None:
    assert DEFAULT_ADDRESS in code
    with serving(str(tmp_path / "lab.rf"), "--port", "0") as served:
        subprocess.run(
            [*program, code.replace(DEFAULT_ADDRESS, served.url)], check=True, timeout=TIMEOUT_S
        )
        (logged,) = json.loads(run("runs", "-s", served.url, "--json").stdout)
    assert logged["experiment"] == experiment
    assert logged["status"] == "finished"
    assert [metric["name"] for metric in logged["metrics"]] == ["loss"]
