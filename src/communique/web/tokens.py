"""Tokens: who may read, who may write, under which name; compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from communique.errors import InputError

Right = Literal["read", "write"]
SHORTEST = 20  # characters; `secrets.token_urlsafe()` gives 43
SESSION = 12 * 3600  # seconds for which a sign-in holds
_LINE = re.compile(r"(read|write)\s+(?:(\S+)\s+)?(\S+)")
_NAMES: Mapping[str, Right] = {"COMMUNIQUE_READ_TOKEN": "read", "COMMUNIQUE_WRITE_TOKEN": "write"}


@dataclass(frozen=True, slots=True)
class Who:
    """Who asks: a name, which corrections keep, and whether they may write."""

    name: str = ""
    may_write: bool = False


@dataclass(frozen=True, slots=True)
class _Token:
    right: Right
    name: str
    digest: bytes

    @property
    def who(self) -> Who:
        return Who(self.name, self.right == "write")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens that open the page. Only their hashes are kept; where there are none, whoever reaches it may write."""

    tokens: tuple[_Token, ...] = ()
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def __bool__(self) -> bool:
        return bool(self.tokens)

    def of(self, token: str) -> Who | None:
        """Return whose token this is, None if nobody's. Takes as long for a wrong one as for a right one."""
        digest = _digest(token)
        found: Who | None = None
        for each in self.tokens:  # all of them, whichever it is
            if hmac.compare_digest(each.digest, digest):
                found = each.who
        return found

    def session(self, token: str, now: float | None = None) -> str:
        """Return what a browser keeps after signing in: no token, and worthless once the token is taken away."""
        until = int((time.time() if now is None else now) + SESSION)
        digest = _digest(token).hex()
        return f"{until}.{digest[:16]}.{self._sign(f'{until}.{digest[:16]}')}"

    def signed_in(self, session: str, now: float | None = None) -> Who | None:
        """Return who has this session, None if it is forged, too old, or of a token that there is no more."""
        said, _, signature = session.rpartition(".")
        until, _, start = said.partition(".")
        if not hmac.compare_digest(self._sign(said).encode(), signature.encode("utf-8", "replace")):
            return None
        if int(until) < (time.time() if now is None else now):
            return None
        return next((each.who for each in self.tokens if each.digest.hex()[:16] == start), None)

    def form_token(self) -> str:
        """Return what the forms of our pages carry, which another site cannot know."""
        return self._sign("form")

    def is_form_token(self, given: str) -> bool:
        return hmac.compare_digest(self.form_token().encode(), given.encode("utf-8", "replace"))

    def _sign(self, text: str) -> str:
        return hmac.new(self.key, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


NONE = Tokens()


def read_tokens(path: Path | None, environment: Mapping[str, str] | None = None) -> Tokens:
    """Return the tokens of a file and of the environment.

    A line of the file is `read NAME TOKEN` or `write NAME TOKEN`, NAME may be left out; `#` starts a comment. The
    environment has COMMUNIQUE_READ_TOKEN and COMMUNIQUE_WRITE_TOKEN. Raises InputError for a file that cannot be read,
    a line that is none, a token that is too short and one that is there twice.
    """
    environment = os.environ if environment is None else environment
    found = list(_of_file(path)) if path else []
    for name, right in _NAMES.items():
        if token := environment.get(name, "").strip():
            found.append(_token(right, right, token, name))
    if len({each.digest for each in found}) < len(found):
        raise InputError("A token is there twice. Give each its own: `python -c 'import secrets; "
                         "print(secrets.token_urlsafe())'` makes one.")  # fmt: skip
    return _keyed(found) if found else Tokens()


def _of_file(path: Path) -> Iterable[_Token]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"Cannot read the tokens in {str(path)!r}: {error}. Give a text file.") from None
    for number, line in enumerate(lines, 1):
        text = line.partition("#")[0].strip()
        match = _LINE.fullmatch(text)
        if match:
            right: Right = "write" if match[1] == "write" else "read"
            yield _token(right, match[2] or right, match[3], f"{path}:{number}")
        elif text:
            raise InputError(f"{path}:{number} is no token. Write `read NAME TOKEN` or `write NAME TOKEN`.")


def _token(right: Right, name: str, token: str, where: str) -> _Token:
    if len(token) < SHORTEST:
        raise InputError(f"The token of {where} has less than {SHORTEST} characters. `python -c 'import secrets; "
                         "print(secrets.token_urlsafe())'` makes a good one.")  # fmt: skip
    return _Token(right, name, _digest(token))


def _keyed(tokens: Iterable[_Token]) -> Tokens:
    """Return tokens with a key that follows from them, so that who is signed in stays so over a restart."""
    kept = tuple(tokens)
    return Tokens(kept, hashlib.sha256(b"communique session" + b"".join(sorted(t.digest for t in kept))).digest())


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
