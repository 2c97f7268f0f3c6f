"""The Aim web UI on real data in a real browser: what is stored shows, what is done is stored.

BROWSER_PICTURES=/tmp/pictures pytest -m browser tests/server/browser
"""

from __future__ import annotations

from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from server.embed import EmbeddedServer
from store import Workspace
from store.models import SequenceKind
from store.models.operations import LogObjects
from tests.factories import START, VAL, log_run, make_hash, make_points
from tests.server.browser.conftest import Browser
from tests.server.client import ApiClient

pytestmark = pytest.mark.browser

FIRST = make_hash(("demo", 0))
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)

PAGES = [
    ("home", "/", ["Total runs: 12", "vision", "speech", "baseline", "Active runs"]),
    ("runs", "/runs", ["vision-00", "speech-01", "vision-09", "group 1", "0.81917093"]),
    ("overview", f"/runs/{FIRST}", ["vision-00", "optimiser", "sgd"]),
    ("params", f"/runs/{FIRST}/parameters", ["batch_size", "dropout", "cifar10"]),
    ("metrics of a run", f"/runs/{FIRST}/metrics", ["acc", "loss", 'subset="val"']),
    ("logs", f"/runs/{FIRST}/logs", ["epoch 0: loss", "epoch 29: loss"]),
    ("messages", f"/runs/{FIRST}/messages", ["started", "lr is high"]),
    ("distributions", f"/runs/{FIRST}/distributions", ["weights"]),
    ("texts of a run", f"/runs/{FIRST}/texts", ["mistakes", "step 0"]),
    ("figures of a run", f"/runs/{FIRST}/figures", ["confusion"]),
    ("notes", f"/runs/{FIRST}/notes", ["Converges early."]),
    ("settings", f"/runs/{FIRST}/settings", ["Archive Run", "Delete Run"]),
    ("tags", "/tags", ["baseline", "sweep", "group 0", "4 Tags"]),
    ("bookmarks", "/bookmarks", ["No Bookmarks Yet"]),
    ("reports", "/reports", ["Create New Report"]),
    ("params explorer", "/params", ["PARAMS EXPLORER"]),
    ("scatters", "/scatters", ["SCATTERS EXPLORER"]),
]
CORE = {"home", "runs", "metrics of a run"}
"""Pages that are opened in every test run, however quick."""


@pytest.mark.parametrize(
    ("name", "path", "texts"),
    [pytest.param(*page, marks=() if page[0] in CORE else pytest.mark.slow) for page in PAGES],
    ids=[page[0] for page in PAGES],
)
def test_a_page_shows_what_is_stored(
    demo_server: EmbeddedServer, browser: Browser, name: str, path: str, texts: list[str]
) -> None:
    browser.open(f"{demo_server.url}{path}")
    browser.wait_for_text(*texts)
    browser.picture(name)
    assert browser.errors() == []


@pytest.mark.slow
def test_the_page_of_an_experiment(
    demo_server: EmbeddedServer, demo: ApiClient, browser: Browser
) -> None:
    (speech,) = demo.json("/experiments/search", q="speech")
    browser.open(f"{demo_server.url}/experiments/{speech['id']}")
    browser.wait_for_text("speech", "Total runs: 4", "speech-01")
    browser.picture("experiment")
    assert browser.errors() == []


def explorer_state(query: str) -> dict[str, Any]:
    return {
        "select": {"options": [], "query": "", "advancedMode": True, "advancedQuery": query}
    }


def test_a_saved_metrics_page_draws_its_curves(
    server: EmbeddedServer, client: ApiClient, workspace: Workspace, browser: Browser
) -> None:
    log_run(
        workspace, 1, make_points("loss", [1.0, 0.5, 0.25], VAL), name="curve", started_at=START
    )
    state = explorer_state("metric.name == 'loss'")
    app = client.post("/apps", {"type": "metrics", "state": state}).json()
    client.post("/dashboards", {"name": "my curves", "app_id": app["id"]})
    browser.open(f"{server.url}/bookmarks")
    browser.wait_for_text("my curves")
    browser.picture("bookmarks")
    browser.open(f"{server.url}/metrics/{app['id']}")
    browser.wait_for_text("curve", 'subset="val"')
    line = browser.find("path[id^='Line']").get_attribute("d")
    assert line is not None
    assert line.count("L") == 2, "three points make two strokes"
    browser.picture("metrics")
    assert browser.errors() == []


