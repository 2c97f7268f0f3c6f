"""The parts of the README that follow from the code.

A part stands between `<!-- name -->` and `<!-- end of name -->`. After a change of commands,
settings, options or routes, `python -m tests.architecture.documents` writes them anew.
"""

from __future__ import annotations

import ast
import inspect
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import click
from textual.keys import key_to_character

from app.commands import Command, Scope, commands_of
from tests.architecture.sources import ROOT

README = ROOT / "README.md"


def keys_table() -> str:
    """Every key by where it works."""
    lines = ["| where | key | what it does |", "|---|---|---|"]
    for scope in Scope:
        commands = [command for command in commands_of(scope) if command.keys]
        for position, command in enumerate(commands):
            where = scope.value if position == 0 else ""
            lines.append(f"| {where} | {shown_keys(command)} | {escaped(command.help)} |")
    return "\n".join(lines)


def shown_keys(command: Command) -> str:
    """The keys of a command as they are printed on a keyboard."""
    return " ".join(f"`{shown_key(key)}`" for key in command.keys.split(","))


def shown_key(key: str) -> str:
    """`question_mark` as `?`, everything else by its name."""
    *modifiers, last = key.split("+")
    character = key_to_character(last)
    shown = character if character and character.isprintable() and character != " " else last
    return "+".join([*modifiers, escaped(shown)])


def escaped(text: str) -> str:
    """Text that does not end a cell of a table."""
    return text.replace("|", "\\|")


def settings_table() -> str:
    """Every setting with its default."""
    from app.settings import config

    tree = ast.parse(inspect.getsource(config))
    shape = next(
        node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Config"
    )
    lines = ["| setting | default | meaning |", "|---|---|---|"]
    default = config.Config()
    for field, comment in zip(shape.body, shape.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            assert isinstance(comment, ast.Expr)
            assert isinstance(comment.value, ast.Constant)
            meaning = escaped(inspect.cleandoc(str(comment.value.value)).replace("\n", " "))
            value = getattr(default, field.target.id)
            lines.append(f"| `{field.target.id}` | `{value!r}` | {meaning} |")
    return "\n".join(lines)


def command_line_table() -> str:
    """Every command with its options."""
    from app.cli import main

    lines = ["| command | what it does |", "|---|---|"]
    for path, command in walk_commands("runfolio", main):
        lines.append(f"| `{path}` | {escaped(command.get_short_help_str(200))} |")
        for option in command.params:
            if isinstance(option, click.Option) and not option.hidden:
                names = ", ".join(f"`{name}`" for name in option.opts)
                lines.append(f"| &nbsp;&nbsp;{names} | {escaped(option.help or '')} |")
    return "\n".join(lines)


def walk_commands(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """A command and everything below it, with the words that call it."""
    arguments = [
        param.make_metavar(click.Context(command))
        for param in command.params
        if isinstance(param, click.Argument)
    ]
    yield " ".join([path, *arguments]), command
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from walk_commands(f"{path} {name}", below)


def routes_list() -> str:
    """Every route of the REST surface, by path."""
    from server.api import create_api
    from server.settings import ServerSettings
    from store import Store

    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "lab.rf")
        try:
            document = openapi_of(create_api(store, ServerSettings(port=0)))
        finally:
            store.close()
    lines = ["| path | methods |", "|---|---|"]
    for path, methods in sorted(document.items()):
        lines.append(f"| `{path}` | {' '.join(method.upper() for method in sorted(methods))} |")
    return "\n".join(lines)


def openapi_of(api: object) -> dict[str, dict[str, object]]:
    """Paths and methods of the API's own document."""
    from starlette.testclient import TestClient

    with TestClient(api, base_url="http://127.0.0.1") as client:  # type: ignore[arg-type]
        paths: dict[str, dict[str, object]] = client.get("/openapi.json").json()["paths"]
    return paths


PARTS: dict[str, Callable[[], str]] = {
    "keys": keys_table,
    "settings": settings_table,
    "command line": command_line_table,
    "routes": routes_list,
}


def part_pattern(name: str) -> re.Pattern[str]:
    """Matches a part; the group is what stands between the marks."""
    return re.compile(rf"<!-- {name} -->\n(.*?)<!-- end of {name} -->", re.DOTALL)


def part_of(text: str, name: str) -> str:
    """What stands between the marks of a part."""
    found = part_pattern(name).search(text)
    assert found, f"the README has no part {name!r}"
    return found[1].strip()


def rewrite() -> None:
    """Write every part of the README anew."""
    text = README.read_text(encoding="utf-8")
    for name, make in PARTS.items():
        part = f"<!-- {name} -->\n{make()}\n<!-- end of {name} -->"
        text = part_pattern(name).sub(lambda _, part=part: part, text)
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    rewrite()
