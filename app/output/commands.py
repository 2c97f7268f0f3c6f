"""The command line of `runs`, `show`, `plot` and `compare`.

Everything heavy is imported inside the commands, so that `--help` stays quick.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from app.sources import Source

Command = TypeVar("Command", bound=Callable[..., Any])

DEFAULT_SIZE = (100, 30)
"""Columns and lines where the output is no terminal."""


def source_option(command: Command) -> Command:
    """Where the data is."""
    command = click.option(
        "--token",
        envvar="RUNFOLIO_TOKEN",
        default="",
        help="Token for a server that wants one.",
    )(command)
    return click.option(
        "-s",
        "--store",
        "address",
        envvar="RUNFOLIO_STORE",
        default="",
        metavar="STORE|URL",
        help="Folder of the store, or URL of a server; like the dashboard's by default.",
    )(command)


def json_option(command: Command) -> Command:
    """For programs."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


@contextmanager
def opened(address: str, token: str) -> Iterator[Source]:
    """The source at an address, closed in the end.

    Raises:
        OpenError: If there is no store, or it cannot be used.
    """
    from app.sources.opening import open_source

    source = open_source(address, token=token)
    try:
        yield source
    finally:
        source.close()


def terminal_width() -> int | None:
    """Columns of the terminal; None when the output goes elsewhere and must not be cut."""
    return shutil.get_terminal_size(DEFAULT_SIZE).columns if sys.stdout.isatty() else None


def print_lines(lines: Iterator[str] | Sequence[str]) -> None:
    """Lines to standard output; colour codes only to a terminal."""
    for line in lines:
        click.echo(line)


def print_json(value: Any, *, is_compact: bool = False) -> None:
    """A value as JSON."""
    from app.output.values import to_json

    click.echo(to_json(value, is_compact=is_compact))


@click.command("runs")
@source_option
@click.option(
    "-q", "--query", default="", help="Which runs, as in 'run.hparams.lr < 0.1', or words."
)
@click.option(
    "--sort",
    multiple=True,
    metavar="FIELD",
    help="date, duration, run, experiment, params.…, metrics.…; a minus in front: descending.",
)
@click.option(
    "--limit",
    default=50,
    show_default=True,
    type=click.IntRange(0),
    help="At most so many; 0 for all.",
)
@click.option(
    "--columns", default="", help="Names with commas between, such as name,metrics.loss."
)
@json_option
def runs_command(
    *,
    address: str,
    token: str,
    query: str,
    sort: tuple[str, ...],
    limit: int,
    columns: str,
    as_json: bool,
) -> None:
    """List the runs that match a query."""
    from app.formatting import plural
    from app.output.runs import load_records, runs_json, runs_table

    with opened(address, token) as source:
        total, records = load_records(source, query, sort, limit)
    if as_json:
        print_json(runs_json(records, time.time()))
        return
    wanted = [column.strip() for column in columns.split(",") if column.strip()]
    print_lines(runs_table(records, wanted, time.time(), terminal_width()))
    if total > len(records):
        click.echo(f"{len(records)} of {plural(total, 'run')}; --limit 0 lists all", err=True)


@click.command("show")
@click.argument("run")
@source_option
@json_option
def show_command(run: str, address: str, token: str, as_json: bool) -> None:
    """Show one run, given by hash, beginning of its hash, or name."""
    from app.output.lookup import find_run_hash
    from app.output.show import show_json, show_lines

    with opened(address, token) as source:
        run_hash = find_run_hash(source, run)
        if as_json:
            print_json(show_json(source, run_hash, time.time()))
        else:
            print_lines(show_lines(source, run_hash, time.time()))


@click.command("plot")
@click.argument("metric")
@source_option
@click.option("-q", "--query", default="", help="Which runs and contexts, or words.")
@click.option(
    "--limit",
    default=10,
    show_default=True,
    type=click.IntRange(1),
    help="At most so many runs.",
)
@click.option("--log", "is_log", is_flag=True, help="Logarithmic y axis.")
@click.option(
    "--width", type=click.IntRange(20), help="Columns; those of the terminal unless given."
)
@click.option(
    "--height", type=click.IntRange(6), help="Lines; those of the terminal unless given."
)
@json_option
def plot_command(
    *,
    metric: str,
    address: str,
    token: str,
    query: str,
    limit: int,
    is_log: bool,
    width: int | None,
    height: int | None,
    as_json: bool,
) -> None:
    """Draw a metric of the runs that match a query."""
    from app.charts.picture import Size
    from app.output.plot import POINTS_PER_COLUMN, load_traces, plot_json, plot_text

    terminal = shutil.get_terminal_size(DEFAULT_SIZE)
    size = Size(width or terminal.columns, height or max(12, min(terminal.lines - 6, 40)))
    with opened(address, token) as source:
        density = 0 if as_json else size.width * POINTS_PER_COLUMN
        loaded = load_traces(source, metric, query, limit=limit, density=density)
    if as_json:
        print_json(plot_json(loaded), is_compact=True)
    elif loaded:
        click.echo(
            plot_text(loaded, metric, size, is_log=is_log, has_color=sys.stdout.isatty())
        )
    else:
        click.echo(f"No run has a metric {metric!r} that matches.", err=True)
        raise SystemExit(1)


@click.command("compare")
@click.argument("runs", nargs=-1, required=True, metavar="RUN RUN...")
@source_option
@click.option("-d", "--differences", is_flag=True, help="Leave out params that are the same.")
@json_option
def compare_command(
    runs: tuple[str, ...], address: str, token: str, differences: bool, as_json: bool
) -> None:
    """Compare runs, given as for `show`; the first one is the reference."""
    if len(runs) < 2:
        raise click.UsageError("Name two runs or more.")
    from app.output.compare import compare_json, compare_lines
    from app.output.lookup import find_run_hashes

    with opened(address, token) as source:
        records = source.get_records(find_run_hashes(source, runs))
    if as_json:
        print_json(compare_json(records))
    else:
        print_lines(compare_lines(records, only_differences=differences))


COMMANDS = (runs_command, show_command, plot_command, compare_command)
