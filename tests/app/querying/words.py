"""A small vocabulary to complete from."""

from __future__ import annotations

from app.querying.language import Language
from store.models import Context, MetricWords, ParamWords, ValueCount, Vocabulary

KNOWN = Vocabulary(
    run_count=50,
    params=(
        ParamWords(
            ("hparams", "lr"),
            ("float",),
            50,
            (ValueCount(0.1, 30), ValueCount(0.01, 20)),
            2,
            0.01,
            0.1,
        ),
        ParamWords(
            ("hparams", "opt"),
            ("str",),
            50,
            (ValueCount("adam", 18), ValueCount("lion", 17), ValueCount("sgd", 15)),
            3,
        ),
        ParamWords(("hparams", "odd key"), ("bool",), 3, (ValueCount(True, 3),), 1),
        ParamWords(("seed",), ("int", "str"), 49, (ValueCount(7, 49),), 200, 7.0, 900.0),
        ParamWords(("__system__", "host"), ("str",), 50, (ValueCount("adamantium", 1),), 1),
    ),
    metrics=(
        MetricWords(
            "loss",
            (Context.of({"subset": "train"}), Context.of({"subset": "val"})),
            48,
            0.1,
            2.5,
        ),
        MetricWords("acc", (Context.of(None),), 50, 0.5, 1.0),
    ),
    experiments=(ValueCount("vision", 40), ValueCount("text", 10)),
    tags=(ValueCount("baseline", 12), ValueCount("best", 2)),
    statuses=(ValueCount("finished", 48), ValueCount("running", 2)),
    names=(ValueCount("run 49", 1),),
)
LANGUAGE = Language(KNOWN)
OF_METRICS = Language(KNOWN, of_metrics=True)
