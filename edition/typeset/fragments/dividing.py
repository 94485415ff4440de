"""A stretch that was laid out, divided into its fragments: each as if it had been laid out by itself.

What the engine laid out refers to the elements of the stretch. A fragment has an HTML of its own; its boxes are made
to refer to that, so that its structure, labels and records are the same whatever was laid out together with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

from weasyprint.layout.absolute import AbsolutePlaceholder

from edition.typeset.fragments.endings import Ending, is_plain, way_to
from edition.typeset.fragments.laid import Start
from edition.typeset.fragments.stretch import Stretch, tags_in

Element = Any
"""An element of the engine's HTML."""
Parse = Callable[[str], Element]
"""Makes the root element of an HTML."""


class Elements:
    """The elements of an HTML in its order, and where their tags begin."""

    def __init__(self, html: str, root: Element) -> None:
        self.html = html
        self.all = list(root.iter())
        self.starts = tags_in(html)
        assert len(self.all) == len(self.starts), "every start tag is an element"

    @cached_property
    def numbers(self) -> dict[Element, int]:
        return {element: number for number, element in enumerate(self.all)}

    @cached_property
    def parents(self) -> dict[Element, Element]:
        return parents_in(self.all[0])

    @cached_property
    def by_start(self) -> dict[int, int]:
        return {start: number for number, start in enumerate(self.starts)}

    def after(self, element: Element) -> int:
        """The offset of the first tag after an element, or the end."""
        number = self.numbers[element] + sum(1 for _ in element.iter())
        return self.starts[number] if number < len(self.starts) else len(self.html)


@dataclass(frozen=True, slots=True)
class Share:
    """A fragment's share of a stretch that was laid out."""

    first: int
    """The number of its first page there, from 0."""
    pages: int
    start: Start
    follows: Start
    """How the next one starts."""
    end: int
    """Where it ends in the stretch."""
    reach: int
    """How much its first page was made of."""
    root: Element = field(repr=False)
    """The root of its own HTML."""
    own: Mapping[Element, Element] = field(repr=False)
    """Its elements, those around it included, by those of the stretch that they are copies of."""
    inside: frozenset[Element] = field(repr=False)
    """The elements of the stretch that begin in it."""


class Dividing:
    """What was laid out of a stretch from a place on, while it is divided."""

    def __init__(self, stretch: Stretch, start: int, until: int, root: Element) -> None:
        """`root` is that of the stretch from one place to another, as the engine has it."""
        self.stretch = stretch
        self.start, self.until = start, until
        self.elements = Elements(stretch.from_to(start, until), root)
        self.offset = start - len(stretch.before(start))
        """What an offset in that HTML is less than one in the stretch."""

    @property
    def places(self) -> dict[Element, int]:
        """The elements that a fragment may begin with, and their offsets in the stretch."""
        found = {}
        for place in self.stretch.places_after(self.start):
            if (number := self.elements.by_start.get(place - self.offset)) is not None:
                found[self.elements.all[number]] = place
        return found

    def shares(
        self, start: Start, endings: Sequence[Ending], context: Any, root_box: Any, pages: int, parse: Parse
    ) -> Iterator[Share]:
        """The fragments of so many pages, in order; `start` is how the first one begins."""
        ends = [Ending(0, self.start, start), *endings]
        if ends[-1].pages < pages:
            if self.until == self.stretch.end:
                ends.append(Ending(pages, self.until, Start()))
            elif ends[-1].pages + 1 == pages:
                ends.pop()  # the last page is cut short, so the one before it may have seen too little
        for before, after in pairwise(ends):
            resume = context.page_maker[before.pages + 1][0] if after.pages > before.pages + 1 else None
            reached = self.offset + self._reached(root_box, resume) if resume is not None else after.place
            yield self._share(before, after, reached - before.place, parse)

    def _reached(self, root_box: Any, resume: Any) -> int:
        """The offset in the rest of what is after all that a page may be made of which ends at `resume`.

        What it breaks counts as a whole: the paragraph, or the table, whose columns all rows make as wide as they are.
        """
        innermost: Element = None
        for box, way in way_to(root_box, resume):
            if box.element is not None and box.element_tag == box.element.tag:
                innermost = box.element
                if way is None:  # it begins on the next page
                    return self.elements.starts[self.elements.numbers[innermost]]
            if not is_plain(box):
                break
        return self.elements.after(innermost)

    def _share(self, before: Ending, after: Ending, reach: int, parse: Parse) -> Share:
        root = parse(self.stretch.fragment(before.place, after.place))
        copies = list(root.iter())
        first, last = self._number(before.place), self._number(after.place)
        opened = len(tags_in(self.stretch.before(before.place)))
        inside = self.elements.all[first:last]
        own = dict(zip(inside, copies[opened : opened + last - first], strict=True))
        for element, copy in own.items():
            copy.attrib.update(element.attrib)  # tables have got classes by which they fit
        around = list(ancestors(inside[0], self.elements.parents))
        own |= zip(around, ancestors(copies[opened], parents_in(root)), strict=True)
        pages = after.pages - before.pages
        starts = before.follows, after.follows
        return Share(before.pages, pages, *starts, after.place, reach, root, own, frozenset(inside))

    def _number(self, place: int) -> int:
        """How many elements of the rest begin before a place of the stretch."""
        if place == self.stretch.end:
            return len(self.elements.all)
        return self.elements.by_start[place - self.offset] if place else 0


def own_boxes(share: Share, pages: Iterable[Any]) -> None:
    """Make the boxes of a fragment's pages refer to its own elements."""
    waiting = list(pages)
    while waiting:
        box = waiting.pop()
        if isinstance(box, AbsolutePlaceholder):
            box = box._box
        if box.element is not None:
            box.element = share.own.get(box.element, box.element)
        waiting.extend(getattr(box, "children", ()))


def parents_in(root: Element) -> dict[Element, Element]:
    return {child: element for element in root.iter() for child in element}


def ancestors(element: Element, parents: Mapping[Element, Element]) -> Iterator[Element]:
    """The elements that an element stands in, the innermost first."""
    while (around := parents.get(element)) is not None:
        yield around
        element = around
