"""The client's backup and restore tools carry a run from one server to another.

Images and other objects are left out: the backup tool of matyan-client 0.3.0 writes positions
in place of them, whatever the server answers.
"""

from __future__ import annotations

import math
from pathlib import Path

from matyan_client import Run
from matyan_client.backup import run_backup
from matyan_client.restore import restore_reingest

from server.embed import EmbeddedServer
from server.settings import ServerSettings
from store import Store
from tests.e2e.serving import metric_points, run_info


def test_a_run_survives_backup_and_restore(server: EmbeddedServer, tmp_path: Path) -> None:
    assert server.url is not None
    run = Run(repo=server.url, experiment="exp", capture_terminal_logs=False)
    run.name = "näme"
    run["hparams"] = {"lr": 0.1, "deep": {"er": [1, 2]}}
    run["seed"] = 7
    for step in range(300):
        run.track(1 / (step + 1), name="loss", epoch=step // 10, context={"subset": "train"})
    run.track(math.nan, name="odd", step=0)
    run.track(2.0, name="odd", step=1)
    run.log_info("a record", where="here")
    run._send_terminal_line("a line", 0)
    run.close()
    backup = run_backup(str(tmp_path / "backup"), backend_url=server.url)
    assert backup.run_count == 1
    assert backup.backup_path is not None

    store = Store.open(tmp_path / "other.rf")
    other = EmbeddedServer(store, ServerSettings(port=0, has_web_ui=False))
    try:
        url = other.start()
        assert url is not None
        restored = restore_reingest(str(backup.backup_path), backend_url=url, frontier_url=url)
        assert restored.errors == []
        assert restored.runs_processed == 1
        before, after = run_info(server.url, run.hash), run_info(url, run.hash)
        assert after["params"] == before["params"]
        for name in ("name", "description", "active", "archived"):
            assert after["props"][name] == before["props"][name]
        assert after["props"]["experiment"]["name"] == "exp"
        assert _overview(after) == _overview(before)
        context = {"subset": "train"}
        assert metric_points(url, run.hash, "loss", context) == metric_points(
            server.url, run.hash, "loss", context
        )
        assert metric_points(url, run.hash, "odd") == [(0, None), (1, 2.0)]
        reader = Run(run.hash, repo=url, read_only=True)
        assert reader._http.get_run_logs(run.hash) == [(0, "a line")]
        assert reader._http.get_run_log_records(run.hash)[0] == 1
    finally:
        other.stop()
        store.close()


def _overview(info: dict[str, object]) -> dict[str, list[tuple[str, str]]]:
    traces = info["traces"]
    assert isinstance(traces, dict)
    return {
        kind: sorted((trace["name"], str(trace["context"])) for trace in found)
        for kind, found in traces.items()
    }
