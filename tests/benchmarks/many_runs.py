"""Stores with very many runs, written straight into the metadata: no points, only summaries.

Logging a hundred thousand runs takes minutes; these are made in seconds. The order of rows
is that of arrival, as logging leaves it.
"""

from __future__ import annotations

from pathlib import Path

from store import Store
from store.database import Database
from tests.factories import START, StillClock

METRICS = ("loss", "acc", "val_loss", "val_acc", "lr")


def make_many_runs(path: Path, run_count: int, param_count: int) -> Store:
    """A store with so many runs of so many params and five metrics each; open."""
    Store.open(path, clock=StillClock(START)).close()
    database = Database(path / "meta.duckdb")
    database.rows(_EXPERIMENTS)
    database.rows(_RUNS.format(run_count=run_count, leaves=_leaves(param_count)))
    database.rows(_PARAMS)
    database.rows(_TAGS)
    database.rows(_RUN_TAGS)
    for number, name in enumerate(METRICS):
        database.rows(_SEQUENCES.format(number=number, name=name))
    database.rows("CHECKPOINT")
    database.close()
    return Store.open(path, clock=StillClock(START + run_count * 10))


def _leaves(param_count: int) -> str:
    """SQL that writes the params of run `i` as JSON text; four that matter and fillers."""
    fillers = ",".join(
        f"\"p{number:02d}\":' || ((i * {number + 3}) % 97) || '"
        for number in range(param_count - 4)
    )
    return (
        '\'{"hparams":{"lr":\' || pow(10.0, -(i % 5)) || \',"batch_size":\' || (16 << (i % 4)::INT)'
        " || ',\"model\":\"' || ['vit_b', 'resnet50', 'mlp'][1 + i % 3] || '\","
        '"flag":\' || (i % 2 = 0)::VARCHAR || \'},"data":{' + fillers + "}}'"
    )


_EXPERIMENTS = """
INSERT INTO experiments (id, tenant, name, created_at, updated_at)
SELECT 'e' || i, 'default', 'experiment ' || i, 0, 0 FROM range(20) t(i)
"""
_RUNS = """
INSERT INTO runs (id, tenant, hash, name, experiment_id, status, is_archived, created_at,
                  finished_at, updated_at, params)
SELECT i, 'default', md5(i::VARCHAR), 'run ' || i, 'e' || (i % 20),
       CASE WHEN i % 50 = 0 THEN 'failed' ELSE 'finished' END, i % 40 = 0,
       {start} + i * 10, {start} + i * 10 + 60 + i % 1000, {start} + i * 10, {leaves}
FROM range(1, {run_count} + 1) t(i)
""".replace("{start}", str(START))
_PARAMS = """
INSERT INTO params (run_id, key, num, txt, type)
SELECT id, replace(substr(fullkey, 3), '"', ''),
       CASE WHEN type IN ('VARCHAR', 'BOOLEAN') THEN NULL ELSE atom::DOUBLE END,
       CASE WHEN type = 'VARCHAR' THEN atom->>'$' END,
       CASE type WHEN 'VARCHAR' THEN 'str' WHEN 'DOUBLE' THEN 'float' WHEN 'BOOLEAN' THEN 'bool'
                 ELSE 'int' END
FROM (SELECT r.id, j.fullkey, j.type, j.atom FROM runs r, json_tree(r.params) j
      WHERE j.atom IS NOT NULL) ORDER BY id
"""
_TAGS = """
INSERT INTO tags (id, tenant, name, color, created_at)
SELECT 't' || i, 'default', ['best', 'sweep', 'old'][1 + i], '#888888', 0 FROM range(3) t(i)
"""
_RUN_TAGS = """
INSERT INTO run_tags (run_id, tag_id, attached_at)
SELECT id, 't' || (id % 3), 0 FROM runs WHERE id % 4 = 0 ORDER BY id
"""
_SEQUENCES = """
INSERT INTO sequences (id, run_id, kind, name, context, dtype, count, non_finite_count, first,
    first_step, last, last_step, min, min_step, max, max_step, mean, first_time, last_time)
SELECT id * 5 + {number}, id, 'metric', '{name}',
       CASE WHEN {number} < 2 THEN '{{}}' ELSE '{{"subset":"val"}}' END, 'float', 100, 0, 1.0,
       0, (id * 7919 % 1000) / 1000.0, 99, 0.0, 50, 1.0, 0, 0.5, 0, 1
FROM runs ORDER BY id
"""
