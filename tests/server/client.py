"""A client of a real server, for the tests of its routes."""

from __future__ import annotations

from typing import Any

import httpx

from server.codec import decode_records, read_progress

MATYAN = "/api/v1/rest"
AIM = "/api"


class ApiClient:
    """Calls one dialect of the API."""

    def __init__(self, url: str, prefix: str = MATYAN) -> None:
        self.http = httpx.Client(base_url=url, timeout=30)
        self.prefix = prefix

    def close(self) -> None:
        self.http.close()

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self.http.request(method, self.prefix + path, **options)

    def get(self, path: str, /, **params: Any) -> httpx.Response:
        return self.request("GET", path, params=params)

    def post(self, path: str, body: Any = None, **params: Any) -> httpx.Response:
        return self.request("POST", path, json=body, params=params)

    def put(self, path: str, body: Any) -> httpx.Response:
        return self.request("PUT", path, json=body)

    def delete(self, path: str) -> httpx.Response:
        return self.request("DELETE", path)

    def json(self, path: str, /, **params: Any) -> Any:
        """The JSON of an answer that has to be fine."""
        response = self.get(path, **params)
        assert response.status_code == 200, response.text
        return response.json()

    def frames(self, path: str, body: Any = None, **params: Any) -> list[tuple[Any, Any]]:
        """Every record of a stream in order, progress included."""
        response = self.get(path, **params) if body is None else self.post(path, body, **params)
        assert response.status_code == 200, response.text
        assert response.headers["content-type"] == "application/octet-stream"
        return list(decode_records([response.content]))

    def records(self, path: str, body: Any = None, **params: Any) -> dict[Any, Any]:
        """The data of a stream by key."""
        frames = self.frames(path, body, **params)
        return {key: tree for key, tree in frames if read_progress(key, tree) is None}


def assert_error(response: httpx.Response, status: int, code: str, message: str = "") -> None:
    """The answer is an error of the common form."""
    assert response.status_code == status, response.text
    body = response.json()
    assert body["error"]["code"] == code
    assert message in body["error"]["message"]
    assert body["detail"] == body["message"] == body["error"]["message"]
