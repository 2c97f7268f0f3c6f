"""The API keeps its own document: Schemathesis calls every operation with odd data."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from server.api import rest_api
from server.embed import EmbeddedServer
from server.settings import ServerSettings
from store import Store
from tests.factories import fill_demo

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
)

schema = schemathesis.openapi.from_dict(rest_api().openapi())
# A long poll waits, and a stream of events has no end.
schema = schema.exclude(path=["/api/v1/rest/changes", "/api/v1/rest/alerts/stream"])


@pytest.fixture(scope="module")
def contract_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of a store with some data, which the calls may change."""
    with Store.open(tmp_path_factory.mktemp("contract") / "lab.rf") as store:
        fill_demo(store.default)
        server = EmbeddedServer(store, ServerSettings(port=0))
        url = server.start()
        assert url is not None
        yield url
        server.stop()


FEW = settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@schema.parametrize()
@FEW
def test_every_operation_keeps_the_document(case: schemathesis.Case, contract_url: str) -> None:
    case.call_and_validate(base_url=contract_url, checks=list(CHECKS), timeout=20)


@pytest.mark.slow
@schema.parametrize()
@settings(FEW, max_examples=20)
def test_every_operation_keeps_it_with_many_examples(
    case: schemathesis.Case, contract_url: str
) -> None:
    case.call_and_validate(base_url=contract_url, checks=list(CHECKS), timeout=20)
