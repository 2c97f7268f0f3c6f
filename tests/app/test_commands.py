"""The table of commands: no key twice, everything explained, everything does something."""

from __future__ import annotations

import re
from collections import Counter
from importlib import import_module
from inspect import getmembers, isclass
from pathlib import Path

import pytest

from app import application
from app.commands import COMMANDS, PLACES, Command, Scope, command_by_id, commands_of
from app.commands.line import WORDS, parse, suggestions


def test_ids_are_unique() -> None:
    ids = Counter(command.id for command in COMMANDS)
    assert [each for each, amount in ids.items() if amount > 1] == []


@pytest.mark.parametrize("scope", Scope)
def test_no_key_stands_twice_in_a_scope(scope: Scope) -> None:
    keys = Counter(
        key for command in commands_of(scope) for key in command.keys.split(",") if key
    )
    assert [key for key, amount in keys.items() if amount > 1] == []


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_every_command_has_a_title_and_a_sentence(command: Command) -> None:
    assert command.title
    assert command.help.endswith(".")
    assert len(command.title) <= 24


def actions() -> set[str]:
    """Names of all actions that the dashboard's own classes have."""
    folder = Path(application.__file__).parent
    found: set[str] = set()
    for path in folder.rglob("*.py"):
        found.update(re.findall(r"def action_(\w+)", path.read_text("utf-8")))
    return found


def test_every_command_has_an_action() -> None:
    known = actions()
    for command in COMMANDS:
        action = (command.action or command.name).partition("(")[0].rpartition(".")[2]
        assert action in known, command.id


def test_every_screen_class_is_the_one_of_its_place() -> None:
    for place in PLACES:
        module = import_module(place.module)
        screens = dict(getmembers(module, isclass))
        assert vars(screens[place.screen])["PLACE"] == place.name


def test_commands_are_found_by_id_and_by_an_unambiguous_name() -> None:
    assert command_by_id("runs.archive") is command_by_id("runs.archive")
    found = command_by_id("apply_order")
    assert found is not None
    assert found.id == "runs.apply_order"
    assert command_by_id("note") is None, "several screens have one"


def test_typed_commands_are_understood() -> None:
    typed = parse("runs run.hparams.lr > 0.1")
    assert typed is not None
    assert (typed.word, typed.rest) == ("runs", "run.hparams.lr > 0.1")
    assert parse(":q") == parse("quit")
    assert parse("no such thing") is None
    for word in WORDS:
        assert parse(word) is not None


def test_suggestions_begin_with_what_was_typed() -> None:
    assert suggestions("ru")[0] == "runs"
    assert suggestions("theme no", values=["nord", "dracula"]) == ["theme nord"]
