"""The way of a newcomer: the demonstration, a server, a second terminal, and what goes wrong."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import httpx
import pytest

from app.demo.plan import make_plan
from tests.e2e.processes import RUNFOLIO, free_port, run, serving, terminal, wait_for

RUNS = 5


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that the demonstration filled; read it only."""
    path = tmp_path_factory.mktemp("lab") / "demo.rf"
    done = run("demo", str(path), "--runs", str(RUNS), "--epochs", "6", "--no-ui")
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    assert "best runs" in done.stdout
    return path


def listed(address: str, *options: str) -> list[dict[str, object]]:
    """The runs as a program reads them."""
    done = run("runs", "-s", address, "--json", *options)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


def test_the_demonstration_trains_every_run_and_one_fails(lab: Path) -> None:
    runs = listed(str(lab))
    assert {run["name"] for run in runs} == {run.name for run in make_plan(RUNS, 0)}
    statuses = sorted(str(run["status"]) for run in runs)
    assert statuses == ["failed", *["finished"] * (RUNS - 1)]


def test_the_demonstration_trains_into_a_store_that_is_open(tmp_path: Path) -> None:
    path = tmp_path / "open.rf"
    with serving(str(path), "--port", "0") as server:
        done = run("demo", str(path), "--runs", "1", "--epochs", "2", "--no-ui")
        assert done.returncode == 0, done.stderr
        assert [each["name"] for each in listed(server.url)] == [make_plan(1, 0)[0].name]


@pytest.mark.slow
def test_the_demonstration_does_not_train_twice(lab: Path) -> None:
    before = listed(str(lab))
    done = run("demo", str(lab), "--runs", str(RUNS), "--epochs", "6", "--no-ui")
    assert done.returncode == 0, done.stderr
    assert listed(str(lab)) == before


def test_show_plot_and_compare_print_what_was_trained(lab: Path) -> None:
    first, second = (run.name for run in make_plan(2, 0))
    shown = run("show", first, "-s", str(lab))
    assert shown.returncode == 0, shown.stderr
    assert "hparams.learning_rate" in shown.stdout
    assert "model/weights.npz" in shown.stdout
    plotted = run("plot", "loss", "-s", str(lab), "-q", 'metric.context.subset == "val"')
    assert plotted.returncode == 0, plotted.stderr
    assert first in plotted.stdout
    compared = run("compare", first, second, "-s", str(lab), "--differences")
    assert compared.returncode == 0, compared.stderr
    assert "hparams.hidden" in compared.stdout


def test_serve_says_where_it_is_and_stops_cleanly(lab: Path) -> None:
    with serving(str(lab), "--port", "0") as served:
        answer = httpx.get(f"{served.url}/api/v1/rest/runs/{make_plan(1, 0)[0].hash}/info/")
        assert answer.json()["props"]["experiment"]["name"] == "moons-optimisers"
        assert served.stop() == 0
    assert len(listed(str(lab))) == RUNS


def test_a_second_process_attaches_to_the_owner(lab: Path) -> None:
    with serving(str(lab), "--port", "0") as served:
        attached = listed(str(lab))
        remote = listed(served.url)
    assert {run["hash"] for run in attached} == {run["hash"] for run in remote}
    assert len(attached) == RUNS


def test_a_port_in_use_is_said_plainly(lab: Path, tmp_path: Path) -> None:
    port = str(free_port())
    with serving(str(lab), "--port", port):
        done = run("serve", str(tmp_path / "other.rf"), "--port", port)
    assert done.returncode != 0
    assert port in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["runs", "-s", "http://127.0.0.1:9"],
        ["runs", "-s", "no/such/store.rf"],
        ["show", "no-such-run", "-s", "LAB"],
        ["runs", "-s", "LAB", "-q", "run.hparams.lr >"],
        ["runs", "-s", "LAB", "--columns", "nonsense"],
        ["plot", "no-such-metric", "-s", "LAB"],
    ],
)
def test_a_mistake_is_answered_with_a_sentence(lab: Path, arguments: list[str]) -> None:
    done = run(*[str(lab) if word == "LAB" else word for word in arguments])
    assert done.returncode in {1, 2, 4}
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_a_folder_that_is_no_store_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear all")
    done = run("runs", "-s", str(tmp_path))
    assert done.returncode != 0
    assert "not a runfolio store" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letter.txt"]


@pytest.mark.parametrize(("width", "height"), [(80, 24), (200, 50)])
def test_the_dashboard_shows_the_runs_in_a_real_terminal(
    lab: Path, tmp_path: Path, width: int, height: int
) -> None:
    command = [shlex.quote(word) for word in [*RUNFOLIO, str(lab)]] + ["; echo left; cat"]
    name = make_plan(1, 0)[0].name[:12]
    with terminal(tmp_path, command, width, height) as session:
        wait_for(lambda: "Runs" in session.screen(), "the dashboard")
        session.press("3")
        wait_for(lambda: name in session.screen(), "the runs")
        assert all(len(line) <= width for line in session.screen().splitlines())
        session.press("q")
        wait_for(lambda: "left" in session.screen(), "the end")
        assert session.screen().split() == ["left"]


@pytest.mark.slow
def test_the_demonstration_is_live_in_the_dashboard(tmp_path: Path) -> None:
    command = [*RUNFOLIO, "demo", str(tmp_path / "demo.rf"), "--runs", "4", "--epochs", "4"]
    with terminal(tmp_path, [shlex.quote(word) for word in command], 160, 45) as session:
        wait_for(lambda: "runfolio" in session.screen(), "the dashboard")
        session.press("3")
        wait_for(lambda: "04-checkers" in session.screen(), "the last run to begin")
        session.press("q")

        def has_answered() -> bool:
            return not session.is_open() or "q once more leaves" in session.screen()

        wait_for(has_answered, "an answer")
        if session.is_open():
            session.press("q")
        wait_for(lambda: not session.is_open(), "the end")


def test_help_is_quick_and_names_every_command() -> None:
    done = run("--help", timeout_s=10)
    assert done.returncode == 0
    for command in ("serve", "demo", "runs", "show", "plot", "compare"):
        assert command in done.stdout
