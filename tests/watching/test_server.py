"""The server answers this machine alone, and tells every page of every state."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

import pytest

from concordant.problem import CannotRun
from concordant.watching.server import Board, State, serving


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def port(board: Board) -> Iterator[int]:
    with serving(board, {"document.html": b"<p>text", "a.pdf": b"%PDF"}.get, 0) as address:
        yield urlsplit(address).port or 0


def ask(port: int, path: str, host: str = "") -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={"Host": host or f"127.0.0.1:{port}"})
    return connection.getresponse()


def next_state(events: HTTPResponse) -> dict[str, object]:
    while not (line := events.readline()).startswith(b"data: "):
        assert line
    state: dict[str, object] = json.loads(line.removeprefix(b"data: "))
    return state


def test_pages_are_found_by_name(port: int) -> None:
    assert ask(port, "/document.html?7").read() == b"<p>text"
    assert ask(port, "/a.pdf").headers["Content-Type"] == "application/pdf"
    assert b"EventSource" in ask(port, "/").read()
    for path in ("/other", "/../secret", "/%2e%2e/secret", "//etc/passwd"):
        assert ask(port, path).status == 404


@pytest.mark.parametrize("path", ["/", "/events", "/document.html"])
def test_another_site_that_calls_itself_this_machine_gets_nothing(port: int, path: str) -> None:
    answer = ask(port, path, host=f"example.org:{port}")
    assert answer.status == 403
    assert b"text" not in answer.read().replace(b"text/plain", b"")
    assert ask(port, "/document.html", host=f"localhost:{port}").status == 200


def test_it_listens_on_one_address_of_the_loopback_only(port: int) -> None:
    with pytest.raises(OSError), socket.create_connection(("127.0.0.2", port), timeout=2):
        pass


def test_each_page_hears_the_present_state_and_every_new_one(board: Board, port: int) -> None:
    first = ask(port, "/events")
    assert next_state(first)["turn"] == 0
    board.put(State(1, "p-1"))
    second = ask(port, "/events")
    assert next_state(second) == {"turn": 1, "place": "p-1", "problems": [], "doing": ""}
    board.put(State(2, problems=("a: <b>",)))
    assert [next_state(each)["turn"] for each in (first, first, second)] == [1, 2, 2]


def test_a_port_that_is_taken_is_said(board: Board, port: int) -> None:
    with (
        pytest.raises(CannotRun, match=f"port {port} cannot be used"),
        serving(board, lambda _: None, port),
    ):
        pass
