"""The reference table of run search, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from store.errors import QueryError
from store.search import RunSearch
from tests.store.aimql.lab import ALPHA_HASH, BETA_HASH, runs_found

if TYPE_CHECKING:
    from store.workspace import Workspace

ROWS: list[tuple[str, str]] = [
    # everything and nothing
    ("abd", ""),
    ("abd", "  \n "),
    ("", "()"),
    ("abd", "True"),
    ("", "False"),
    # name
    ("a", 'run.name == "alpha"'),
    ("bd", "run.name != 'alpha'"),
    ("a", 'run.name.startswith("a")'),
    ("a", '"lph" in run.name'),
    ("a", 'run.name.upper() == "ALPHA"'),
    ("", 'run.name == "ALPHA"'),
    ("bd", 'run.name > "b"'),
    ("a", 'run.name[0] == "a"'),
    ("a", 'run.name[:2] == "al"'),
    ("ab", 'run.name in ["alpha","beta"]'),
    ("", "run.name == alpha"),
    ("a", 'run.name == "alpha" # note'),
    ("a", 'run.name == "alpha"\nand run.seed == 7'),
    ("a", 'SELECT run IF run.name == "alpha"'),
    ("ab", f'run.hash in ["{ALPHA_HASH}", "{BETA_HASH}"]'),
    ("a", f'run.hash[:8] == "{ALPHA_HASH[:8]}"'),
    ("a", f'run.hash.startswith("{ALPHA_HASH[:8]}")'),
    # experiment
    ("a", 'run.experiment == "exp-one"'),
    ("bd", 'run.experiment != "exp-one"'),
    ("ab", 'run.experiment in ("exp-one","exp-two")'),
    ("ab", '"exp" in run.experiment'),
    ("d", "run.experiment is None"),
    ("d", "run.experiment == None"),
    ("ab", "run.experiment is not None"),
    ("d", 'run.experiment == "default"'),
    ("", 'run.experiment.name == "exp-one"'),
    # tags
    ("a", '"best" in run.tags'),
    ("bd", '"best" not in run.tags'),
    ("a", 'run.tags.contains("best")'),
    ("a", "len(run.tags) > 0"),
    ("a", 'any([t == "best" for t in run.tags])'),
    ("a", 'any([t in ["best","x"] for t in run.tags])'),
    ("a", 'run.tags == ["best","prod"]'),
    ("a", 'set(run.tags) == {"best","prod"}'),
    ("bd", "not run.tags"),
    ("bd", "run.tags == []"),
    # active and archived
    ("", "run.active"),
    ("", "run.active == True"),
    ("abd", "not run.active"),
    ("abd", "run.active == False"),
    ("abd", "run.active is False"),
    ("g", "run.archived"),
    ("g", "bool(run.archived)"),
    ("g", "run.archived == True"),
    ("g", "run.archived is True"),
    ("g", "run.archived != False"),
    ("g", "run.archived == 1"),
    ("g", "run.is_archived == True"),
    ("g", "run.is_archived"),
    ("abd", "not run.archived"),
    ("abd", "run.archived == False"),
    ("abgd", "run.archived or not run.archived"),
    ("abgd", "run.archived == True or run.archived == False"),
    ("abgd", "run.archived in (True, False)"),
    ("abd", '"run.archived" == "run.archived"'),
    ("g", "run.archived == True and run.hparams.lr == 0.5"),
    ("g", "run.hparams.batch_size == 32 and run.is_archived == True"),
    # numbers among the params
    ("a", "run.hparams.lr == 0.001"),
    ("a", "0.001 == run.hparams.lr"),
    ("b", "run.hparams.lr == 1"),
    ("b", "run.hparams.lr == 1.0"),
    ("a", "run.hparams.lr < 1"),
    ("a", "run.hparams.lr < 1.0"),
    ("ab", "run.hparams.lr <= 1"),
    ("ab", "run.hparams.lr > 0.0001"),
    ("ab", "run.hparams.lr >= 0.001"),
    ("a", "0.0001 < run.hparams.lr < 0.01"),
    ("a", "run.hparams.lr >= 0.0005 and run.hparams.lr <= 0.002"),
    ("bd", "run.hparams.lr != 0.001"),
    ("ab", "run.hparams.lr in [0.001, 1]"),
    ("ab", "run.hparams.lr"),
    ("ab", 'run.hparams["lr"] > 0'),
    ("a", 'run["hparams"]["lr"] == 0.001'),
    ("a", 'run["hparams","lr"] == 0.001'),
    ("a", 'run["hparams"].get("lr") == 0.001'),
    ("a", 'run.get("seed") == 7'),
    ("abd", 'run.get("zz", 3) == 3'),
    ("a", 'run["seed"] == 7'),
    ("a", "run.seed == 7"),
    ("a", "float(run.seed) == 7.0"),
    ("ab", "run.seed in [7, 11]"),
    ("", 'run["name"] == "alpha"'),
    # params of other types
    ("", 'run.hparams.batch_size == "32"'),
    ("a", "run.hparams.batch_size == 32.0"),
    ("", 'run.hparams.batch_size > "a"'),
    ("", "run.hparams.opt < 5"),
    ("a", 'run.hparams.opt == "adam"'),
    ("a", 'run.hparams.opt.startswith("a")'),
    ("a", 'run.hparams.opt.lower() == "adam"'),
    ("a", "run.hparams.flag"),
    ("a", "run.hparams.flag == True"),
    ("a", "run.hparams.flag in (True,)"),
    ("a", "run.hparams.flag is True"),
    ("a", "run.hparams.flag == 1"),
    ("bd", "run.hparams.flag != True"),
    ("bd", "not run.hparams.flag"),
    # missing params
    ("", "run.hparams.missing"),
    ("", "run.hparams.missing > 1"),
    ("abd", "run.hparams.missing is None"),
    ("abd", "run.hparams.missing == None"),
    ("abd", "run.hparams.missing != 5"),
    ("abd", "not run.hparams.missing"),
    ("abd", "run.hparams.none is None"),
    ("abd", "run.hparams.none == None"),
    ("a", 'run.hparams.missing > 1 or run.name == "alpha"'),
    ("a", 'run["hparams"]["missing"] == 1 or run.name == "alpha"'),
    ("a", 'run["nope"]["missing"] == 1 or run.name == "alpha"'),
    ("a", 'run.missing.deep.deeper == 1 or run.name == "alpha"'),
    # dicts and lists
    ("a", 'run.hparams.nested.k == "v"'),
    ("a", 'run["hparams"]["nested"]["k"] == "v"'),
    ("a", 'run.hparams.nested == {"k":"v"}'),
    ("ab", '"lr" in run.hparams'),
    ("ab", "len(run.hparams) > 2"),
    ("ab", "[k for k in run.hparams]"),
    ("a", "run.hparams.layers[0] == 64"),
    ("a", "64 in run.hparams.layers"),
    ("a", "run.hparams.layers == [64,32]"),
    ("a", "sum(run.hparams.layers) == 96"),
    ("a", "run.hparams.layers[-1] == 32"),
    ("", "run.hparams.layers[5] == 1"),
    ("a", "all([x > 10 for x in run.hparams.layers])"),
    # arithmetic and functions
    ("a", "run.hparams.batch_size // 16 == 2"),
    ("ab", "run.hparams.batch_size % 2 == 0"),
    ("a", "abs(run.seed - 7) < 1"),
    ("a", "math.log10(run.hparams.lr) < -2"),
    ("a", "round(run.hparams.lr, 2) == 0.0"),
    ("", 're.match("a.*", run.name)'),
    ("a", "isinstance(run.hparams.lr, float)"),
    ("a", 'f"{run.name}" == "alpha"'),
    ("a", '"%s" % run.name == "alpha"'),
    ("", '"{}".format(run.name) == "alpha"'),
    # metrics
    ("ab", 'run.metrics["acc"].last > 0.5'),
    ("a", 'run.metrics["loss"].last < 1'),
    ("a", 'run.metrics["loss", {"subset":"train"}].last < 1'),
    ("a", 'run.metrics["loss", {"subset":"val"}].last < 0.2'),
    ("ab", 'run.metrics["acc"].first_step == 0'),
    ("ab", 'run.metrics["acc"].max > 0.5'),
    ("", 'run.metrics["nope"].last > 0'),
    ("d", 'run.metrics["acc"].last is None'),
    ("abd", 'not run.metrics["nope"]'),
    ("ab", '"acc" in run.metrics'),
    # times
    ("abd", "run.created_at > datetime(2020,1,1)"),
    ("abd", "datetime(2020,1,1) <= run.created_at < datetime(2100,1,1)"),
    ("abd", "run.created_at > datetime(year=2020, month=1, day=1)"),
    ("abd", "run.created_at > datetime.now() - timedelta(days=1)"),
    ("abd", "run.created_at > 1577836800"),
    ("abd", "run.created_at > datetime.now().timestamp() - 86400"),
    ("abd", "run.created_at.year > 2020"),
    ("abd", 'run.created_at.strftime("%Y") > "2020"'),
    ("abd", "run.created_at.timestamp() > 1600000000"),
    ("", "run.created_at >= datetime(2020, 13, 1)"),
    ("abd", "run.end_time > datetime(2024,1,1)"),
    ("abd", "run.finalized_at > datetime(2022,2,2)"),
    ("", "run.finalized_at is None"),
    ("abd", "run.duration < 3600 and run.duration > 0"),
    ("abd", "run.duration < timedelta(hours=1)"),
    # names that are not there
    ("abd", 'metric.name == "loss"'),
    ("ab", 'metric.name in ["acc", "x"]'),
    ("", 'images.name == "x"'),
    ("", 'open("x")'),
    ("", "print(1)"),
    ("", "type(run.seed) == int"),
    ("", "1/0"),
    ("", "undefined_name"),
    ("", "null"),
    ("", "true"),
    # the rest of the language
    ("a", 'run.name == "alpha" if True else False'),
    ("abd", "(lambda: True)()"),
    ("a", '(x := run.name) == "alpha"'),
    ("a", '(x := run.name) and x == "alpha"'),
    ("a", "run.description"),
    ("a", '"first" in run.description'),
    ("abd", 'run.status == "finished"'),
    ("", 'run.status in ["failed", "killed"]'),
]

GENERATED_BY_INTERFACES: list[tuple[str, str]] = [
    ("", "datetime(2024, 2, 12) <= run.created_at < datetime(2024, 2, 13) "),
    ("abd", "datetime(2026, 9, 21) <= run.created_at < datetime(2026, 9, 22) "),
    (
        "a",
        (
            "datetime(2026, 9, 21) <= run.created_at < datetime(2026, 9, 22) "
            ' and run.experiment == "exp-one"'
        ),
    ),
    ("", "run.active == True"),
    ("g", "run.archived == True"),
    ("a", 'any([t in ["best","prod"] for t in run.tags])'),
    ("ab", 'run.experiment in ["exp-one","exp-two"]'),
    ("a", f'run.hash in ["{ALPHA_HASH}"]'),
    ("a", "run.experiment == 'exp-one'"),
    ("g", "run.archived == True and run.experiment == 'exp-one'"),
    ("a", "run.active == False and run.experiment == 'exp-one'"),
    ("a", f'run.hash in ["{ALPHA_HASH}", "{BETA_HASH}"] and run.experiment == "exp-one"'),
    ("b", f'run.hash == "{BETA_HASH}"'),
    ("", 'run.hparams["my key"] == NaN or run.hparams.lr == Inf'),
]

REFUSED = [
    'run.name = "alpha"',
    'run.name == "alpha" && run.seed == 7',
    'run.name == "alpha" AND run.seed == 7',
    'run.name like "a%"',
    'select runs where run.name == "alpha"',
    "run._meta",
    "run.__class__",
    '__import__("os")',
    'exec("1")',
    'eval("1")',
    'compile("1", "", "eval")',
    "import os",
    "run.name; run.hash",
    "x = 1",
    "[_ for _ in run.tags]",
    "run.get(_x=1)",
    "(lambda *a: 1)()",
    "(lambda **k: 1)()",
    "(lambda _x: 1)(1)",
    "(_x := 1)",
    "1 << 5",
    "await run",
    "(yield run)",
    "dict(**run)",
    "[x async for x in run]",
    "[1 for run.x in [1]]",
    'run.name == "x") or (True',
    "(" * 500 + ")" * 500,
    "not " * 5000 + "True",
    "-" * 5000 + "1",
    "run.name\0",
    "1" * 300_000,
]


@pytest.mark.parametrize(("expected", "query"), ROWS)
def test_a_run_query_finds_the_runs_of_the_reference_table(
    lab: Workspace, expected: str, query: str
) -> None:
    assert runs_found(lab, query) == expected


@pytest.mark.parametrize(("expected", "query"), GENERATED_BY_INTERFACES)
def test_a_query_written_by_a_web_interface_finds_its_runs(
    lab: Workspace, expected: str, query: str
) -> None:
    assert runs_found(lab, query) == expected


@pytest.mark.parametrize("query", REFUSED, ids=[repr(query[:40]) for query in REFUSED])
def test_a_query_that_may_not_be_asked_is_refused_before_anything_is_read(
    lab: Workspace, query: str
) -> None:
    with pytest.raises(QueryError, match="Invalid query syntax"):
        lab.search.runs(RunSearch(query))
