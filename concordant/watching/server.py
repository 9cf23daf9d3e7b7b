"""The server of the page beside the editor: for this machine alone, with server-sent events (HTML Standard, 9.2)."""

from __future__ import annotations

import json
import queue
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import Lock, Thread
from urllib.parse import urlsplit

from concordant.problem import CannotRun

HOST = "127.0.0.1"
_PULSE = 10.0  # seconds after which a silent page is asked whether it is still there
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".pdf": "application/pdf",
    ".json": "application/json",
}


@dataclass(frozen=True, slots=True)
class State:
    """What the page shows: which turn of the text, where it was edited last, what is wrong, what is being done."""

    turn: int = 0
    place: str = ""
    problems: tuple[str, ...] = ()
    doing: str = ""


class Board:
    """Where the state is put up, and whoever listens hears of a new one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._listeners: set[queue.SimpleQueue[State]] = set()
        self.state = State()

    def put(self, state: State) -> None:
        """Put up a state."""
        with self._lock:
            self.state = state
            for each in self._listeners:
                each.put(state)

    @contextmanager
    def listening(self) -> Iterator[queue.SimpleQueue[State]]:
        """Give a queue of the present state and all that follow."""
        mine: queue.SimpleQueue[State] = queue.SimpleQueue()
        with self._lock:
            self._listeners.add(mine)
            mine.put(self.state)
        try:
            yield mine
        finally:
            with self._lock:
                self._listeners.discard(mine)


@contextmanager
def serving(board: Board, find: Callable[[str], bytes | None], port: int) -> Iterator[str]:
    """Serve on this machine's loopback while the block runs; give the page's address.

    `find` returns the bytes of what has this name, or None. Port 0 is any free one.

    Raises:
        CannotRun: the port is taken.
    """
    handler = type("Handler", (_Handler,), {"board": board, "find": staticmethod(find)})
    try:
        server = _Server((HOST, port), handler)
    except OSError as error:
        raise CannotRun(f"port {port} cannot be used ({error.strerror}); name another") from error
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # pages that listen never end by themselves


class _Handler(BaseHTTPRequestHandler):
    board: Board
    find: Callable[[str], bytes | None]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer, but only who asks this machine by its own name: other sites must not reach the text."""
        name = self.headers.get("Host", "").rpartition(":")[0]
        path = urlsplit(self.path).path
        if name not in {HOST, "localhost"}:
            self._send(HTTPStatus.FORBIDDEN, b"ask 127.0.0.1", "text/plain")
        elif path == "/events":
            self._tell()
        elif path == "/":
            page = (files("concordant.watching") / "page.html").read_bytes()
            self._send(HTTPStatus.OK, page, TYPES[".html"])
        elif (data := self.find(path.removeprefix("/"))) is not None:
            suffix = path[path.rfind(".") :]
            self._send(HTTPStatus.OK, data, TYPES.get(suffix, "application/octet-stream"))
        else:
            self._send(HTTPStatus.NOT_FOUND, b"there is no such page", "text/plain")

    def _send(self, status: HTTPStatus, data: bytes, media_type: str) -> None:
        self._begin(status, {"Content-Type": media_type, "Content-Length": str(len(data))})
        with suppress(OSError):
            self.wfile.write(data)

    def _begin(self, status: HTTPStatus, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for key, value in {"Cache-Control": "no-store", **headers}.items():
            self.send_header(key, value)
        self.end_headers()

    def _tell(self) -> None:
        self._begin(HTTPStatus.OK, {"Content-Type": "text/event-stream", "Connection": "close"})
        with suppress(OSError), self.board.listening() as states:  # OSError: the page is closed
            while True:
                try:
                    line = f"data: {json.dumps(asdict(states.get(timeout=_PULSE)))}\n\n"
                except queue.Empty:
                    line = ": still here\n\n"
                self.wfile.write(line.encode())

    def log_message(self, *_: object) -> None:
        """Keep the terminal for what concerns the text."""
