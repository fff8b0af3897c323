"""A page as a browser reads it, piece by piece, so that nothing on it can differ unseen.

In: the HTML of a page. Out: pieces in order (tags, attributes, texts, comments), and where two pages differ.
White space that is not shown, the order of attributes and the spelling of characters (``&amp;``) are no
difference. Of the coordinates of a drawing the size of the difference is told; all else is equal or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html.parser import HTMLParser
from itertools import zip_longest
from math import inf

COORDINATES = frozenset(
    {
        "d",
        "points",
        "x",
        "y",
        "x1",
        "y1",
        "x2",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "width",
        "height",
    }
)
"""Attributes inside a drawing whose numbers are places on it. Not `transform`, which can enlarge."""

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_RELATIVE = re.compile(r"[a-df-y]")
"""A command of a path that counts from the point before: small differences would add up."""

_SPACE = re.compile(r"[ \t\n\r\f]+")
_INLINE = re.compile(
    r"a|abbr|b|bdi|bdo|br|button|cite|code|data|del|dfn|em|i|img|input|ins|kbd|label|mark|output|q|s|samp"
    r"|select|small|span|strong|su[bp]|text|textpath|time|tspan|u|var|wbr"
)
"""Elements beside which a space is seen."""

_VOID = re.compile("area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr")
_EXACT = frozenset({"pre", "script", "style", "textarea"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
LONGEST = 1500
"""Pieces in which the parts that are still alike are looked for; longer stretches differ as a whole."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing a browser reads."""

    key: str
    """What must be equal; coordinates replaced by ``#``. That of a text begins with a space, of nothing else:
    a tag or an attribute written as text is not taken for one."""
    shown: str
    kind: str
    """One of ``markup``, ``text``, ``number``, ``folded``, ``style``, ``csv``, ``drawing``, ``spoken``."""
    place: str
    """Nearest id or heading, and the element."""
    figure: str = ""
    numbers: tuple[float, ...] = ()


@dataclass(frozen=True)
class Difference:
    """One stretch in which two pages differ."""

    kinds: tuple[str, ...]
    place: str
    figure: str
    sides: tuple[str, str]


@dataclass(frozen=True)
class Compared:
    """Where two pages differ, the drawings on them, and how far coordinates lie apart in each."""

    differences: tuple[Difference, ...]
    shifts: Mapping[str, float]


