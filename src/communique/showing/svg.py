"""Pictures as SVG, drawn by hand: part of a page, whose style they then follow, or files that bring their own.

No library draws here: a picture is made in a millisecond, its parts are links, and it can be read aloud.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

# Told apart by those who do not see red or green, and in grey (Okabe & Ito 2008). In a page, style.css says the same,
# for light and dark.
_STYLE = """
text{font:11px system-ui,sans-serif;fill:#4a4a4a}
.strong{font-weight:600;fill:#161616}
.axis{stroke:#161616;stroke-width:1}.grid{stroke:#d4d4d4;stroke-width:1}
.for{fill:#0b5c97}.against{fill:#b0400f}.open{fill:#6b6b6b}
.line{fill:none;stroke-width:1;stroke:#6b6b6b;opacity:.5}
.level{stroke-width:3;fill:none}.turn{stroke-width:1;stroke-dasharray:4 3;fill:none}
.for-line{stroke:#0b5c97}.against-line{stroke:#b0400f}.open-line{stroke:#6b6b6b}
.bar{stroke-width:1.2;opacity:.45}
.land{fill:#dfdcd5;stroke:#fff;stroke-width:.5}.sea{fill:#f6f8fa}
.p3{fill:#0b5c97}.p2{fill:#5d97c4}.p1{fill:#b5d0e6}.p0{fill:#cfcfcf}.m1{fill:#f3cbb2}.m2{fill:#dd8a5a}.m3{fill:#b0400f}
.own{fill:#161616}.spot{fill-opacity:.55;stroke-width:1;stroke:#fff}
.node{fill:#fff;stroke:#161616;stroke-width:1.5}.b0{fill:#dfe9f2}.b1{fill:#f6e3d7}.b2{fill:#e4eedd}.b3{fill:#efe2f0}.b4{fill:#f4eecb}
.tie-for{stroke:#0b5c97;fill:none}.tie-against{stroke:#b0400f;stroke-dasharray:5 3;fill:none}
.halo{fill:#fff;opacity:.8}
"""
STEPS = ("m3", "m2", "m1", "p0", "p1", "p2", "p3")
KEYS = ((STEPS[0], "hostile −1"), *((name, "") for name in STEPS[1:-1]), (STEPS[-1], "friendly +1"))
_BOUNDS = (-0.45, -0.2, -0.05, 0.05, 0.2, 0.45)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of `width` by `height`; `body` is SVG in which all text is escaped already.

    `title` names it, `description` says in words what it shows, for those who do not see it. `keys` are classes of
    colour with what they mean, to be written beside it where it is too small to be read.
    """

    width: int
    height: int
    title: str
    description: str
    body: str
    id: str = "picture"
    keys: tuple[tuple[str, str], ...] = ()

    @property
    def inline(self) -> str:
        """The picture as part of a page."""
        return self._svg("")

    @property
    def file(self) -> str:
        """The picture as a file of its own."""
        return self._svg(
            f'<style>{_STYLE}</style><rect width="100%" height="100%" fill="#fff"/>',
            ' xmlns="http://www.w3.org/2000/svg"',
        )

    def png(self, scale: float = 2.0) -> bytes:
        """The picture as PNG. Needs vl-convert (the extra `serve`)."""
        import vl_convert

        found: bytes = vl_convert.svg_to_png(self.file, scale=scale)
        return found

    def _svg(self, style: str, space: str = "") -> str:
        size = f'viewBox="0 0 {self.width} {self.height}" width="{self.width}" height="{self.height}"'
        told = f"<title>{text(self.title)}</title><desc>{text(self.description)}</desc>"
        name = f'class="picture" role="group" aria-label="{text(self.title)}"'
        return f"<svg{space} {name} {size}>{told}{style}{self.body}</svg>"


def text(words: object) -> str:
    """Return words as they may stand in SVG, in text and in quoted attributes."""
    return escape(str(words), quote=True)


def tag(name: str, content: str = "", **attributes: object) -> str:
    """Return an element; `content` is SVG, attribute names lose a trailing `_`, and `_` within them becomes `-`."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{text(number(value) if isinstance(value, float) else value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{said}>{content}</{name}>" if content else f"<{name}{said}/>"


def words(content: object, x: float, y: float, **attributes: object) -> str:
    """Return a line of text."""
    return tag("text", text(content), x=x, y=y, **attributes)


def link(address: str, content: str, label: str = "") -> str:
    """Return `content` as a link to an address of this site, with a name that is read aloud and shown as a hint."""
    named = f"<title>{text(label)}</title>" if label else ""
    return tag("a", named + content, href=address, aria_label=label or None)


def number(value: float) -> str:
    """Return a coordinate, to a tenth of a pixel."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def path(points: Iterable[tuple[float, float]]) -> str:
    """Return the `d` of a line through points."""
    return "M" + "L".join(f"{number(x)},{number(y)}" for x, y in points)


def step(score: float) -> str:
    """Return the class of a score on the scale from hostile (m3) to friendly (p3)."""
    return STEPS[sum(score > bound for bound in _BOUNDS)]


def key(x: float, y: float) -> str:
    """Return the key to the scale of scores."""
    parts = [words(KEYS[0][1], x, y + 9)]
    parts += [tag("rect", x=x + 58 + 18 * n, y=y, width=18, height=10, class_=name) for n, name in enumerate(STEPS)]
    return tag("g", "".join([*parts, words(KEYS[-1][1], x + 58 + 18 * len(STEPS) + 6, y + 9)]), class_="key")
