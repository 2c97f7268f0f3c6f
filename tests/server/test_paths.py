"""Slashes, unknown paths, wrong methods, errors of the request's form."""

from __future__ import annotations

import pytest

from server.embed import EmbeddedServer
from server.settings import ServerSettings
from store import Store
from tests.server.client import ApiClient, assert_error


@pytest.mark.parametrize(
    "path",
    ["/tags", "/tags/", "//tags", "/tags//", "/experiments/search", "/experiments//search/"],
)
def test_every_form_of_slashes_is_the_same_path(client: ApiClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.json() == []


def test_a_post_with_a_slash_keeps_its_body(client: ApiClient) -> None:
    assert client.post("/tags/", {"name": "best"}).status_code == 200
    assert [tag["name"] for tag in client.json("/tags")] == ["best"]


def test_nothing_is_redirected(client: ApiClient) -> None:
    for path in ("/runs/x/info", "/runs/x/info/", "/nowhere/", "/docs/"):
        assert client.get(path).status_code == 404


def test_an_unknown_path_has_the_common_error_body(client: ApiClient, aim: ApiClient) -> None:
    assert_error(client.get("/nowhere"), 404, "not_found", "Not Found")
    assert_error(aim.get("/auth/refresh"), 404, "not_found", "Not Found")


def test_a_wrong_method_has_the_common_error_body(client: ApiClient) -> None:
    response = client.delete("/projects")
    assert_error(response, 405, "error", "Method Not Allowed")
    assert "GET" in response.headers["allow"]


def test_a_body_that_is_no_json_is_a_validation_error(client: ApiClient) -> None:
    response = client.request(
        "POST", "/tags", content="{", headers={"content-type": "application/json"}
    )
    assert_error(response, 422, "validation_error", "JSON decode error")


def test_a_missing_member_is_named_as_a_validation_error(client: ApiClient) -> None:
    assert_error(client.post("/tags", {}), 422, "validation_error", "Field required")


def test_a_bad_header_is_a_validation_error(client: ApiClient) -> None:
    response = client.request(
        "GET", "/projects/activity", headers={"X-Timezone-Offset": "noon"}
    )
    assert_error(response, 422, "validation_error", "valid integer")


def test_a_body_over_the_limit_is_refused(store: Store) -> None:
    server = EmbeddedServer(store, ServerSettings(port=0, max_body_bytes=1000))
    client = ApiClient(server.start() or "")
    try:
        assert_error(client.post("/tags", {"name": "x" * 2000}), 413, "error")
        assert client.post("/tags", {"name": "x"}).status_code == 200
    finally:
        client.close()
        server.stop()


def test_a_page_of_an_allowed_origin_may_ask_before_calling(client: ApiClient) -> None:
    response = client.request(
        "OPTIONS",
        "/tags",
        headers={
            "Origin": "http://localhost:3000",
            "Access-Control-Request-Method": "DELETE",
            "Access-Control-Request-Headers": "x-timezone-offset",
        },
    )
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert "x-timezone-offset" in response.headers["access-control-allow-headers"].lower()
    assert response.headers["access-control-allow-credentials"] == "true"


def test_a_page_of_another_origin_may_not(client: ApiClient) -> None:
    response = client.request(
        "OPTIONS",
        "/tags",
        headers={"Origin": "http://evil.example", "Access-Control-Request-Method": "GET"},
    )
    assert response.status_code == 400
