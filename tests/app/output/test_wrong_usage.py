"""Commands that cannot do what was asked say what to do instead."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.output.runs import load_records, parse_sort
from app.sources.local import LocalSource
from store import Store
from store.errors import InvalidDataError


def answer(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments])


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands run: there is no store."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_command_spelled_wrongly_makes_no_store(empty_folder: Path) -> None:
    done = answer("rnus")
    assert done.exit_code == 2
    assert "Did you mean runfolio runs?" in done.output
    assert list(empty_folder.iterdir()) == []


@pytest.mark.parametrize("arguments", [["plot.rf"], ["new.rf", "--yes"], ["demo", "new.rf"]])
def test_the_dashboard_wants_a_terminal(empty_folder: Path, arguments: list[str]) -> None:
    done = answer(*arguments)
    assert done.exit_code == 1
    assert "needs a terminal" in done.output
    assert "runfolio " in done.output
    assert list(empty_folder.iterdir()) == []


@pytest.mark.parametrize("command", [["runs"], ["show", "a"], ["plot", "loss"]])
def test_no_store_far_and_wide(
    empty_folder: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    named = answer(*command, "-s", "other.rf")
    assert named.exit_code == 4
    assert f"There is no store at {empty_folder / 'other.rf'}" in named.output
    assert "create" not in named.output
    # Above the folders of the tests there may be stores of other tests.
    root = Path(empty_folder.anchor)
    monkeypatch.chdir(root)
    done = answer(*command)
    assert done.exit_code == 4
    assert f"There is no store in {root} or further up. Name one" in done.output


@pytest.mark.parametrize(
    "arguments",
    [
        ["runs", "--limit", "-1"],
        ["plot", "loss", "--limit", "0"],
        ["plot", "loss", "--width", "3"],
        ["plot", "loss", "--height", "2"],
        ["serve", "--port", "99999"],
        ["compare", "a"],
        ["token", "create", "ci", "--days", "-1"],
    ],
)
def test_numbers_have_limits(arguments: list[str]) -> None:
    done = answer(*arguments)
    assert done.exit_code == 2
    assert "Error" in done.output


def test_sorting_knows_the_names_of_columns_and_tells_all_fields(demo_store: Store) -> None:
    source = LocalSource(demo_store)
    for alias, field in (("name", "run"), ("-started", "-date")):
        by_alias, by_field = (
            [record.run.hash for record in load_records(source, "", [key], 0)[1]]
            for key in (alias, field)
        )
        assert by_alias == by_field
    with pytest.raises(InvalidDataError, match=r"date, duration, run, .*metrics"):
        parse_sort("-nonsense")
