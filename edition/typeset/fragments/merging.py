"""The labels of fragments that have a part of the book between them, as those of that part laid out in one.

Each fragment numbers the elements of its own HTML: those around it, its own, and empty ones beside them. Together
they have each of their own once, and those around the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from edition.pages import HtmlElement, Labels, PageLabels
from edition.typeset.fragments.stretch import Stretch, tags_in

Moved = Callable[[int], int]
"""The number among all elements of one that has another in its fragment; -1 stays."""


def merged_labels(stretch: Stretch, places: Sequence[int], labels: Sequence[Labels]) -> Labels:
    """The labels of fragments in a row, for their HTML in one; `places` are where in the stretch they begin."""
    elements: list[HtmlElement] = []
    pages: list[PageLabels] = []
    for number, (place, its) in enumerate(zip(places, labels, strict=True)):
        opened = len(tags_in(stretch.before(place)))
        first, last = opened if number else 0, len(its.elements)
        if number + 1 < len(places):
            last = opened + len(tags_in(stretch.html[place : places[number + 1]]))
        around = dict(
            zip(_ways_up(its.elements, opened), _around(stretch, places[0], place, labels[0]), strict=True)
        )
        moved = _moved(around, len(elements) - first, first)
        elements += (replace(one, parent=moved(one.parent)) for one in its.elements[first:last])
        pages += (_moved_page(page, moved) for page in its.pages)
    return Labels(tuple(elements), tuple(pages))


def _moved(around: dict[int, int], by: int, first: int) -> Moved:
    return lambda number: number + by if number >= first else around.get(number, -1)


def _around(stretch: Stretch, start: int, place: int, first: Labels) -> Iterator[int]:
    """The numbers of the elements around a place among those that begin with the first fragment, innermost first."""
    opened = len(tags_in(stretch.before(start)))
    around_all = list(_ways_up(first.elements, opened))[::-1]
    for depth, node in reversed(list(enumerate(stretch.path_to(place)))):
        if node.start < start:
            yield around_all[depth]
        else:
            yield opened + len(tags_in(stretch.html[start : node.start]))


def _moved_page(page: PageLabels, moved: Moved) -> PageLabels:
    content = {number: replace(label, element=moved(label.element)) for number, label in page.content.items()}
    artifacts = tuple(replace(label, element=moved(label.element)) for label in page.artifacts)
    return replace(page, content=content, artifacts=artifacts)


def _ways_up(elements: Sequence[HtmlElement], number: int) -> Iterator[int]:
    """The numbers of the elements around one, the innermost first."""
    while (number := elements[number].parent) >= 0:
        yield number
