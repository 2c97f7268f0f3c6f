"""Finding runs by a word, wherever it stands."""

from __future__ import annotations

import pytest

from store.search import RunSearch
from store.workspace import Workspace
from tests.factories import log_run, make_hash, make_points


@pytest.fixture(name="runs")
def _runs(workspace: Workspace) -> dict[str, str]:
    first = log_run(
        workspace,
        "first",
        make_points("loss", [1.0]),
        name="ResNet best",
        experiment="Vision",
        params={"hparams": {"opt": "AdamW", "lr": 0.001, "layers": ["conv", "pool"]}},
        tags=["Baseline"],
    )
    second = log_run(
        workspace, "second", make_points("loss", [2.0]), name="größe", params={"lr": 1}
    )
    workspace.notes.create("Diverged after the WARMUP.", run_hash=second)
    return {first: "first", second: "second"}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("resnet", "first"),
        ("VISION", "first"),
        ("baseline", "first"),
        ("adamw", "first"),
        ("conv", "first"),
        ("0.001", "first"),
        ("1e-3", "first"),
        ("GRÖSSE", ""),
        ("GRÖßE", "second"),
        ("warmup", "second"),
        (make_hash("second")[7:19].upper(), "second"),
        (make_hash("first")[:3], "first"),
        (make_hash("first")[5:8], ""),
        ("nothing", ""),
    ],
)
def test_a_word_is_found_wherever_it_stands(
    workspace: Workspace, runs: dict[str, str], word: str, expected: str
) -> None:
    query = f"run.mentions({word!r})"
    found = [runs[each] for each in workspace.search.index(RunSearch(query)).hashes]
    assert found == ([expected] if expected else [])
    # Asked in Python, together with something that SQL has no words for.
    slow = f"({query} and len(run.hash) > 3)"
    assert [runs[each] for each in workspace.search.index(RunSearch(slow)).hashes] == found


def test_words_combine_with_everything_else(workspace: Workspace, runs: dict[str, str]) -> None:
    def find(query: str) -> set[str]:
        return {runs[each] for each in workspace.search.index(RunSearch(query)).hashes}

    assert find('not run.mentions("warmup")') == {"first"}
    assert find('run.mentions("warmup") or run.hparams.lr < 1') == {"first", "second"}
    assert find('run.mentions("") and run.lr == 1') == {"second"}
    assert find("run.mentions(3)") == set()
    assert find('[run.mentions(t) for t in ["resnet"]][0]') == {"first"}


def test_metrics_of_runs_with_a_word(workspace: Workspace, runs: dict[str, str]) -> None:
    from store.models import SequenceKind

    matches = workspace.search.sequences(SequenceKind.METRIC, 'run.mentions("warmup")')
    assert [runs[record.run.hash] for _, record, _ in matches] == ["second"]
