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

import pikepdf

from edition.pages import Label, Labels, PagedEdition, PageLabels, Part
from edition.proof.parts import key_of

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
    parts = []
    first_pages = cuts(labels)
    for first, after in zip(first_pages, [*first_pages[1:], len(paged.pages)], strict=True):
        while (
            after > first
            and not labels.pages[after - 1].content
            and not _artifacts(labels.pages[after - 1], body=True)
        ):
            after -= 1  # blank
        if after > first:
            parts.append(part(labels, first, after - first))
    furniture = tuple(_artifacts(page, body=False) for page in labels.pages)
    held = {index for one in parts for index in range(one.first, one.first + one.pages)}
    divided = replace(paged, parts=tuple(parts), furniture=furniture, labels=None)
    return divided, divided_drawings(labels, pdf, shifts, held)


def _artifacts(page: PageLabels, *, body: bool) -> tuple[Label, ...]:
    return tuple(label for label in page.artifacts if (label.element >= 0) == body)


def cuts(labels: Labels) -> list[int]:
    """The pages on which something begins that stands on no page before, and nothing goes on."""
    found = [0]
    last = -1
    for index, page in enumerate(labels.pages):
        numbers = [label.element for label in page.content.values()]
        if numbers and min(numbers) > last and last >= 0:
            top = beginning(labels, index)
            if labels.elements[top].tag in ("section", "nav", "article"):
                found.append(index)
        last = max([last, *numbers])
    return found


def beginning(labels: Labels, page: int) -> int:
    """The outermost element that begins with the first content of a page."""
    number = min(label.element for label in labels.pages[page].content.values())
    before = {label.element for one in labels.pages[:page] for label in one.content.values()}
    begun = set()
    for element in before:
        while element >= 0 and element not in begun:
            begun.add(element)
            element = labels.elements[element].parent
    while (parent := labels.elements[number].parent) >= 0 and parent not in begun:
        number = parent
    return number


def part(labels: Labels, first: int, count: int) -> Part:
    pages = labels.pages[first : first + count]
    start = beginning(labels, first) if first else 0
    later = [index for index in cuts(labels) if index > first]
    end = beginning(labels, later[0]) if later else len(labels.elements)
    above = []
    parent = labels.elements[start].parent
    while parent >= 0:
        above.append(parent)
        parent = labels.elements[parent].parent
    numbers = {number: own for own, number in enumerate([*reversed(above), *range(start, end)])}
    elements = tuple(
        replace(labels.elements[number], parent=numbers.get(labels.elements[number].parent, -1))
        for number in numbers
    )

    def own(label: Label) -> Label:
        return replace(label, element=numbers[label.element])

    own_pages = tuple(
        replace(
            page,
            content={number: own(label) for number, label in page.content.items()},
            artifacts=tuple(map(own, _artifacts(page, body=True))),
        )
        for page in pages
    )
    made_from = repr((elements, [sorted(page.content) for page in own_pages]))
    return Part(sha256(made_from.encode()).hexdigest(), first, count, Labels(elements, own_pages))


def divided_drawings(labels: Labels, pdf: bytes, shifts: Sequence[float], held: set[int]) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as opened:
        for index, (page, own, shift) in enumerate(zip(opened.pages, labels.pages, shifts, strict=True)):
            body, furniture = divided_content(page.obj.Contents.read_bytes(), own.artifacts)
            before = opened.make_stream(b"q 1 0 0 1 %g 0 cm" % shift if shift else b"q")
            back = b"1 0 0 1 %g 0 cm\n" % -shift if shift else b""
            streams = [opened.make_stream(back + body)] if index in held else []
            page.obj.Contents = pikepdf.Array([before, *streams, opened.make_stream(b"Q\n" + furniture)])
        target = BytesIO()
        opened.save(target, deterministic_id=True)
    return target.getvalue()


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
            opening = [body.pop() for _ in range(2 if line == b"BDC" else 1)][::-1] + [line]
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
