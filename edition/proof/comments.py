"""Comments of proofreaders, bound to the words they are about and to where these were written.

Words are those of the page under the annotation; the source is told by the places file, if it is that of this PDF:
that is seen from the print itself, as readers that save a commented file keep no other sign.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from edition.pages import Rectangle
from edition.proof.annotations import Annotation, CommentKind, Reply
from edition.proof.book import PrintedBook
from edition.proof.lines import Line, PrintedPage, Word
from edition.proof.places import Places
from edition.source import Place

FITS = 0.98
"""Which part of the words of a places file must begin in a PDF where it says, for it to be that file's."""
SAMPLE = 4000
"""Words that are looked for, over all pages."""
NEAR = 0.6
"""Points by which a place may be off: files of other readers are rounded."""
BEYOND = 40.0
"""Points from the nearest line within which a note in the margin still counts as beside it."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment with what it is about."""

    kind: CommentKind
    page: int
    """From 0."""
    folio: str
    line: int
    """The printed line on the page, from 1; 0 where it is beside none."""
    words: str
    """The words marked; of an insertion those on both sides of it, with `‸` between."""
    text: str
    author: str
    date: str
    status: str
    replies: tuple[Reply, ...]
    place: Place | None


def bind(annotations: Sequence[Annotation], book: PrintedBook, places: Places | None) -> Iterator[Comment]:
    """Annotations with their words, lines and places."""
    for annotation in annotations:
        page = book.pages[annotation.page]
        found = _marked(annotation, page) if annotation.point is None else _pointed(annotation.point, page)
        if annotation.kind == "insertion" and annotation.point is not None:
            line, words, place = _inserted(annotation.point, page, places)
        else:
            line, words = (found[0][0], " ".join(_texts(found))) if found else (None, "")
            place = _place(found, annotation, places)
        yield Comment(
            annotation.kind, page.index, page.folio, line.number if line else 0, words, annotation.text,
            annotation.author, annotation.date, annotation.status, tuple(annotation.replies), place,
        )  # fmt: skip


Found = list[tuple[Line, Word]]


def _marked(annotation: Annotation, page: PrintedPage) -> Found:
    """The words of the stretches that a markup marks, or that a drawing is drawn over."""
    return [
        (line, word)
        for box in annotation.boxes
        for line in page.lines
        if box[1] <= line.y - 0.25 * line.size <= box[3]
        for word in line.words
        if _is_covered(word, box)
    ]


def _is_covered(word: Word, box: Rectangle) -> bool:
    """Whether a box takes most of a word, or lies for the most part within it."""
    shared = min(word.right, box[2]) - max(word.left, box[0])
    return shared > 0.5 * min(word.right - word.left, box[2] - box[0])


def _pointed(point: tuple[float, float], page: PrintedPage) -> Found:
    """The word at a point, or the nearest one of the nearest line."""
    line = _line_near(point, page)
    if line is None:
        return []
    return [(line, min(line.words, key=lambda word: max(word.left - point[0], point[0] - word.right)))]


def _line_near(point: tuple[float, float], page: PrintedPage) -> Line | None:
    x, y = point

    def distance(line: Line) -> float:
        left, top, right, bottom = line.box
        return max(top - y, y - bottom, 0.0) * 2 + max(left - x, x - right, 0.0) * 0.1

    line = min((line for line in page.lines if line.words), key=distance, default=None)
    return line if line is not None and distance(line) <= BEYOND else None


def _inserted(
    point: tuple[float, float], page: PrintedPage, places: Places | None
) -> tuple[Line | None, str, Place | None]:
    """Where something is to be put in: between which words, and before which character."""
    line = _line_near(point, page)
    if line is None:
        return None, "", None
    x = point[0]
    words = sorted(line.words, key=lambda word: word.left)
    number = next((at for at, word in enumerate(words) if (word.left + word.right) / 2 > x), len(words))
    within = next((word for word in words if word.left + 1 < x < word.right - 1), None)
    if within is not None:
        place = places.look_up(page.index, x, line.y - 0.2 * line.size) if places else None
        return line, f"‸ {within.text}" if x - within.left < within.right - x else f"{within.text} ‸", place
    shown = [*(word.text for word in words[max(0, number - 1) : number]), "‸"]
    shown += [word.text for word in words[number : number + 1]]
    at = words[number] if number < len(words) else words[-1]
    return line, " ".join(shown), line.place_of(at, places)


def _texts(found: Found) -> list[str]:
    """Words as they are read: one divided at a line's end is one."""
    texts: list[str] = []
    for line, word in found:
        if texts and texts[-1][-1:] in "-‐" and word is line.words[0] and word.text[:1].isalpha():
            texts[-1] = texts[-1][:-1] + word.text
        elif texts and word.glued:
            texts[-1] += word.text
        else:
            texts.append(word.text)
    return texts


def _place(found: Found, annotation: Annotation, places: Places | None) -> Place | None:
    """Where the first marked word was written; where a markup begins within it, the character there."""
    if not found or places is None:
        return None
    line, word = found[0]
    left = annotation.boxes[0][0]
    if annotation.point is None and word.left + 1 < left < word.right:
        at = places.look_up(line.page, left + 0.3, line.y - 0.2 * line.size)
        if at is not None:
            return at
    # What the builder prints itself, marks of notes and original pages, was written beside the nearest word.
    nearest = sorted(line.words, key=lambda other: abs(other.left - word.left))
    return next((at for other in nearest if (at := line.place_of(other, places)) is not None), None)


_VERBS = {
    "highlight": "highlighted", "underline": "underlined", "squiggly": "underlined with a wavy line",
    "strike-out": "struck out", "insertion": "to be put in at", "replacement": "to be replaced", "note": "note at",
    "text": "written at", "drawing": "drawn over",
}  # fmt: skip


def told(comment: Comment) -> str:
    """`documents/q1.md:10:35: p. 1, line 5: struck out "seventeen": eighteen (A. Reader)`, replies below."""
    where = f"{comment.place}: " if comment.place else ""
    line = f", line {comment.line}" if comment.line else ""
    words = f' "{comment.words}"' if comment.words else ""
    said = f": {_on_one_line(comment.text)}" if comment.text else ""
    author = f" ({comment.author})" if comment.author else ""
    status = f" [{comment.status.lower()}]" if comment.status else ""
    lines = [f"{where}p. {comment.folio}{line}: {_VERBS[comment.kind]}{words}{said}{author}{status}"]
    lines += [f"    {reply.author or 'reply'}: {_on_one_line(reply.text)}" for reply in comment.replies]
    return "\n".join(lines)


def _on_one_line(text: str) -> str:
    return " / ".join(line for line in text.split("\n") if line)


def fits(places: Places, book: PrintedBook) -> bool:
    """Whether a places file is that of a PDF: as many pages, and its words begin where those of the print do."""
    if len(places.pages) != len(book.pages):
        return False
    starts = [
        (page, row[2] / 10, x / 10)
        for page, of_page in enumerate(places.pages)
        for row in of_page
        for x in list(accumulate(row[9][1::2], initial=row[1]))[1:-1]  # further words; the last one is the end
    ]
    looked_for = starts[:: max(1, len(starts) // SAMPLE)]
    stood = sum(_begins(book.pages[page], x, y) for page, y, x in looked_for)
    return stood >= FITS * len(looked_for)


def _begins(page: PrintedPage, x: float, y: float) -> bool:
    """Whether a word begins at a point."""
    lines = (line for line in page.lines if abs(line.y - y) <= 0.35 * line.size + NEAR)
    return any(abs(word.left - x) <= NEAR for line in lines for word in line.words)
