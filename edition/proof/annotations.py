"""What a proofreader wrote into a PDF: its annotations as values, threads and groups together.

Readers differ: corners of a marked stretch come in any order, or not at all; a replacement is a struck-out stretch
with a caret of the same group; what is written stands as plain text, as rich text, or in a pop-up's parent. ISO
32000-1, 12.5.6. Lengths are points from the top left corner of the trim box. Knows no words of the page.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

import pikepdf

from edition.pages import Rectangle
from edition.proof.geometry import around_points

CommentKind = Literal[
    "highlight", "underline", "squiggly", "strike-out", "insertion", "replacement", "note", "text", "drawing"
]
KINDS: dict[str, CommentKind] = {
    "/Highlight": "highlight", "/Underline": "underline", "/Squiggly": "squiggly", "/StrikeOut": "strike-out",
    "/Caret": "insertion", "/Text": "note", "/FreeText": "text",
    **dict.fromkeys(("/Ink", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Stamp"), "drawing"),
}  # fmt: skip
"""Kinds of annotations that say something; links, form fields and pop-ups do not."""
MARKUP = ("highlight", "underline", "squiggly", "strike-out")
LONGEST = 20_000
"""Characters of what somebody wrote that are taken."""
MOST = 100_000
"""Annotations of a file that are read."""

_TAG = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"</p>|<br[^>]*>", re.I)
_DATE = re.compile(r"D?:?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?([-+Z])?(\d\d)?'?(\d\d)?")


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody wrote to a comment."""

    author: str
    text: str
    date: str


@dataclass(slots=True)
class Annotation:
    """Something that a proofreader made on a page."""

    kind: CommentKind
    page: int
    boxes: list[Rectangle]
    """The stretches that it marks, one a line; otherwise where it stands."""
    point: tuple[float, float] | None
    """Where it points: of an insertion, a note or a callout."""
    text: str
    author: str
    date: str
    """As ISO 8601 has it; empty where none is known."""
    status: str = ""
    """What a reviewer set it to: `Accepted`, `Rejected`, `Completed`."""
    replies: list[Reply] = field(default_factory=list)


def read_annotations(pdf: pikepdf.Pdf) -> list[Annotation]:
    """All comments, page by page from the top. What is broken in one of them leaves out that one."""
    found: list[Annotation] = []
    for index, page in enumerate(pdf.pages):
        raw = {_key(one): one for one in _listed(page) if one.get("/Subtype") in KINDS}
        read: dict[Any, Annotation] = {}
        for key, one in raw.items():
            with suppress(ValueError, TypeError, IndexError, KeyError, AttributeError):
                read[key] = _read(one, index, page)
        joined = {key for key in raw if _join(key, raw, read)}
        own = [annotation for key, annotation in read.items() if key not in joined]
        found += sorted(own, key=lambda annotation: (annotation.boxes[0][1], annotation.boxes[0][0]))
        if len(found) > MOST:
            break
    return found


def _listed(page: pikepdf.Page) -> Iterator[Any]:
    annotations = page.obj.get("/Annots", pikepdf.Array())
    if isinstance(annotations, pikepdf.Array):
        yield from (one for one in annotations.as_list()[:MOST] if isinstance(one, pikepdf.Dictionary))


def _key(one: Any) -> Any:
    """What tells annotations apart: the number of the object, or its name where it has none."""
    return one.objgen if one.is_indirect else str(one.get("/NM", id(one)))


def _join(key: Any, raw: dict[Any, Any], read: dict[Any, Annotation]) -> bool:
    """Join a reply to its thread, and the halves of a replacement to each other; whether it was one."""
    one, child = raw[key], read.get(key)
    seen = {key}
    answered = one.get("/IRT")
    while isinstance(answered, pikepdf.Dictionary):
        first = _key(answered)
        if first in seen or first not in read:
            return False
        seen.add(first)
        answered = raw[first].get("/IRT")  # an answer to an answer is one more in the same thread
    if child is None or len(seen) == 1:
        return False
    parent = read[first]
    if one.get("/RT") == "/Group":
        _group(parent, child)
    elif "/State" in one:
        parent.status = str(one.State)
    else:
        parent.replies.append(Reply(child.author, child.text, child.date))
    return True


def _group(parent: Annotation, child: Annotation) -> None:
    kinds = {parent.kind, child.kind}
    if kinds == {"strike-out", "insertion"}:
        struck = parent if parent.kind == "strike-out" else child
        parent.kind, parent.boxes, parent.point = "replacement", struck.boxes, None
    parent.text = "\n".join(dict.fromkeys(filter(None, (parent.text, child.text))))


def _read(one: Any, index: int, page: pikepdf.Page) -> Annotation:
    left, _, _, top = (float(edge) for edge in page.trimbox)
    kind = KINDS[str(one.Subtype)]
    boxes = _marked(one, left, top) if kind in MARKUP else []
    rectangle = _box([float(edge) for edge in one.Rect.as_list()], left, top)
    point: tuple[float, float] | None = None
    if kind in ("insertion", "note", "text"):
        point = (rectangle[0] + rectangle[2]) / 2, (rectangle[1] + rectangle[3]) / 2
    if kind == "text" and "/CL" in one:
        point = float(one.CL[0]) - left, top - float(one.CL[1])
    date = _date(str(one.get("/M", one.get("/CreationDate", ""))))
    return Annotation(kind, index, boxes or [rectangle], point, _text(one), _plain(one.get("/T")), date)


def _marked(one: Any, left: float, top: float) -> list[Rectangle]:
    """The stretches of a markup. Whatever the order of their corners, the box around them is the same."""
    numbers = [float(number) for number in one.get("/QuadPoints", pikepdf.Array()).as_list()]
    return [_box(numbers[start : start + 8], left, top) for start in range(0, len(numbers) - 7, 8)]


def _box(numbers: list[float], left: float, top: float) -> Rectangle:
    return around_points([(x - left, top - y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)])


def _text(one: Any) -> str:
    """What was written: the plain contents, or the words of the rich ones."""
    plain = _plain(one.get("/Contents"))
    if plain or "/RC" not in one:
        return plain
    rich = one.RC.read_bytes().decode("utf-8", "replace") if isinstance(one.RC, pikepdf.Stream) else str(one.RC)
    return _tidy(html.unescape(_TAG.sub("", _BREAK.sub("\n", rich[: 10 * LONGEST]))))


def _plain(value: Any) -> str:
    return _tidy(str(value)) if isinstance(value, pikepdf.String) else ""


def _tidy(text: str) -> str:
    lines = re.sub(r"\r\n?|\u2028|\u2029", "\n", text[:LONGEST]).strip().split("\n")
    return "\n".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", "", line).rstrip() for line in lines)


def _date(text: str) -> str:
    """`D:20260102150405+01'00'` as `2026-01-02T15:04:05+01:00` (7.9.4); empty for anything else."""
    match = _DATE.match(text)
    if not match:
        return ""
    year, month, day, hour, minute, second, sign, hours, minutes = match.groups()
    date = "-".join(filter(None, (year, month, day)))
    if hour is None or day is None:
        return date
    zone = "Z" if sign == "Z" else f"{sign}{hours or '00'}:{minutes or '00'}" if sign else ""
    return f"{date}T{hour}:{minute or '00'}:{second or '00'}{zone}"
