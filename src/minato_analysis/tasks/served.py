"""Show the page that was built last in a browser of this machine, and show it anew when it is built again.

In: a folder of pages, and what is told of each build. Out: an address on the loopback interface. There the
page stands in a frame, byte for byte as it was built and under its own content security policy; what follows
the builds is in the page around it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

HOST = "127.0.0.1"
LONGEST_WAIT = 20.0
"""Seconds after which a question is answered although nothing happened."""

STYLE = """
body { margin: 0; height: 100vh; display: flex; flex-direction: column; font: 1rem/1.6 sans-serif; }
p { margin: 0; padding: .3rem 1rem; background: #e8f1fe; white-space: pre-wrap; }
p.problem { background: #fdeeee; }
iframe { flex: 1; border: 0; }
"""

SCRIPT = """
const said = document.querySelector("p"), frame = document.querySelector("iframe");
async function follow() {
  for (let seen = -1; ;) {
    const news = await (await fetch(`/news?after=${seen}`)).json();
    if (news.number === seen) continue;
    seen = news.number;
    said.textContent = news.said;
    said.className = news.problem ? "problem" : "";
    if (news.problem || !news.page) continue;
    const shown = frame.contentWindow.location;
    if (shown.pathname === `/${news.page}.html`) shown.reload();
    else frame.src = `/${news.page}.html`;
  }
}
follow().catch(() => { said.textContent = "minato watch は終わっています。"; });
"""

AROUND = f"""<!DOCTYPE html>
<html lang="ja"><meta charset="utf-8"><title>minato watch</title><link rel="icon" href="data:,">
<style>{STYLE}</style><p role="status"></p><iframe title="ページ"></iframe><script>{SCRIPT}</script></html>
"""


def _hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


POLICY = (
    f"default-src 'none'; style-src {_hashed(STYLE)}; script-src {_hashed(SCRIPT)}; img-src data:; "
    "frame-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass
class News:
    """What is told of the last build; whoever asks waits for the next."""

    number: int = 0
    said: str = ""
    page: str = ""
    problem: bool = False
    _told: threading.Condition = field(default_factory=threading.Condition)

    def tell(self, said: str, page: str = "", *, problem: bool = False) -> None:
        """Tell what happened, and of which page."""
        with self._told:
            self.number += 1
            self.said, self.page, self.problem = said, page, problem
            self._told.notify_all()

    def after(self, number: int, seconds: float = LONGEST_WAIT) -> dict[str, Any]:
        """Return what was told last, as soon as it is not what was told as `number`."""
        with self._told:
            self._told.wait_for(lambda: self.number != number, seconds)
            names = ("number", "said", "page", "problem")
            return {name: getattr(self, name) for name in names}


@contextmanager
def served(folder: Path, news: News) -> Iterator[str]:
    """Serve the pages of a folder to this machine alone; yield the address."""
    handler = partial(_Handler, news, directory=str(folder))
    with ThreadingHTTPServer((HOST, 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://{HOST}:{server.server_port}/"
        finally:
            server.shutdown()


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, news: News, *arguments: Any, **named: Any) -> None:
        self._news = news
        super().__init__(*arguments, **named)

    def do_GET(self) -> None:
        port = self.connection.getsockname()[1]
        asked = urlsplit(self.path)
        if self.headers["Host"] not in (f"{HOST}:{port}", f"localhost:{port}"):
            self.send_error(HTTPStatus.FORBIDDEN)  # a name that another site lets lead here
        elif asked.path == "/":
            self._send(AROUND, "text/html; charset=utf-8", {"Content-Security-Policy": POLICY})
        elif asked.path == "/news":
            after = parse_qs(asked.query).get("after", [""])[0]
            number = int(after) if after.isdecimal() else -1
            self._send(json.dumps(self._news.after(number)), "application/json", {})
        else:
            super().do_GET()

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def list_directory(self, path: Any) -> None:
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *_: Any) -> None:
        """Say nothing: the terminal tells of builds."""

    def _send(self, text: str, kind: str, headers: dict[str, str]) -> None:
        content = text.encode()
        self.send_response(HTTPStatus.OK)
        for name, value in {**headers, "Content-Type": kind}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
