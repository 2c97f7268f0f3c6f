"""No query takes long or grows large, whatever is written in it."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from store.errors import QueryError
from store.models import SequenceKind
from store.search import RunSearch

if TYPE_CHECKING:
    from store.workspace import Workspace

GREEDY = [
    "10**10**10",
    "(10**10**10) > 5 or True",
    "run.seed**10**8 > 1",
    "2**(run.seed * 10**9)",
    "pow(run.seed, 10**9, 10**5000)",
    '"a" * 10**10',
    "run.name * 10**9",
    "[0] * 10**10",
    "[[[[0]*100]*100]*100]*100",
    "bytes(10**10)",
    "range(10**10)",
    "list(range(10**10))",
    "sum(range(999)) and list(range(1000))",
    "[x for x in range(999) for y in range(999) for z in range(999)]",
    "any(x < 0 for x in range(999) for y in range(999) for z in range(999))",
    "[[sum(range(999)) for x in range(999)] for y in range(999)]",
    "[sorted(range(999)) for x in range(999) for y in range(999)]",
    '["a" * 20000 for x in range(999)]',
    "[run.name * 600000 for x in range(999)]",
    "(lambda f: f(f))(lambda f: f(f))",
    "(f := lambda n: f(n - 1) + f(n - 1) if n else 1)(40)",
    "[(x := [x, x]) for i in range(100)] if (x := [1]) else 0",
    "str([(x := [x, x]) for i in range(100)]) if (x := [1]) else 0",
    "[(x := (x, x)) for i in range(100)] == 1 if (x := (1,)) else hash(x)",
    '"%1000000000d" % 1',
    '"%*d" % (10**9, 1)',
    '"%.1000000000f" % 1.5',
    '"%(a)1000000000d" % {"a": 1}',
    'f"{1:1000000000}"',
    'f"{1:{10**9}}"',
    'f"{run.name:>{10**9}}"',
    '"x".ljust(10**10)',
    '"x".center(10**10)',
    '"x".zfill(10**10)',
    '"\\t".expandtabs(10**10)',
    '("a" * 10000).replace("a", "b" * 10000)',
    '("a" * 10000).join(["b"] * 10000)',
    "math.factorial(10**7)",
    "math.comb(10**7, 10**6)",
    "math.perm(10**7, 10**6)",
    "math.prod([10**1000] * 10000)",
    "round(5, -10**10)",
    "round(1.5, 10**10)",
    "int('9' * 10000)",
    "10**1000 * 10**1000 * 10**1000",
    "[x for x in run.metrics for y in range(999) for z in range(999)]",
    "dict([(i, i) for i in range(999) for j in range(999)])",
    "{i * j for i in range(999) for j in range(999)}",
    "max(*range(999), *range(999)) and [max(*range(999)) for i in range(999) for j in range(999)]",
    '"acc" in run.metrics and [1 for m in run.metrics for x in range(999) for y in range(999)]',
    '"%(" * 9999 % 1',
    '("a" * 600000).rfind("b" + "a" * 300000)',
    '("a" * 300000).rsplit("b" + "a" * 100000)',
    "[pow(3**2500, 2**4000, 3**2500 + 1) for x in range(999)]",
    'bytes("é" * 600000, "punycode")',
    "sum([[x] for x in range(999) for y in range(9)], [])",
    "[([0] * 19000).count(x) for x in range(999)]",
    'datetime.strptime("1" * 9999, "%d" * 9999)',
    'datetime.strptime("1 1", "%d %d")',
    'run.created_at.strftime("%1000000000d")',
    'f"{run.created_at:%1000000000d}"',
    '"' + "%(" * 60_000 + '" % 1',
    "+" * 90 + "1 and " + " and ".join(["run.seed"] * 3000),
    " or ".join(f'run.name == "{number}"' for number in range(5000)),
]


@pytest.mark.parametrize("query", GREEDY, ids=[query[:60] for query in GREEDY])
def test_a_greedy_query_is_answered_at_once(lab: Workspace, query: str) -> None:
    started_at = time.thread_time()
    with suppress(QueryError):
        list(lab.search.runs(RunSearch(query)))
        list(lab.search.sequences(SequenceKind.METRIC, f"metric.last and ({query})"))

    assert time.thread_time() - started_at < 2


def test_a_query_that_runs_out_of_steps_again_and_again_is_refused(lab: Workspace) -> None:
    query = "metric.last in [x for x in range(999) for y in range(999)]"

    with pytest.raises(QueryError, match="more work"):
        lab.search.sequences(SequenceKind.METRIC, query)


def test_many_hashes_are_no_greed(lab: Workspace) -> None:
    hashes = ", ".join(f'"{number:032x}"' for number in range(5000))

    assert lab.search.runs(RunSearch(f"run.hash not in [{hashes}]")).total == 3
