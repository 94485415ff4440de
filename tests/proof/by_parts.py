"""A book that was laid out in one run, taken apart as if it had been put together from parts.

What begins on a page of its own becomes a part: with its own elements, numbered anew under copies of their
ancestors, its own drawing and its furniture beside it. Bodies can be made to stand aside, as those of books with mirrored
margins do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from itertools import pairwise

import pikepdf

from edition.pages import Label, Labels, PagedEdition, PageLabels, Part

PAINTING = {
    "re",
    "f",
    "f*",
    "F",
    "S",
    "s",
    "B",
    "B*",
    "b",
    "b*",
    "W",
    "W*",
    "n",
    "Do",
    "sh",
    "m",
    "l",
    "c",
    "v",
    "y",
    "h",
}


def in_parts(paged: PagedEdition, pdf: bytes, shift: float = 0.0) -> tuple[PagedEdition, bytes]:
    """The same book by parts; every other page's body is moved aside by `shift` points, to where it was."""
    labels = paged.labels
    assert labels is not None
    shifts = [shift * (page.index % 2) for page in paged.pages]
    begun = {**beginnings(labels), len(paged.pages): len(labels.elements)}
    parts = []
    for (first, start), (after, end) in pairwise(begun.items()):
        last = after
        while last > first and not (
            labels.pages[last - 1].content or _artifacts(labels.pages[last - 1], body=True)
        ):
            last -= 1  # blank
        if last > first:
            parts.append(part(labels, first, last - first, start, end))
    furniture = tuple(_artifacts(page, body=False) for page in labels.pages)
    held = {index for one in parts for index in range(one.first, one.first + one.pages)}
    divided = replace(paged, parts=tuple(parts), furniture=furniture, labels=None)
    return divided, divided_drawings(labels, pdf, shifts, held)


def _artifacts(page: PageLabels, *, body: bool) -> tuple[Label, ...]:
    return tuple(label for label in page.artifacts if (label.element >= 0) == body)


def beginnings(labels: Labels) -> dict[int, int]:
    """The pages on which something begins that stands on no page before, where nothing goes on: the element.

    What stands in a document begins no part.
    """
    found = {0: 0}
    begun: set[int] = set()
    for index, page in enumerate(labels.pages):
        numbers = [label.element for label in page.content.values()]
        if begun and numbers and min(numbers) > max(begun):
            top = min(numbers)
            while (parent := labels.elements[top].parent) >= 0 and parent not in begun:
                top = parent
            tags = [labels.elements[number].tag for number in ancestors(labels, top)]
            if labels.elements[top].tag in ("section", "nav", "article") and "article" not in tags:
                found[index] = top
        for number in numbers:
            begun.update((number, *ancestors(labels, number)))
    return found


def ancestors(labels: Labels, number: int) -> list[int]:
    """Those of an element, the nearest first."""
    found = []
    while (number := labels.elements[number].parent) >= 0:
        found.append(number)
    return found


def part(labels: Labels, first: int, count: int, start: int, end: int) -> Part:
    """A part of some pages that has a run of elements, from `start` to before `end`."""
    kept = [*reversed(ancestors(labels, start)), *range(start, end)]
    numbers = {number: own for own, number in enumerate(kept)}
    elements = tuple(
        replace(labels.elements[number], parent=numbers.get(labels.elements[number].parent, -1)) for number in kept
    )

    def own(label: Label) -> Label:
        return replace(label, element=numbers[label.element])

    pages = tuple(
        replace(
            page,
            content={number: own(label) for number, label in page.content.items()},
            artifacts=tuple(map(own, _artifacts(page, body=True))),
        )
        for page in labels.pages[first : first + count]
    )
    made_from = repr((elements, [sorted(page.content) for page in pages]))
    return Part(sha256(made_from.encode()).hexdigest(), first, count, lambda: Labels(elements, pages))


def divided_drawings(labels: Labels, pdf: bytes, shifts: Sequence[float], held: set[int]) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as opened:
        for index, (page, own, shift) in enumerate(zip(opened.pages, labels.pages, shifts, strict=True)):
            body, furniture = divided_content(drawn_by_the_engine(page), own.artifacts)
            before = opened.make_stream(b"q 1 0 0 1 %g 0 cm" % shift if shift else b"q")
            back = b"1 0 0 1 %g 0 cm\n" % -shift if shift else b""
            streams = [opened.make_stream(back + body)] if index in held else []
            page.obj.Contents = pikepdf.Array([before, *streams, opened.make_stream(b"Q\n" + furniture)])
        target = BytesIO()
        opened.save(target, deterministic_id=True)
    return target.getvalue()


def drawn_by_the_engine(page: pikepdf.Page) -> bytes:
    """The drawing of a whole page as one run of the engine gave it, which stands between `q` and `Q`."""
    opening, content, closing = page.obj.Contents
    assert (opening.read_bytes(), closing.read_bytes()) == (b"q", b"Q")
    return bytes(content.read_bytes())


def divided_content(content: bytes, artifacts: Sequence[Label]) -> tuple[bytes, bytes]:
    """Body and furniture of a page's drawing: each without the marked sequences of the other.

    The engine writes an operator a line, and a mark, its properties and BDC on three.
    """
    body: list[bytes] = []
    furniture: list[bytes] = []
    marks: list[bool] = []
    """Of the marked sequences that are open, whether they are furniture."""
    number = -1
    for line in content.split(b"\n"):
        if line in (b"BDC", b"BMC"):
            opening = [*(body.pop() for _ in range(2 if line == b"BDC" else 1)), line]
            opening[:-1] = opening[-2::-1]
            if not marks:
                del furniture[len(furniture) - len(opening) + 1 :]
            is_artifact = opening[0] == b"/Artifact" and line == b"BDC"
            number += is_artifact
            marks.append(is_artifact and number < len(artifacts) and artifacts[number].element < 0)
            (furniture if marks[-1] else body).extend(opening)
            continue
        if any(marks):
            furniture.append(line)
        else:
            body.append(line)
            if not marks and line.split(b" ")[-1].decode("latin-1") not in PAINTING:
                furniture.append(line)
        if line == b"EMC":
            marks.pop()
    return b"\n".join(body), b"\n".join(furniture)