def pieces(html: str, values: Mapping[str, str] | None = None) -> list[Piece]:
    """Return the pieces of a page.

    Parameters
    ----------
    html : str
        The whole page.
    values : mapping of str to str, optional
        Values of the facts as the edition's own list has them. Where the page's markup has the same, the
        two lists are compared, not the two pages.

    Examples
    --------
    >>> [one.key for one in pieces('<p title="a">1 &amp; 2</p><!-- x -->')]
    ['<p>', 'title="a"', ' 1 & 2', '</p>', '<!-- x -->']
    """
    reader = _Reader(values or {})
    reader.feed(html)
    reader.close()
    reader.flush()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__()
        self.found: list[Piece] = []
        self._values = values
        self._open: list[str] = []
        self._text = ""
        self._near = ""
        self._heading = ""
        self._figure = ""
        self._after_block = True

    def _add(self, key: str, kind: str = "markup", shown: str = "", **more: object) -> None:
        element = self._open[-1] if self._open else "html"
        place = f"「{self._near}」 <{element}>" if self._near else f"<{element}>"
        figure = self._figure if "svg" in self._open else ""
        if figure and kind in ("markup", "text"):
            kind = "drawing"
        self.found.append(Piece(key, shown or key, kind, place, figure, **more))  # type: ignore[arg-type]

    def flush(self, before_block: bool = True) -> None:
        """Add the text read so far, without the space that is not shown."""
        text, self._text = self._text, ""
        if not text:
            return
        if not _EXACT.intersection(self._open):
            text = _SPACE.sub(" ", text)
            text = text.lstrip(" ") if self._after_block else text
            text = text.rstrip(" ") if before_block else text
        if not text:
            return
        if _HEADINGS.intersection(self._open):
            self._heading += text
        self._add(f" {text}", self._kind_of_text(), text)

    def _kind_of_text(self) -> str:
        inside = self._open
        if "svg" in inside:
            return "spoken" if inside[-1] in ("title", "desc") else "drawing"
        for tag, kind in (("data", "number"), ("style", "style"), ("details", "folded")):
            if tag in inside:
                return kind
        return "text"

    def _edge(self, tag: str) -> None:
        block = not _INLINE.fullmatch(tag)
        self.flush(before_block=block)
        self._after_block = block

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._edge(tag)
        given = {name: value or "" for name, value in attrs}
        if tag in _HEADINGS:
            self._heading = ""
        if "id" in given:
            self._near = given["id"]
        if tag == "svg" and "svg" not in self._open:
            self._figure = self._near or f"svg {self.getpos()[0]}"
        self._open.append(tag)
        self._add(f"<{tag}>")
        for name, value in sorted(
            attrs, key=lambda one: one[0]
        ):  # the first of two counts: kept in order
            self._attribute(tag, name, value, given)
        if _VOID.fullmatch(tag) and "svg" not in self._open:
            self._open.pop()

    def _attribute(self, tag: str, name: str, value: str | None, given: Mapping[str, str]) -> None:
        text = name if value is None else f'{name}="{value}"'
        drawn = "svg" in self._open and name in COORDINATES
        if drawn and value is not None and not (name == "d" and _RELATIVE.search(value)):
            numbers = tuple(float(one) for one in _NUMBER.findall(value))
            self._add(f'{name}="{_NUMBER.sub("#", value)}"', shown=text, numbers=numbers)
            return
        own = tag == "data" and name == "value" and self._values.get(given.get("data-fact", ""))
        if own and own == value:
            self._add('value="{recorded}"', shown=text)
        else:
            csv = name == "href" and (value or "").startswith("data:")
            self._add(text, "csv" if csv else "markup")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if "svg" in self._open:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self._edge(tag)
        self._add(f"</{tag}>")
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        if tag in _HEADINGS:
            self._near = self._heading

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_comment(self, data: str) -> None:
        self._edge("!")
        self._add(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self._edge("!")
        self._add(f"<!{decl}>")

    def unknown_decl(self, data: str) -> None:
        self._edge("!")
        self._add(f"<![{data}]>")

    def handle_pi(self, data: str) -> None:
        self._edge("!")
        self._add(f"<?{data}>")


def compare(old: Sequence[Piece], new: Sequence[Piece], most: float) -> Compared:
    """Compare two pages; coordinates that lie more than `most` apart are a difference too."""
    shifts = {one.figure: 0.0 for one in (*old, *new) if one.figure}
    found: list[Difference] = []
    for before, now in _stretches(old, new):
        if [one.key for one in before] != [one.key for one in now]:
            found.append(_difference(before, now))
            continue
        for one, other in zip(before, now, strict=True):
            shift = _apart(one, other)
            if shift:
                shifts[one.figure] = max(shifts[one.figure], shift)
            if not shift <= most:  # not a number is not near either
                found.append(_difference([one], [other]))
    return Compared(tuple(found), shifts)


def _apart(one: Piece, other: Piece) -> float:
    """Return how far the coordinates of two pieces with the same key lie apart."""
    if one.numbers == other.numbers:
        return 0.0
    if len(one.numbers) != len(other.numbers):
        return inf
    pairs = zip(one.numbers, other.numbers, strict=True)
    return round(max(abs(first - second) for first, second in pairs), 9)


def _difference(before: Sequence[Piece], now: Sequence[Piece]) -> Difference:
    both = [*before, *now]
    kinds = tuple(dict.fromkeys(one.kind for one in both))
    place = next((one for one in both if one.kind == "markup"), both[0])
    figure = next((one.figure for one in both if one.figure), "")
    return Difference(kinds, place.place, figure, (_shown(before), _shown(now)))


def _shown(some: Iterable[Piece]) -> str:
    return " ".join(one.shown for one in some)


def _stretches(
    old: Sequence[Piece], new: Sequence[Piece]
) -> Iterator[tuple[Sequence[Piece], Sequence[Piece]]]:
    """Cut two sequences into stretches with the same keys and stretches with different ones."""
    keys = [one.key for one in old], [one.key for one in new]
    start = _alike(*keys)
    end = _alike(*(one[start:][::-1] for one in keys))
    middle = [one[start : len(one) - end] for one in keys]
    yield old[:start], new[:start]
    if max(map(len, middle)) > LONGEST:
        yield old[start : len(old) - end], new[start : len(new) - end]
    else:
        matcher = SequenceMatcher(None, middle[0], middle[1], autojunk=False)
        for _, first, last, first_new, last_new in matcher.get_opcodes():
            yield old[start + first : start + last], new[start + first_new : start + last_new]
    yield old[len(old) - end :], new[len(new) - end :]


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many pieces are alike from the beginning."""
    pairs = enumerate(zip_longest(one, other))
    return next((at for at, (first, second) in pairs if first != second), len(one))
