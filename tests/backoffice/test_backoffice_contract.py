"""The OpenAPI document is true: schemathesis asks what it describes and compares the answers."""

from __future__ import annotations

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sync.backoffice.server import BackOfficeServer

EXAMPLES = 20
TRUE = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def test_document_describes_every_operation(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    operations = {
        (method, path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    assert set(operations) == {
        ("post", "/kiosk/v1/enrolments"),
        ("post", "/kiosk/v1/batches"),
        ("post", "/kiosk/v1/updates"),
        ("post", "/kiosk/v1/certificates"),
        ("post", "/kiosk/v1/downloads"),
        ("post", "/kiosk/v1/answers"),
        ("post", "/kiosk/v1/reports"),
        ("post", "/kiosk/v1/keys"),
        ("post", "/kiosk/v1/snapshots"),
        ("get", "/trust.json"),
        ("get", "/health"),
    }
    for operation in operations.values():
        assert "application/problem+json" in operation["responses"]["default"]["content"]
        assert operation["description"]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
def test_answers_are_those_of_the_document(server: BackOfficeServer, mode: GenerationMode) -> None:
    loaded = schemathesis.openapi.from_url(f"{server.url}/openapi.json")
    document = httpx.get(f"{server.url}/openapi.json").json()
    methods = [method for operations in document["paths"].values() for method in operations]
    checked = 0
    for found in loaded.get_all_operations():
        operation = found.ok()
        if mode is GenerationMode.NEGATIVE and operation.method == "get":
            continue
        _ask_many(operation, mode, server.url)
        checked += 1
    assert checked == (len(methods) if mode is GenerationMode.POSITIVE else methods.count("post"))


def test_document_that_lies_is_found_out(client: httpx.Client, server: BackOfficeServer) -> None:
    document = client.get("/openapi.json").json()
    document["components"]["schemas"]["Health"]["required"] = ["moon"]
    operation = schemathesis.openapi.from_dict(document)["/health"]["GET"]
    with pytest.raises(FailureGroup, match="moon"):
        _ask_many(operation, GenerationMode.POSITIVE, server.url)


def _ask_many(operation: schemathesis.APIOperation, mode: GenerationMode, url: str) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(base_url=url, checks=TRUE, timeout=10)

    ask()