@pytest.mark.slow
def test_a_wrong_query_is_told_and_breaks_nothing(
    server: EmbeddedServer, client: ApiClient, workspace: Workspace, browser: Browser
) -> None:
    log_run(workspace, name="still here")
    browser.open(f"{server.url}/runs")
    browser.wait_for_text("still here")
    browser.find(".monaco-editor textarea").send_keys("run.x ==", Keys.ENTER)
    browser.wait_for_text("yntax")
    browser.picture("wrong query")
    # The console names the refused request, and nothing else.
    assert all("400 (Bad Request)" in message for message in browser.errors())


@pytest.mark.slow
def test_images_are_shown(
    server: EmbeddedServer, client: ApiClient, workspace: Workspace, browser: Browser
) -> None:
    run = make_hash(1)
    with workspace.artifacts.put(run, "seq/dot/0.png", "image/png") as upload:
        upload.write(PNG)
    image = {"format": "png", "caption": "a dot", "width": 1, "height": 1}
    item = {**image, "type": "image", "artifact_path": "seq/dot/0.png"}
    log_run(workspace, 1, LogObjects(SequenceKind.IMAGES, "dot", VAL, 0, None, START, [item]))
    browser.open(f"{server.url}/runs/{run}/images")
    browser.wait_for_text("dot")
    shown = browser.find("img[src^='data:image/png']")
    assert shown.get_property("naturalWidth") == 1
    browser.picture("images")
    assert browser.errors() == []


@pytest.mark.slow
def test_a_run_is_renamed_archived_and_deleted(
    server: EmbeddedServer, client: ApiClient, workspace: Workspace, browser: Browser
) -> None:
    run = log_run(workspace, name="old name")
    browser.open(f"{server.url}/runs/{run}/settings")
    browser.wait_for_text("Archive Run")
    field = browser.find("input[value='old name']")
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys("new name")
    browser.click_text("Save", "button")
    browser.wait(
        lambda: client.json(f"/runs/{run}/info")["props"]["name"] == "new name", "new name"
    )
    browser.click_text("Archive", "button")
    browser.wait(lambda: client.json(f"/runs/{run}/info")["props"]["archived"], "archived run")
    browser.open(f"{server.url}/runs/{run}/settings")
    browser.click_text("Delete", "button")
    browser.picture("delete")
    confirm = browser.find(
        "div[role='dialog'] input, .MuiDialog-root input, .MuiDialog-root button"
    )
    if confirm.tag_name == "input":
        confirm.send_keys(run)
    browser.click_text("Delete", "button")
    browser.wait(lambda: client.get(f"/runs/{run}/info").status_code == 404, "deleted run")


@pytest.mark.slow
def test_a_note_is_written(
    server: EmbeddedServer, client: ApiClient, workspace: Workspace, browser: Browser
) -> None:
    run = log_run(workspace, name="with note")
    browser.open(f"{server.url}/runs/{run}/notes")
    browser.find("[contenteditable=true]").send_keys("It learns.")
    browser.click_text("Save", "button")
    browser.wait(lambda: client.json(f"/runs/{run}/note"), "note")
    assert client.json(f"/runs/{run}/note")[0]["content"].startswith("It learns.")


@pytest.mark.slow
def test_a_tag_is_created(server: EmbeddedServer, client: ApiClient, browser: Browser) -> None:
    browser.open(f"{server.url}/tags")
    browser.click_text("Create Tag", "button")
    browser.find("input[placeholder='Name'], input[name='name'], .TagForm input").send_keys(
        "gold"
    )
    browser.picture("tag")
    browser.click_text("Create", "button")
    browser.wait(lambda: client.json("/tags"), "tag")
    assert client.json("/tags")[0]["name"] == "gold"
    browser.wait_for_text("gold", "1 Tag")
