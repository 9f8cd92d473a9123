"""The gallery as a server that a browser can reach."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.web.gallery import make_gallery


class _Quiet(WSGIRequestHandler):
    def log(self, *_args: object) -> None:
        """Requests of tests are of interest to nobody."""


@pytest.fixture(scope="session")
def gallery_url() -> Iterator[str]:
    """The address of a running gallery."""
    server = make_server("127.0.0.1", 0, make_gallery(), threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
