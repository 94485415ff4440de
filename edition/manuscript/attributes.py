"""Attributes in braces, `{#id .class key=value key="two words"}`: read and written. Knows no element."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from edition.findings import Severity, declare
from edition.manuscript.reading import Reading
from edition.manuscript.syntax import unescape

UNREADABLE = declare(
    "M003",
    Severity.ERROR,
    r"""Attributes cannot be read.

    Attributes are `#id`, `.class`, `key=value` and `key="several words"`, parted by spaces, between braces.
    Write `\{` if the brace is text.""",
)
UNKNOWN = declare(
    "M004",
    Severity.ERROR,
    """An attribute is not known here.

    Each construct has its own attributes; docs/content-format.md lists them.""",
)

_ITEM = re.compile(
    r"""\s+|\#(?P<id>[^\s{}"=]+)|\.(?P<class>[^\s{}"=.]+)"""
    r"""|(?P<key>[A-Za-z][\w-]*)=(?:"(?P<quoted>(?:\\.|[^"\\])*)"|(?P<bare>[^\s{}"=]+))""",
    re.DOTALL,
)
_BARE = re.compile(r"[\w.#/:+-]+")


@dataclass(slots=True)
class Attributes:
    """What stands between the braces, and where each thing stands in the source."""

    id: str = ""
    classes: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    """Offsets by `id`, by `.class` and by key."""
    at: int = 0
    readable: bool = True

    def one_of(self, reading: Reading, classes: Iterable[str], keys: Iterable[str] = (), id: bool = False) -> None:
        """Reports every class, key or id that is not among these."""
        known = [f".{name}" for name in classes] + list(keys) + (["id"] if id else [])
        present = [f".{name}" for name in self.classes] + list(self.values) + (["id"] if self.id else [])
        for name in present:
            if name not in known:
                shown = f"#{self.id}" if name == "id" else name
                message = f"`{shown}` is not known here"
                reading.report(UNKNOWN, self.places[name], message, hint=nearest(name, known))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """A hint that names the known word nearest to one that is not known, or all if they are few."""
    choices = list(known)
    if close := get_close_matches(word[:60], choices, 1, 0.6):
        return f"try `{close[0]}`"
    return f"one of {', '.join(f'`{choice}`' for choice in choices)}" if 0 < len(choices) <= 16 else None


def read_attributes(text: str, offset: int, reading: Reading) -> Attributes:
    """The attributes in `text`, braces included, which stands at `offset` of the source."""
    attributes = Attributes(at=offset)
    position, end = 1, len(text) - 1
    while position < end:
        item = _ITEM.match(text, position, end)
        if item is None:
            hint = "write `\\{` if the brace is text"
            reading.report(UNREADABLE, offset + position, f"cannot read the attributes `{text[:60]}`", hint=hint)
            attributes.readable = False
            break
        _keep(attributes, item, offset, reading)
        position = item.end()
    return attributes


def _keep(attributes: Attributes, item: re.Match[str], offset: int, reading: Reading) -> None:
    name, place = item.lastgroup, offset + item.start()
    if name is None:
        return
    if name == "id":
        known, attributes.id = bool(attributes.id), item["id"]
        key = "id"
    elif name == "class":
        key = f".{item['class']}"
        known = key in attributes.places
        attributes.classes.append(item["class"])
    else:
        key = item["key"]
        known = key in attributes.values
        value = item["bare"] if item["quoted"] is None else unescape(item["quoted"])
        attributes.values[key] = re.sub(r"[\t\n]", " ", value)
    if known:
        reading.report(UNREADABLE, place, f"`{key}` stands twice")
    attributes.places[key] = place


def write_attributes(id: str = "", classes: Iterable[str] = (), values: Iterable[tuple[str, str]] = ()) -> str:
    """The attributes between braces; values without spaces go without quotes."""
    parts = [f"#{id}"] if id else []
    parts += [f".{name}" for name in classes]
    parts += [f"{key}={_quote(value)}" for key, value in values]
    return "{" + " ".join(parts) + "}"


def _quote(value: str) -> str:
    if _BARE.fullmatch(value):
        return value
    return '"' + re.sub(r'["\\]', r"\\\g<0>", value) + '"'
