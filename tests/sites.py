"""A web site on loopback for tests: it answers as it is told to, and notes who asked for what and when."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Asked:
    """A request: the path, its headers by lower-case name, and when it came (seconds, monotonic)."""

    path: str
    headers: dict[str, str]
    at: float


@dataclass(frozen=True)
class Answer:
    """What a path answers. `pause` is in seconds between two bytes of the body, or of the head where `slow_head`."""

    body: bytes = b""
    status: int = 200
    media: str = "text/plain"
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    slow_head: bool = False
    wait: float = 0.0


Route = Answer | Callable[[Asked], Answer]


@dataclass
class Site:
    """Answers for each path in turn, the last for ever; 404 for other paths, also for robots.txt."""

    url: str = ""
    routes: dict[str, list[Route]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    most_at_once: int = 0

    def say(self, path: str, *answers: Route | str | bytes, media: str = "text/plain", **headers: str) -> None:
        """Set what a path answers: texts with 200 and `media`."""
        extra = {name.replace("_", "-"): value for name, value in headers.items()}
        texts = (a.encode() if isinstance(a, str) else a for a in answers)
        self.routes[path] = [Answer(a, media=media, headers=extra) if isinstance(a, bytes) else a for a in texts]

    def paths(self, *, robots: bool = False) -> list[str]:
        """Return the paths that were asked for, in order, without those of robots.txt unless wanted."""
        return [a.path for a in self.asked if robots or a.path != "/robots.txt"]


@contextmanager
def serving(port: int = 0) -> Iterator[Site]:
    """Serve a site until the block is left."""
    site = Site()
    busy = threading.Lock()
    now = [0]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = Asked(self.path, {k.lower(): v for k, v in self.headers.items()}, time.monotonic())
            with busy:
                site.asked.append(asked)
                now[0] += 1
                site.most_at_once = max(site.most_at_once, now[0])
                routes = site.routes.get(self.path) or [Answer(b"nothing here", 404)]
                route = routes.pop(0) if len(routes) > 1 else routes[0]
            self.over = False
            try:
                self._give(route(asked) if callable(route) else route)
            except OSError:  # who asked went away
                pass
            finally:
                self._is_over()

        def _is_over(self) -> None:
            """Count this answer as given. Who has its last byte may ask again before another line is run here, so this
            is called before that byte is sent."""
            with busy:
                now[0] -= not self.over
                self.over = True

        def _give(self, answer: Answer) -> None:
            time.sleep(answer.wait)
            if answer.slow_head:
                self._slowly(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 10_000, answer.pause)
            self.send_response(answer.status)
            for name, value in {"Content-Type": answer.media, **answer.headers}.items():
                if value:
                    self.send_header(name, value)
            if "Content-Length" not in answer.headers and answer.status != 304:
                self.send_header("Content-Length", str(len(answer.body)))
            if not answer.pause:
                self._is_over()
            self.end_headers()
            if answer.status != 304:
                self._slowly(answer.body, answer.pause)

        def _slowly(self, data: bytes, pause: float) -> None:
            if not pause:
                self.wfile.write(data)
                return
            for byte in data:
                self.wfile.write(bytes((byte,)))
                self.wfile.flush()
                time.sleep(pause)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
