"""Where on its way a text was lost: between the manuscript and the HTML, or between the HTML and the PDF.

Asked only about streams that the PDF does not say as it should. It knows the HTML by the numbers that its
elements have in the labels, and shares no code with what wrote it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from xml.etree import ElementTree

from edition.pages import HtmlElement
from edition.proof.parts import standings
from edition.proof.streams import Key, Stream
from edition.proof.text import alike, squeezed


class Stages:
    """The HTML of an edition as the streams of its text."""

    def __init__(self, html: str, elements: Sequence[HtmlElement]) -> None:
        self.html = html
        self.elements = elements

    def hint(self, stream: Stream) -> str | None:
        """At which stage the stream became other than the manuscript; None where the HTML is not known."""
        if not self.html:
            return None
        if squeezed(self.texts.get(stream.key, "")) == squeezed(stream.text):
            return "the HTML has it as it should be, so it happened in typesetting"
        return "the HTML differs already, so it happened in rendering"

    @cached_property
    def texts(self) -> dict[Key, str]:
        """The text of each stream as the HTML has it, in the form in which texts are compared."""
        at = standings(tuple(self.elements))
        pieces: dict[Key, list[str]] = {}
        elements = list(ElementTree.fromstring(self.html).iter())
        parents = {child: element for element in elements for child in element}
        numbers = {element: number for number, element in enumerate(elements)}
        for element, said in _words(elements[0], parents):
            standing = at[numbers[element]]
            if standing.part == "text":
                pieces.setdefault(standing.key, []).append(said)
        return {key: alike(" ".join(said)) for key, said in pieces.items()}


def _words(
    root: ElementTree.Element, parents: dict[ElementTree.Element, ElementTree.Element]
) -> Iterator[tuple[ElementTree.Element, str]]:
    """All texts in the order of the document, each with the element that it stands in."""
    waiting: list[tuple[ElementTree.Element, bool]] = [(root, False)]
    while waiting:
        element, left = waiting.pop()
        said = element.tail if left else element.text
        if said:
            yield (parents[element] if left else element), said
        if not left:
            waiting += [(element, True)] if element is not root else []
            waiting += [(child, False) for child in reversed(element)]
