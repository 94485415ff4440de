"""The page and what it asks for, over HTTP on this machine alone.

Another page that is open in the same browser can send requests here, too. So a request must name this very host (a
name that somebody else lets lead here is none of ours), must not come from another origin, and one that changes
anything must come from ours and say so in a header that no other origin may send. Nothing but the page's own files,
the images of pages, and what a build made is ever sent: no path of a request is a path of a file.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from typing import Any
from urllib.parse import parse_qs, urlsplit

from edition.findings import EditionError
from edition.preview.session import Session

HOST = "127.0.0.1"
OWN_HEADER = "X-Edition-Preview"
LONGEST_BODY = 64 * 1024
LONGEST_VALUE = 200
MOST_LISTENERS = 24
HEARTBEAT = 15.0
"""Seconds between signs of life to those who wait for news."""
ASSETS = {
    "/": ("preview.html", "text/html; charset=utf-8"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
    "/preview.css": ("preview.css", "text/css; charset=utf-8"),
    "/preview.js": ("preview.js", "text/javascript; charset=utf-8"),
    "/pages.js": ("pages.js", "text/javascript; charset=utf-8"),
    "/panels.js": ("panels.js", "text/javascript; charset=utf-8"),
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Server(ThreadingHTTPServer):
    """Serves one session on the loopback address."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, session: Session, port: int) -> None:
        """Raises OSError if the port is taken."""
        self.session = session
        self.listeners = 0
        super().__init__((HOST, port), Handler)

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.server_port}/"

    @property
    def hosts(self) -> set[str]:
        return {f"{name}:{self.server_port}" for name in (HOST, "localhost")}

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away is no news."""
        import sys

        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Refused(Exception):
    """A request that gets no answer but a status and a word."""

    def __init__(self, status: HTTPStatus, word: str) -> None:
        self.status, self.word = status, word
        super().__init__(word)


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "edition"
    sys_version = ""
    timeout = 60

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are nobody's news."""

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def _answer(self, how: Callable[[], None]) -> None:
        try:
            self._check()
            how()
        except Refused as refused:
            self.close_connection = True
            self._send(f"{refused.word}\n".encode(), "text/plain; charset=utf-8", status=refused.status)

    def _check(self) -> None:
        """Raises Refused for a request that is not this page's, or not of a person who opens it."""
        if self.headers.get_all("Host") not in [[host] for host in self.server.hosts]:
            raise Refused(HTTPStatus.MISDIRECTED_REQUEST, "another host")
        origin = self.headers.get("Origin")
        if origin is not None and origin not in {f"http://{host}" for host in self.server.hosts}:
            raise Refused(HTTPStatus.FORBIDDEN, "another origin")
        site = self.headers.get("Sec-Fetch-Site", "none")
        opening = self.headers.get("Sec-Fetch-Mode") == "navigate" and self.path == "/" and self.command == "GET"
        if site not in ("none", "same-origin") and not opening:
            raise Refused(HTTPStatus.FORBIDDEN, "another origin")

    def _get(self) -> None:
        path, session = urlsplit(self.path).path, self.server.session
        if path in ASSETS:
            name, kind = ASSETS[path]
            content = resources.files("edition.preview").joinpath("assets", name).read_bytes()
            self._send(content, kind)
        elif path == "/events":
            self._events()
        elif path == "/book":
            self._json(session.book())
        elif path.startswith("/page/"):
            image = session.images.get(path.removeprefix("/page/"), self._number("width", 800))
            if image is None:
                raise Refused(HTTPStatus.NOT_FOUND, "no such page")
            self._send(image, "image/png", cache="private, max-age=86400, immutable")
        elif path == "/word":
            self._json(session.word_at(self._number("page", -1), self._length("x"), self._length("y")))
        elif path == "/finding":
            self._json(session.finding_at(self._number("number", -1)))
        elif path == "/looking":
            session.looked_at = self._number("page", 0)
            self._json(None)
        elif path == "/drawn":
            self._json(session.drawn_at(self._number("page", -1), self._word("digest")))
        else:
            raise Refused(HTTPStatus.NOT_FOUND, "nothing here")

    def _post(self) -> None:
        if self.headers.get("Origin") is None or self.headers.get(OWN_HEADER) != "1":
            raise Refused(HTTPStatus.FORBIDDEN, "not from the page")
        path, session = urlsplit(self.path).path, self.server.session
        settings = self._settings()
        if path == "/settings":
            self._json({"wished": session.wish(settings)})
        elif path == "/settings/write":
            try:
                session.write(settings)
            except EditionError as error:
                self._json({"refused": session.refused(error)}, HTTPStatus.CONFLICT)
            else:
                self._json({"written": True})
        else:
            raise Refused(HTTPStatus.NOT_FOUND, "nothing here")

    def _settings(self) -> dict[str, str]:
        """Settings from the body. Raises Refused for anything else."""
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LONGEST_BODY:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too long, or of no length")
        try:
            found = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError) as error:
            raise Refused(HTTPStatus.BAD_REQUEST, "no JSON") from error
        if not isinstance(found, dict) or not all(_is_setting(*pair) for pair in found.items()):
            raise Refused(HTTPStatus.BAD_REQUEST, "no settings")
        return found

    def _events(self) -> None:
        """News as they come, until the browser goes away."""
        session, server = self.server.session, self.server
        if server.listeners >= MOST_LISTENERS:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "too many listen")
        server.listeners += 1
        try:
            self.close_connection = True
            self._head(HTTPStatus.OK, "text/event-stream", "no-store")
            self.send_header("Connection", "close")
            self.end_headers()
            version = -1
            while not session.ended:
                if version < 0 or session.wait(version, HEARTBEAT):
                    state = session.state()
                    version = state["version"]
                    self.wfile.write(b"data: " + json.dumps(state).encode() + b"\n\n")
                else:
                    self.wfile.write(b": still here\n\n")
                self.wfile.flush()
        except OSError:
            pass  # it went away
        finally:
            server.listeners -= 1

    def _number(self, name: str, default: int) -> int:
        value = parse_qs(urlsplit(self.path).query).get(name, [str(default)])[0]
        if not value.isdecimal() or len(value) > 6:
            raise Refused(HTTPStatus.BAD_REQUEST, f"{name} is no number")
        return int(value)

    def _word(self, name: str) -> str:
        return parse_qs(urlsplit(self.path).query).get(name, [""])[0]

    def _length(self, name: str) -> float:
        try:
            return float(parse_qs(urlsplit(self.path).query)[name][0][:20])
        except (KeyError, ValueError) as error:
            raise Refused(HTTPStatus.BAD_REQUEST, f"{name} is no length") from error

    def _json(self, value: Any, status: HTTPStatus = HTTPStatus.OK) -> None:
        content = json.dumps(value, ensure_ascii=False).encode()
        self._send(content, "application/json; charset=utf-8", status=status)

    def _send(
        self, content: bytes, kind: str, *, status: HTTPStatus = HTTPStatus.OK, cache: str = "no-store"
    ) -> None:
        self._head(status, kind, cache)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _head(self, status: HTTPStatus, kind: str, cache: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", cache)
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("X-Content-Type-Options", "nosniff")


def _is_setting(name: object, value: object) -> bool:
    fits = isinstance(name, str) and isinstance(value, str)
    return fits and len(str(name)) <= LONGEST_VALUE and len(str(value)) <= LONGEST_VALUE and name != "name"
