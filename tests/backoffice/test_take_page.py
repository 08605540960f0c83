"""The page that takes a file along, without a browser: looking at it uses nothing up, and the bytes go out once."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from sync.backoffice.pages.words import entries
from tests.backoffice.attesting import download_request
from tests.backoffice.column import Column, post
from tests.backoffice.conftest import Clock
from tests.backoffice.test_backoffice_pages import HTML

FILE = bytes(range(256)) * 3
PREVIEWERS = ("WhatsApp/2.23", "facebookexternalhit/1.1", "Mozilla/5.0 (compatible; Teams)", "")


def kept(client: httpx.Client, column: Column) -> str:
    """Leave a file; its id."""
    answer = post(client, "downloads", download_request(column, FILE))
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def test_looking_at_the_page_uses_nothing_up(client: httpx.Client, column: Column) -> None:
    file = kept(client, column)
    for agent in PREVIEWERS:
        headers = {"User-Agent": agent, "Accept": "text/html,*/*"}
        answer = client.get(f"/take/{file}", headers=headers)
        assert answer.status_code == 200
        links = [word for word in answer.text.replace("'", '"').split('"') if "/content" in word]
        assert links == []
        assert client.head(f"/take/{file}", headers=headers).status_code == 405
        assert client.head(f"/take/{file}/content", headers=headers).status_code == 405
        assert client.post(f"/take/{file}/content", headers=headers).status_code == 405
    assert client.get(f"/take/{file}/content").content == FILE


def test_the_bytes_go_out_once_and_are_kept_by_nobody(client: httpx.Client, column: Column) -> None:
    file = kept(client, column)
    answer = client.get(f"/take/{file}/content")
    assert (answer.status_code, answer.content) == (200, FILE)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert client.get(f"/take/{file}/content").status_code == 404


def test_the_bytes_are_gone_after_half_an_hour(client: httpx.Client, column: Column, clock: Clock) -> None:
    file = kept(client, column)
    clock.pass_seconds(1800)
    assert client.get(f"/take/{file}/content").status_code == 404


def test_the_page_is_the_same_whether_the_file_is_there_or_not(client: httpx.Client, column: Column) -> None:
    file, other = kept(client, column), "a" * 43
    here, gone = (client.get(f"/take/{name}?lang=fr") for name in (file, other))
    assert (here.status_code, gone.status_code) == (200, 200)
    assert here.text.replace(file, "") == gone.text.replace(other, "")
    assert entries()["take.title"]["fr"] in here.text


def test_what_is_no_address_of_ours_is_missing(client: httpx.Client) -> None:
    for path in ("/take/x", f"/take/{'a' * 44}", f"/take/{'a' * 42}%0A", "/take/..%2f..%2fx", "/take/%22%3E"):
        for place in (path, f"{path}/content"):
            assert client.get(place, headers=HTML).status_code == 404, place


def test_each_file_is_one_of_many(client: httpx.Client, enrol: Callable[[], Column]) -> None:
    column = enrol()
    first, second = kept(client, column), kept(client, column)
    assert client.get(f"/take/{second}/content").content == FILE
    assert client.get(f"/take/{first}/content").content == FILE
