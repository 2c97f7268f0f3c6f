"""The web UI's files and pages as they are served; what a browser makes of them is in `browser`."""

from __future__ import annotations

import re

from server.embed import EmbeddedServer
from server.settings import ServerSettings
from server.web import find_web_ui
from store import Store
from tests.server.client import ApiClient, assert_error


def test_every_page_is_the_same_template(client: ApiClient) -> None:
    pages = [client.http.get(path) for path in ("/", "/runs", "/runs/abc/metrics", "/no/where")]
    assert {page.status_code for page in pages} == {200}
    assert len({page.content for page in pages}) == 1
    assert pages[0].headers["content-type"] == "text/html; charset=utf-8"


def test_the_page_loads_nothing_from_third_parties(client: ApiClient) -> None:
    page = client.http.get("/").text
    assert not re.findall(r"<(?:script|link)[^>]*(?:src|href)=\"https?://", page)
    assert "{{" not in page


def test_packed_files_come_packed_under_their_own_type(client: ApiClient) -> None:
    response = client.http.get("/static-files/static/js/main.js?version=1")
    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["content-type"].startswith("text/javascript")
    plain = client.http.get(
        "/static-files/static/js/main.js", headers={"accept-encoding": "identity"}
    )
    assert "content-encoding" not in plain.headers
    assert plain.content == response.content


def test_a_file_may_have_a_slash_behind_it(client: ApiClient) -> None:
    response = client.http.get("/static-files/aim_ui_core.py/")
    assert response.status_code == 200
    assert b"def " in response.content


def test_no_path_leaves_the_folder(client: ApiClient) -> None:
    for path in ("../__init__.py", "..%2f__init__.py", "%2e%2e/VERSION", "nope.js", "a%00b"):
        response = client.http.get(f"/static-files/{path}")
        assert response.status_code in (200, 404)
        if response.status_code == 200:
            # The client itself removed the dots: this is a page, not the file.
            assert response.headers["content-type"].startswith("text/html")
    assert_error(client.http.get("/static-files/nope.js"), 404, "not_found")


def test_writes_to_pages_are_not_answered_by_the_web_ui(client: ApiClient) -> None:
    assert_error(client.http.post("/runs"), 404, "not_found")


def test_a_server_may_live_under_a_base_path(store: Store) -> None:
    server = EmbeddedServer(store, ServerSettings(port=0, base_path="lab/"))
    url = server.start()
    assert url is not None
    client = ApiClient(url)
    try:
        assert url.endswith("/lab")
        page = client.http.get("/runs").text
        assert 'window.API_BASE_PATH="/lab"' in page
        assert 'src="/lab/static-files/static/js/main.js' in page
        assert client.http.get("/static-files/favicon.ico").status_code == 200
        assert client.json("/tags") == []
    finally:
        client.close()
        server.stop()


def test_a_server_without_web_ui_answers_with_errors(store: Store) -> None:
    server = EmbeddedServer(store, ServerSettings(port=0, has_web_ui=False))
    client = ApiClient(server.start() or "")
    try:
        assert_error(client.http.get("/runs"), 404, "not_found")
        assert client.http.get("/metrics", headers={"accept": "text/html"}).text.startswith("#")
    finally:
        client.close()
        server.stop()


def test_the_build_is_installed_for_the_tests() -> None:
    folder = find_web_ui()
    assert folder is not None
    assert (folder / "index-template.html").is_file()
