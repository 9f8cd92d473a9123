"""A real web server on this machine that takes pager calls for one test; it keeps them and can misbehave."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.support.mail_server import certified


@dataclass
class PagerService:
    """What arrived, and how to reach it."""

    port: int = 0
    scheme: str = "http"
    certificate: Path | None = None
    calls: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    #: What it does with the next calls: a status, "hang", "drop" or "elsewhere" (a redirection). Then it takes them.
    moods: list[int | str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Address for TRIM_PAGER_URL."""
        return f"{self.scheme}://127.0.0.1:{self.port}/hook?room=3"


@contextmanager
def pager_service(folder: Path, *, tls: bool = False) -> Iterator[PagerService]:
    """Run one on a free port; `tls` with a certificate that only those trust who are told of it."""
    made = PagerService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            mood = made.moods.pop(0) if made.moods else 200
            if mood == "hang":
                made.over.wait(5)
            if mood in ("hang", "drop"):
                self.close_connection = True
                return
            if mood == 200 or mood == 202:
                made.bodies.append(body)
                made.calls.append({"path": self.path, **json.loads(body)})
                made.headers.append(dict(self.headers))
            self.send_response(307 if mood == "elsewhere" else int(mood))
            if mood == "elsewhere":
                self.send_header("Location", made.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing on the screen of a test."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """Whoever does not trust the certificate hangs up: that is the test."""

    server = Server(("127.0.0.1", 0), Handler)
    made.port = int(server.server_address[1])
    if tls:
        made.certificate, context = certified(folder)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        made.scheme = "https"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def trusting(service: PagerService) -> ssl.SSLContext:
    """Trust in the service's own certificate alone."""
    return ssl.create_default_context(cafile=str(service.certificate))
