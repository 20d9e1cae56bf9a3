"""Fetching from the web as a good guest: what robots.txt allows, one at a time from a host, and never for ever.

Nothing is fetched but what the user gave an address of, and what that leads to.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from communique.errors import FetchError
from communique.settings import Settings
from communique.sources.addresses import EVERYWHERE, PUBLIC, Reach, cleaned, host_of, is_local_name, reach_from
from communique.sources.body import Answer, answer_of
from communique.sources.manners import BUSY, Asked, agent, asked_wait, passing
from communique.sources.robots import MOST_BYTES, RobotsBook, Rules, parse_rules
from communique.sources.transport import Cutter, Guarded, OutOfReach, Resolve, resolve

_REDIRECTS = 5
_SILENCE = 20.0  # seconds without a byte
_ACCEPT = (
    "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/xml;q=0.9, "
    "text/xml;q=0.9, text/plain;q=0.9, application/pdf;q=0.9, */*;q=0.1"
)


@dataclass(frozen=True, slots=True)
class Validators:
    """What a host gave to ask whether something has changed: its ETag and its Last-Modified, as they stand."""

    etag: str = ""
    modified: str = ""

    def headers(self) -> dict[str, str]:
        """Return them as a request carries them."""
        return {
            **({"If-None-Match": self.etag} if self.etag else {}),
            **({"If-Modified-Since": self.modified} if self.modified else {}),
        }


@dataclass(frozen=True, slots=True)
class Page:
    """What stands at an address. `url` is where it was found in the end, `reach` where it may lead.

    `media` is the media type, lower case, empty if the host names none; `charset` what the host says, empty if nothing.
    Where `unchanged`, the host said that it is as the validators have it, and there is no content.
    """

    address: str
    url: str
    content: bytes
    media: str
    charset: str
    validators: Validators
    reach: Reach = PUBLIC
    unchanged: bool = False
    moved: str = ""


@dataclass
class _Host:
    """What is known of a host: when it may be asked again (on the monotonic clock), and until when it is left alone."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = 0.0
    closed_until: float = 0.0


class Stopped(FetchError):
    """The program is being ended, so nothing is fetched any more."""

    def __init__(self) -> None:
        super().__init__("The program was stopped before this was fetched.", passing=True)


