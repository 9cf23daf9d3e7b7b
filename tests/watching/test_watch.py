"""A session: the page shows each save where it was made, the editions follow, and broken sources end nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from io import StringIO
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from rich.console import Console

from concordant.problem import CannotRun
from concordant.unchanged import still_built
from concordant.watching.watch import watch
from tests.documents import METADATA, write_document

TEXT = "# One\n\nThe first paragraph.\n\nThe second paragraph [@one].\n"
DONE = "all editions agree"


@dataclass(frozen=True, slots=True)
class Session:
    """A running watch, as a browser and a terminal see it."""

    root: Path
    address: str
    terminal: StringIO
    events: HTTPResponse

    def save(self, name: str, text: str) -> None:
        (self.root / "source" / name).write_text(text, "utf-8")

    def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return the first state from now on that is wanted."""
        while True:
            line = self.events.readline()
            assert line, "the server has gone"
            if line.startswith(b"data: ") and wanted(state := json.loads(line[6:])):
                return dict(state)

    def get(self, name: str) -> bytes:
        connection = HTTPConnection("127.0.0.1", urlsplit(self.address).port, timeout=60)
        connection.request("GET", f"/{name}")
        answer = connection.getresponse()
        assert answer.status == 200, name
        return answer.read()


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    write_document(tmp_path, {"1.md": TEXT})
    end, terminal, addresses = Event(), StringIO(), SimpleQueue[str]()

    def run() -> None:
        watch(tmp_path, Console(file=terminal, width=200), show=addresses.put, end=end)

    thread = Thread(target=run)
    thread.start()
    address = addresses.get(timeout=60)
    connection = HTTPConnection("127.0.0.1", urlsplit(address).port, timeout=120)
    connection.request("GET", "/events")
    yield Session(tmp_path, address, terminal, connection.getresponse())
    end.set()
    thread.join(60)
    assert not thread.is_alive()


@pytest.mark.slow
def test_a_session(session: Session) -> None:
    session.until(lambda state: state["doing"] == DONE)
    assert b"doc-pagebreak" in session.get("document.html")

    session.save("1.md", TEXT.replace("second", "altered"))
    state = session.until(lambda state: state["turn"] == 2)
    assert state["place"] == "p-1-2"
    assert b"altered paragraph" in session.get("document.html")
    session.until(lambda state: state["doing"] == DONE)
    assert b"altered paragraph" in (session.root / "build" / "small.html").read_bytes()
    assert session.get("small.pdf").startswith(b"%PDF")
    assert still_built(session.root, None, proven=True), "and inv build has nothing left to do"

    session.save("1.md", TEXT + "\nBroken [@nobody].\n")
    state = session.until(lambda state: bool(state["problems"]))
    assert state["problems"][0].startswith("source/1.md:7: error[ref-missing]")
    assert state["turn"] == 2
    assert b"altered paragraph" in session.get("document.html"), "the last good text stays"

    session.save("metadata.yaml", "title: [")
    session.until(lambda state: any("metadata-unreadable" in each for each in state["problems"]))

    session.save("metadata.yaml", METADATA)
    session.save("1.md", TEXT + "\nMended [@two].\n")
    state = session.until(lambda state: state["doing"] == DONE)
    assert state["problems"] == []
    assert b"Mended" in session.get("document.html")
    said = session.terminal.getvalue()
    assert "source/1.md page" in said
    assert "error[ref-missing]" in said
    assert "they agree" in said


def test_a_folder_without_a_document_is_not_watched(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="source/"):
        watch(tmp_path, Console(file=StringIO()))
