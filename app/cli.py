"""The command line. Everything heavy is imported inside the commands.

Exit status: 0 all is well, 1 not possible now, 2 wrong usage, 3 the store is in use and cannot
be attached to, 4 the store or address cannot be used.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click

from app.demo.command import demo_command
from app.launching import check_terminal
from app.output.commands import compare_command, plot_command, runs_command, show_command
from app.serve import serve_command
from app.settings.config import Config, ConfigError
from app.token import token_group
from store.errors import InvalidDataError, OpenError, StoreError, StoreLockedError

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_LOCKED = 3
EXIT_UNUSABLE = 4


class RunfolioGroup(click.Group):
    """Commands by name; anything else is the address of a store."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        """Put `open` in front of what is no command."""
        own = {"--help", "--version"}
        first = arguments[0] if arguments else ""
        if first not in own and first not in self.commands:
            arguments = ["open", *arguments]
        return super().parse_args(context, arguments)

    def invoke(self, context: click.Context) -> object:
        """Run a command; what goes wrong on purpose becomes a sentence and a status."""
        try:
            return super().invoke(context)
        except StoreError as error:
            fail(str(error), exit_status(error))
        except ConfigError as error:
            fail(str(error), EXIT_USAGE)


def exit_status(error: StoreError) -> int:
    """The exit status of an error."""
    if isinstance(error, StoreLockedError):
        return EXIT_LOCKED
    if isinstance(error, OpenError) or error.code == "source_unavailable":
        return EXIT_UNUSABLE
    return EXIT_USAGE if isinstance(error, InvalidDataError) else EXIT_FAILED


def fail(sentence: str, status: int) -> NoReturn:
    """End with a sentence on standard error."""
    click.echo(f"runfolio: {sentence}", err=True)
    sys.exit(status)


@click.group(cls=RunfolioGroup, subcommand_metavar="[STORE|URL] | COMMAND [ARGS]...")
@click.version_option(package_name="runfolio", prog_name="runfolio")
def main() -> None:
    """The lab notebook that lives in the terminal.

    Without a command the dashboard opens: on the STORE or URL given, or on the nearest
    folder that ends in .rf, here or further up.
    """


@click.command("open", hidden=True)
@click.argument("address", metavar="[STORE|URL]", default="")
@click.option("--token", envvar="RUNFOLIO_TOKEN", default="", help="Token for a server.")
@click.option("--theme", default="", help="Colours, as in --theme nord.")
@click.option("--screen", default="", help="Screen to start with, as in --screen home.")
@click.option("--yes", is_flag=True, help="Create the store without asking.")
def open_command(*, address: str, token: str, theme: str, screen: str, yes: bool) -> None:
    """Open the dashboard."""
    from app.settings.config import read_config, with_values
    from app.sources.opening import DEFAULT_STORE, find_store, is_url

    chosen = {"theme": theme, "start_screen": screen}
    config = with_values(read_config(), {k: v for k, v in chosen.items() if v}, "command line")
    if not is_url(address):
        address = str(Path(address) if address else find_store(Path.cwd()) or DEFAULT_STORE)
    is_new = not is_url(address) and not Path(address).exists() and not yes
    if is_new:
        _refuse_misspelled(address)
    check_terminal("runfolio runs", "runfolio serve")
    if is_new:
        click.confirm(f"There is no store at {address}. Create it?", default=True, abort=True)
    from app.launching import open_dashboard

    sys.exit(open_dashboard(address, config, token=token))


def _refuse_misspelled(address: str) -> None:
    """A command spelled wrongly shall not become a store.

    Raises:
        click.UsageError: If the address is nearly the name of a command.
    """
    from difflib import get_close_matches

    # With a suffix it is the name of a file.
    for name in () if Path(address).suffix else get_close_matches(address, main.commands, 1):
        raise click.UsageError(
            f"There is no command and no store {address!r}. Did you mean runfolio {name}?"
        )


@click.command("config")
def config_command() -> None:
    """Print where the settings are kept, and all settings in force."""
    from app.settings.config import as_toml, config_path, read_config

    path = config_path()
    click.echo(f"# {path}{'' if path.is_file() else ' (not there yet)'}")
    config = read_config()
    click.echo(as_toml(config))
    for sentence in _problems(config, path):
        click.echo(f"runfolio: {sentence}", err=True)


def _problems(config: Config, path: Path) -> list[str]:
    """Sentences about settings and themes that cannot be used."""
    from textual.theme import BUILTIN_THEMES

    from app.settings.problems import setting_problems
    from app.settings.user_themes import read_themes
    from app.theme import THEMES

    own, problems = read_themes(path.parent / "themes")
    names = [*BUILTIN_THEMES, *(theme.name for theme in (*THEMES, *own))]
    return [*problems, *setting_problems(config, names)]


for command in (
    open_command,
    serve_command,
    demo_command,
    runs_command,
    show_command,
    plot_command,
    compare_command,
    token_group,
    config_command,
):
    main.add_command(command)
