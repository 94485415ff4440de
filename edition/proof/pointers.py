"""What points to our pages: locators of the index, of lists and of the concordance, new pages of references.

Each is read from the drawing and compared with the pages themselves, and every mention in the manuscript must be
pointed to. How locators were made is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from edition.findings import Finding, Severity, declare
from edition.model import Span
from edition.numerals import inclusive
from edition.pages import Labels, PagedEdition
from edition.proof.collation import quoted
from edition.proof.lists import words_of
from edition.proof.parts import Drawn, DrawnBook, Standing, standings
from edition.proof.text import squeezed
from edition.resolved import IndexHeading, ResolvedEdition
from edition.source import Place
from edition.walk import mention_anchor, walk

WRONG_POINTER = declare(
    "C034",
    Severity.ERROR,
    """A locator of the index, a list or the concordance gives another page than that which it leads to.""",
)
WRONG_NEW_PAGE = declare(
    "C035",
    Severity.WARNING,
    """A reference gives another new page than that which it leads to.

    The new page in `403 [211]` is that on which original page 403 begins. It is written while the book is laid
    out, and did not settle.
    """,
)
NOT_POINTED_TO = declare(
    "C036",
    Severity.ERROR,
    """A mention is on no page that the index or the list gives for it, or on no page at all.""",
)


Folios: TypeAlias = Mapping[str, str]
"""By anchor, the folio of the page on which it begins."""


def check_pointers(
    resolved: ResolvedEdition, paged: PagedEdition, labels: Labels, book: DrawnBook
) -> Iterator[Finding]:
    """All findings of what points to pages."""
    at = standings(labels.elements)
    folios = {anchor: page.folio for anchor, page in paged.first_pages().items()}
    said = _said(book, labels)
    yield from _locators(labels, at, said, folios, paged)
    yield from _new_pages(labels, at, said, folios, paged)
    yield from _unpointed(resolved, labels, at, folios)


def _said(book: DrawnBook, labels: Labels) -> dict[int, list[Drawn]]:
    """What each locator and each new page reads, by element."""
    wanted = {
        number
        for number, element in enumerate(labels.elements)
        if element.tag == "a" and not element.classes.isdisjoint(("locator", "new-page"))
    }
    said: dict[int, list[Drawn]] = {}
    for stream in book.streams.values() if wanted else ():
        for item in stream.items:
            element = item.label.element
            if element in wanted and (item.label.pseudo or "locator" in labels.elements[element].classes):
                said.setdefault(element, []).append(item)
    return said


def _text(items: Iterable[Drawn]) -> str:
    return "".join(item.piece.text for item in items).strip()


def _locators(
    labels: Labels,
    at: Sequence[Standing],
    said: Mapping[int, list[Drawn]],
    folios: Folios,
    paged: PagedEdition,
) -> Iterator[Finding]:
    for number, items in said.items():
        element = labels.elements[number]
        if "locator" not in element.classes:
            continue
        text, folio = squeezed(_text(items)), folios.get(element.leads_to, "")
        begins = re.match(re.escape(squeezed(folio)) + r"(?![0-9ivxlcdm])", text)
        if not folio or not begins:
            message = (
                f"a locator of the {_part(at[number])} reads {quoted([text])} and leads to page {folio or '?'}"
            )
            yield WRONG_POINTER.at(None, message, folio=paged.pages[items[0].piece.page].folio)


def _new_pages(
    labels: Labels,
    at: Sequence[Standing],
    said: Mapping[int, list[Drawn]],
    folios: Folios,
    paged: PagedEdition,
) -> Iterator[Finding]:
    for number, items in said.items():
        element = labels.elements[number]
        if "new-page" not in element.classes:
            continue
        last = folios.get(element.leads_to, "")
        first = folios.get(element.since, "") if element.since else last
        wanted, text = inclusive(first, last), squeezed(_text(items))
        if not re.search(rf"(?<![0-9ivxlcdm]){re.escape(squeezed(wanted))}(?![0-9ivxlcdm])", text):
            message = f"a reference gives {quoted([text])} for a place on page {wanted}"
            yield WRONG_NEW_PAGE.at(None, message, folio=paged.pages[items[0].piece.page].folio)


def _part(standing: Standing) -> str:
    return standing.key.id.partition(" ")[0]


# Every mention is pointed to


class _Mention(NamedTuple):
    anchor: str
    at: Place | None
    name: str


def _unpointed(
    resolved: ResolvedEdition, labels: Labels, at: Sequence[Standing], folios: Folios
) -> Iterator[Finding]:
    """Mentions on pages that no locator of their heading or name leads to, or spans."""
    pointed = _pointed_to(resolved, labels, at, folios)
    for heading, mention in _mentions(resolved):
        folio = folios.get(mention.anchor)
        if not mention.anchor or heading not in pointed:
            continue
        if folio is None:
            yield NOT_POINTED_TO.at(mention.at, f"the mention of {mention.name} is on no page")
            continue
        if folio not in pointed[heading] and not _in_passage(resolved, heading, folio, folios):
            message = f"{mention.name} is mentioned on page {folio}, which no locator gives"
            yield NOT_POINTED_TO.at(mention.at, message, folio=folio)


def _pointed_to(
    resolved: ResolvedEdition, labels: Labels, at: Sequence[Standing], folios: Folios
) -> dict[tuple[str, ...], set[str]]:
    """By heading of the index, or the id of a person or term alone: the folios that its locators lead to."""
    pointed: dict[tuple[str, ...], set[str]] = {}
    headings = iter(list(_paths(resolved.index)))
    for number, element in enumerate(labels.elements):
        if "entry" in element.classes and element.tag == "p":
            part = _part(at[number])
            heading = next(headings, ()) if part == "index" else (element.id,)
            pointed.setdefault(heading, set())
        elif "locator" in element.classes and _part(at[number]) != "concordance":
            pointed[heading].add(folios.get(element.leads_to, ""))
    return pointed


def _paths(headings: Iterable[IndexHeading], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for heading in headings:
        yield (*above, heading.words)
        yield from _paths(heading.headings, (*above, heading.words))


def _in_passage(resolved: ResolvedEdition, heading: tuple[str, ...], folio: str, folios: Folios) -> bool:
    """Whether a page is inside a run of pages that a locator gives."""
    found = _locators_of(resolved, heading)
    order = {name: index for index, name in enumerate(dict.fromkeys(folios.values()))}
    for locator in found:
        first = folios.get(locator[1], "")
        for last, index in order.items():
            spans = inclusive(first, last) == locator[0]
            if spans and order.get(first, index + 1) <= order.get(folio, -1) <= index:
                return True
    return False


def _locators_of(resolved: ResolvedEdition, heading: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    headings = resolved.index
    for word in heading[:-1]:
        headings = next((one.headings for one in headings if one.words == word), ())
    own = next((one.locators for one in headings if one.words == heading[-1]), ())
    for locator in own or resolved.named_pages.get(heading[-1], ()):
        yield locator.text, locator.anchor


def _mentions(resolved: ResolvedEdition) -> Iterator[tuple[tuple[str, ...], _Mention]]:
    """Every mention in the documents with the heading or id that it belongs to."""
    if not resolved.mentions:
        return
    for document in resolved.edition.documents:
        for _, node in walk(document):
            if not isinstance(node, Span) or node.kind not in resolved.mentions:
                continue
            name = node.get("ref") or node.get("entry") or words_of(node.inlines)
            mention = _Mention(mention_anchor(document.id, node), node.at, f"`{name[:60]}`")
            if node.kind != "index":
                yield (node.get("ref").removeprefix("#"),), mention
            elif not node.get("see") and node.get("passage") != "end":
                written = node.get("entry") or words_of(node.inlines)
                yield tuple(" ".join(part.split()) for part in written.split(" > ") if part.strip()), mention