class Web:
    """A client. Threads may share it: hosts are asked side by side, each host by one thread at a time."""

    def __init__(self, settings: Settings, *, lookup: Resolve = resolve) -> None:
        self._settings = settings
        self._transport = Guarded(lookup)
        name = agent(f"+{settings.contact}" if settings.contact else "")
        # Connections are closed: the next fetch from a host is seconds away. Cookies are not kept.
        self._headers = {"User-Agent": name, "Accept": _ACCEPT, "Accept-Encoding": "gzip", "Connection": "close"}
        self._timeout = httpx.Timeout(min(_SILENCE, settings.web_seconds)).as_dict()
        self._robots = RobotsBook()
        self._hosts: dict[str, _Host] = {}
        self._cutters: set[Cutter] = set()
        self._lock = threading.Lock()
        self._stopping = threading.Event()

    def __enter__(self) -> Web:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Fetch nothing more; what other threads still fetch is cut off."""
        self.stop()
        self._transport.close()

    def stop(self) -> None:
        """End all fetches and waits, now and from now on, with `Stopped`. May be called at any moment."""
        self._stopping.set()
        for cutter in list(self._cutters):
            cutter.cut()

    @property
    def stopped(self) -> bool:
        """Whether `stop` was called."""
        return self._stopping.is_set()

    def reach_of(self, address: str) -> Reach:
        """Return where an address that the user gave may lead; see `addresses.reach_from`."""
        if self._settings.web_private:
            return EVERYWHERE
        try:
            host = urlsplit(address).hostname or ""
            return reach_from(self._transport.networks(host), named=not is_local_name(host))
        except httpx.ConnectError:  # said when it is fetched; through a proxy it may yet be
            return PUBLIC

    def fetch(self, address: str, *, reach: Reach | None = None, known: Validators | None = None) -> Page:
        """Return what stands at `address`, after waiting for the host's turn.

        `reach` says which networks it may lie in; without it, `address` is the user's own and may lie anywhere. With
        `known`, a page that has not changed since comes back `unchanged`. Raises FetchError, with what is wrong.
        """
        given = at = cleaned(address)
        if reach is None or self._settings.web_private:
            reach = self.reach_of(at)
        moved, passed = True, [at]
        while True:
            answer = self._ask(at, reach, (known or Validators()).headers())
            if not answer.leads_to:
                break
            at = cleaned(answer.leads_to, at)
            if at in passed or len(passed) > _REDIRECTS:
                raise FetchError(f"{given} leads to {at} and on, more than {_REDIRECTS} times or in a circle.")
            moved = moved and answer.status in (301, 308)
            passed.append(at)
        found = Validators(answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", ""))
        if known is not None and answer.status == 304:  # which need not say again what it said before
            found = Validators(found.etag or known.etag, found.modified or known.modified)
        return Page(
            given, at, answer.content, answer.media, answer.charset, found, reach, answer.status == 304,
            at if moved and at != given else "",
        )  # fmt: skip

    def _ask(self, address: str, reach: Reach, headers: dict[str, str]) -> Answer:
        """Return the answer of one address, asked again while its host is busy; FetchError for what is no answer."""
        try:
            return self._tries(self._host(address))(self._in_turn, address, reach, headers)
        except httpx.HTTPStatusError as error:
            code = error.response.status_code
            said = f"{code} {error.response.reason_phrase}".strip()
            raise FetchError(
                f"{address} answered {said}.", passing=code in BUSY, wait=asked_wait(error.response) or 0.0,
                gone=code == 410,
            ) from None  # fmt: skip
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            what = str(error) or type(error).__name__
            raise FetchError(f"No answer from {address} ({what}).", passing=True) from None

    def _tries(self, host: _Host) -> Retrying:
        settings, longest = self._settings, self._settings.web_longest_wait

        def note(state: RetryCallState) -> None:  # who else waits for this host waits as long
            host.free_at = max(host.free_at, time.monotonic() + (state.next_action.sleep if state.next_action else 0))

        return Retrying(
            stop=stop_after_attempt(settings.web_tries), retry=retry_if_exception(self._worth_another_try),
            wait=Asked(wait_random_exponential(settings.web_backoff, longest), longest),
            sleep=self._sleep, before_sleep=note, reraise=True,
        )  # fmt: skip

    def _worth_another_try(self, error: BaseException) -> bool:
        if isinstance(error, httpx.HTTPStatusError) and self._longer_than_we_wait(error.response):
            return False
        return passing(error)

    def _longer_than_we_wait(self, response: httpx.Response) -> bool:
        return (asked_wait(response) or 0.0) > self._settings.web_longest_wait

    def _in_turn(self, address: str, reach: Reach, headers: dict[str, str]) -> Answer:
        """Ask once, when it is the turn of this thread and the host's pause is over."""
        name, host = host_of(address), self._host(address)
        with host.lock:
            if (left := host.closed_until - time.monotonic()) > 0:
                raise FetchError(
                    f"{name} asked to be left alone for {left:,.0f} more seconds.", passing=True, wait=left
                )
            rules = self._robots.rules(name, lambda _: self._rules(name, reach, host))
            rules.check(address, name)
            delay = max(self._settings.web_delay, rules.delay)
            if delay > max(self._settings.web_longest_wait, self._settings.web_delay):
                raise FetchError(
                    f"{name}/robots.txt asks for {delay:,.0f} seconds between two fetches, more than "
                    "COMMUNIQUE_WEB_LONGEST_WAIT allows to wait. Set it higher to fetch from there all the same."
                )
            self._sleep(host.free_at - time.monotonic())
            try:
                return self._once(address, reach, headers, self._settings.web_max_bytes)
            except httpx.HTTPStatusError as error:
                if self._longer_than_we_wait(error.response):
                    host.closed_until = time.monotonic() + (asked_wait(error.response) or 0.0)
                raise
            finally:
                host.free_at = time.monotonic() + delay

    def _rules(self, name: str, reach: Reach, host: _Host) -> Rules:
        """Return the rules of a host: none where it has no robots.txt (4xx); nothing allowed where it cannot say."""
        at, tries = f"{name}/robots.txt", self._tries(host)
        try:
            for _ in range(_REDIRECTS + 1):
                answer = tries(self._once, at, reach, {}, MOST_BYTES, cut=True)
                if not answer.leads_to:
                    return parse_rules(answer.content)
                at = cleaned(answer.leads_to, at)
            return Rules()  # more redirects than that are no robots.txt, says the RFC
        except (Stopped, OutOfReach):
            raise
        except httpx.HTTPStatusError as error:
            code = error.response.status_code
            return Rules() if 400 <= code < 500 and code not in BUSY else Rules(unreached=f"it answered {code}")
        except (FetchError, httpx.HTTPError, httpx.InvalidURL) as error:
            return Rules(unreached=str(error).rstrip(".") or type(error).__name__)

    def _once(self, address: str, reach: Reach, headers: dict[str, str], most: int, *, cut: bool = False) -> Answer:
        with self._cutting() as cutter:
            extensions = {"reach": reach, "trace": cutter.trace, "timeout": self._timeout}
            try:
                request = httpx.Request("GET", address, headers={**self._headers, **headers}, extensions=extensions)
                with closing(self._transport.handle_request(request)) as response:
                    response.request = request
                    answer = answer_of(response, address, most, cut=cut)
            except (httpx.HTTPError, FetchError) as error:
                self._explain_cut(cutter, address, error)
                raise
            self._explain_cut(cutter, address, None)  # a body without a length ends where the connection ends
            return answer

    @contextmanager
    def _cutting(self) -> Iterator[Cutter]:
        cutter = Cutter()
        self._cutters.add(cutter)
        try:
            if self._stopping.is_set():
                raise Stopped
            with cutter.after(self._settings.web_seconds):
                yield cutter
        finally:
            self._cutters.discard(cutter)

    def _explain_cut(self, cutter: Cutter, address: str, error: Exception | None) -> None:
        if cutter.cut_off:
            if self._stopping.is_set():
                raise Stopped from error
            limit = f"{self._settings.web_seconds:g}"
            raise FetchError(f"{address} took longer than {limit} seconds, and was given up.", passing=True) from error

    def _host(self, address: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(host_of(address), _Host())

    def _sleep(self, seconds: float) -> None:
        if self._stopping.wait(max(0.0, seconds)):
            raise Stopped
