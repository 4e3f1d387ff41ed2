"""Serve a built pad on this machine only, with the types that browsers insist on.

    with serving(Path("build/pad")) as address:
        webbrowser.open(address)
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tegashiki.errors import TegashikiError


class Handler(SimpleHTTPRequestHandler):
    """Static files, quietly; the browser asks again for each, so that a new build is seen."""

    protocol_version = "HTTP/1.1"
    # not what the machine's registry says: a .js that is text/plain would not be run
    extensions_map = {                                                    # noqa: RUF012
        "": "application/octet-stream", ".css": "text/css", ".html": "text/html; charset=utf-8",
        ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml",
        ".txt": "text/plain; charset=utf-8", ".wasm": "application/wasm", ".woff2": "font/woff2",
        ".ts": "text/plain; charset=utf-8", ".webmanifest": "application/manifest+json",
    }

    def end_headers(self) -> None:
        """Let nothing be kept without asking."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a person looks at the page."""


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[str]:
    """The address of `folder` on the loopback interface, while in the block; port 0: any free one.

    Raises TegashikiError when the port is taken.
    """
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, directory=str(folder)))
    except OSError as error:
        raise TegashikiError(f"pad: port {port}: {error.strerror}; give another with --port, or 0 "
                             "for any free one") from None
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
