"""The README says what is true: keys, settings, commands, routes and pictures."""

from __future__ import annotations

import re
import shlex

import pytest
from click.testing import CliRunner

from app.cli import main
from tests.architecture.documents import PARTS, README, part_of
from tests.architecture.sources import ROOT

TEXT = README.read_text(encoding="utf-8")
CODE_BLOCK = re.compile(r"```(?:bash|console|sh)\n(.*?)```", re.DOTALL)


def shell_lines() -> list[str]:
    """Every line of every shell block, continued lines joined."""
    blocks = "\n".join(CODE_BLOCK.findall(TEXT)).replace("\\\n", " ")
    return [line.split("  #")[0].strip() for line in blocks.splitlines() if line.strip()]


def runfolio_commands() -> list[list[str]]:
    """Arguments of every call of runfolio in a shell block."""
    calls = [part.strip() for line in shell_lines() for part in re.split(r"&&|\|", line)]
    return [shlex.split(call)[1:] for call in calls if call.startswith("runfolio")]


@pytest.mark.parametrize("name", PARTS)
def test_the_readme_agrees_with_the_code(name: str) -> None:
    wanted = PARTS[name]()
    assert part_of(TEXT, name) == wanted, "run python -m tests.architecture.documents"


def test_every_option_in_the_readme_exists() -> None:
    assert runfolio_commands()
    for arguments in runfolio_commands():
        options = {word.split("=")[0] for word in arguments if re.match(r"--?[a-z]", word)}
        command = next((word for word in arguments if word in main.commands), None)
        shown = CliRunner().invoke(main, [*([command] if command else []), "--help"])
        assert shown.exit_code == 0
        missing = {option for option in options if option not in shown.output}
        assert not missing, f"runfolio {' '.join(arguments)}"


def test_the_gate_runs_the_readme_s_test_command() -> None:
    test_lines = [line for line in shell_lines() if "pytest" in line]
    assert test_lines[0] == "pip install '.[dev]' && pytest"
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert all(f"\n{part}" in gate or part in gate for part in test_lines[0].split(" && "))


def test_every_picture_is_used_and_every_used_picture_exists() -> None:
    pages = [README, *(ROOT / "app" / "help").glob("*.md")]
    texts = [page.read_text(encoding="utf-8") for page in pages]
    used = {
        name
        for text in texts
        for name in re.findall(r"screenshots/([\w-]+\.(?:png|svg))", text)
    }
    there = {
        path.name
        for path in (ROOT / "screenshots").iterdir()
        if path.suffix in {".png", ".svg"}
    }
    assert used <= there, "a picture that does not exist"
    stems = {name.partition(".")[0] for name in used}
    assert {name.partition(".")[0] for name in there} <= stems, "a picture that nothing shows"


def test_no_picture_tells_where_it_was_taken() -> None:
    for path in (ROOT / "screenshots").glob("*.svg"):
        found = re.findall(
            r">[^<]*/(?:home|root|tmp|work|Users)/[^<]*<", path.read_text("utf-8")
        )
        assert not found, (path.name, found)


def test_links_inside_the_repository_lead_somewhere() -> None:
    for target in re.findall(r"\]\(((?!https?:|#|mailto:)[^)]+)\)", TEXT):
        assert (ROOT / target.partition("#")[0]).exists(), target
