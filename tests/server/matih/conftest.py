"""A client of the experiments API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from server.embed import EmbeddedServer


class Api:
    """Calls the experiments API."""

    def __init__(self, http: httpx.Client, tenant: str | None = None) -> None:
        self.http = http
        self._headers = {} if tenant is None else {"X-Tenant-ID": tenant}

    def __call__(
        self, method: str, path: str, body: Any = None, **params: Any
    ) -> httpx.Response:
        """One request; `path` is relative to `/api/v1/experiments`."""
        return self.http.request(
            method,
            f"/api/v1/experiments{path}",
            json=body,
            params=params,
            headers=self._headers,
        )

    def good(self, method: str, path: str, body: Any = None, **params: Any) -> Any:
        """The answer of a request that must succeed."""
        answer = self(method, path, body, **params)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def raw(self, path: str, content: str | bytes) -> httpx.Response:
        """A POST of these very bytes as JSON."""
        return self.http.post(
            f"/api/v1/experiments{path}",
            content=content,
            headers={"Content-Type": "application/json"},
        )

    def error(
        self, expected: int, method: str, path: str, body: Any = None, **params: Any
    ) -> str:
        """The message of a request that must fail with this status, in the common form."""
        answer = self(method, path, body, **params)
        assert answer.status_code == expected, answer.text
        content = answer.json()
        assert content["detail"] == content["message"] == content["error"]["message"]
        message: str = content["message"]
        return message

    def experiment(self, name: str = "exp") -> str:
        """The id of a new experiment."""
        created: str = self.good("POST", "", {"name": name})["id"]
        return created

    def run(self, experiment_id: str | None = None, **members: Any) -> str:
        """The id of a new run."""
        body = {"experiment_id": experiment_id or self.experiment(), **members}
        created: str = self.good("POST", "/runs", body)["run_id"]
        return created


@pytest.fixture
def http(server: EmbeddedServer) -> Iterator[httpx.Client]:
    assert server.url is not None
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


@pytest.fixture
def api(http: httpx.Client) -> Api:
    return Api(http)
