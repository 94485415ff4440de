"""What points to our pages: locators of the index, of lists and of the concordance, new pages of references.

Each is read from the drawing and compared with the pages themselves, and every mention in the manuscript must be
pointed to. How locators were made is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from edition.findings import Finding, Severity, declare
from edition.numerals import inclusive
from edition.pages import Labels
from edition.proof.collation import quoted
from edition.proof.lists import words_of
from edition.proof.part_proof import Listed, Said
from edition.proof.parts import Drawn, DrawnBook, Standing
from edition.proof.streams import Stream
from edition.proof.text import squeezed
from edition.resolved import IndexHeading, ResolvedEdition
from edition.source import Place
from edition.walk import mention_anchor

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


NUMERALS = frozenset("0123456789ivxlcdm")
"""Characters of folios."""

Folios: TypeAlias = Mapping[str, str]
"""By anchor, the folio of the page on which it begins."""


# What a part's pages say


def pointers_said(labels: Labels, at: Sequence[Standing], book: DrawnBook) -> Iterator[Said]:
    """What each locator and each new page reads; `at` says what elements are part of."""
    for number, items in _said(book, labels).items():
        element = labels.elements[number]
        what: Literal["locator", "new-page"] = "locator" if "locator" in element.classes else "new-page"
        text = squeezed("".join(item.piece.text for item in items).strip())
        yield Said(what, _part(at[number]), text, element.leads_to, element.since, items[0].piece.page)


def _said(book: DrawnBook, labels: Labels) -> dict[int, list[Drawn]]:
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


def pointers_listed(labels: Labels, at: Sequence[Standing]) -> Iterator[Listed]:
    """The entries of the index and of lists with their locators, drawn or not."""
    for number, element in enumerate(labels.elements):
        if "entry" in element.classes and element.tag == "p":
            yield Listed("entry", _part(at[number]), element.id)
        elif "locator" in element.classes:
            yield Listed("locator", _part(at[number]), element.leads_to)


def _part(standing: Standing) -> str:
    return standing.key.id.partition(" ")[0]


# Against the whole book


def check_said(said: Iterable[tuple[Said, str]], folios: Folios) -> Iterator[Finding]:
    """Locators and new pages against the pages that they lead to; each comes with the folio where it stands."""
    for one, here in said:
        last = folios.get(one.leads_to, "")
        if one.what == "locator":
            wanted = squeezed(last)
            if (
                not wanted
                or not one.text.startswith(wanted)
                or one.text[len(wanted) : len(wanted) + 1] in NUMERALS
            ):
                leads = f"leads to page {last or '?'}"
                message = f"a locator of the {one.part} reads {quoted([one.text])} and {leads}"
                yield WRONG_POINTER.at(None, message, folio=here)
            continue
        first = folios.get(one.since, "") if one.since else last
        span = inclusive(first, last)
        if not _says(one.text, squeezed(span)):
            message = f"a reference gives {quoted([one.text])} for a place on page {span}"
            yield WRONG_NEW_PAGE.at(None, message, folio=here)


def _says(text: str, number: str) -> bool:
    """Whether a number stands in a text and is no part of a longer one."""
    at = text.find(number)
    while at >= 0:
        if text[at - 1 : at] not in NUMERALS and text[at + len(number) : at + len(number) + 1] not in NUMERALS:
            return True
        at = text.find(number, at + 1)
    return False


class _Mention(NamedTuple):
    anchor: str
    at: Place | None
    name: str


def check_mentions(
    resolved: ResolvedEdition, streams: Iterable[Stream], listed: Iterable[Listed], folios: Folios
) -> Iterator[Finding]:
    """Mentions on pages that no locator of their heading or name leads to, or spans."""
    pointed = _pointed_to(resolved, listed, folios)
    passages = _Passages(resolved, folios)
    for heading, mention in _mentions(streams) if pointed else ():
        folio = folios.get(mention.anchor)
        if not mention.anchor or heading not in pointed:
            continue
        if folio is None:
            yield NOT_POINTED_TO.at(mention.at, f"the mention of {mention.name} is on no page")
            continue
        if folio not in pointed[heading] and not passages.hold(heading, folio):
            message = f"{mention.name} is mentioned on page {folio}, which no locator gives"
            yield NOT_POINTED_TO.at(mention.at, message, folio=folio)


def _pointed_to(
    resolved: ResolvedEdition, listed: Iterable[Listed], folios: Folios
) -> dict[tuple[str, ...], set[str]]:
    """By heading of the index, or the id of a person or term alone: the folios that its locators lead to."""
    pointed: dict[tuple[str, ...], set[str]] = {}
    headings = iter(list(_paths(resolved.index)))
    own: set[str] = set()
    for what, part, id_ in listed:
        if what == "entry":
            own = pointed.setdefault(next(headings, ()) if part == "index" else (id_,), set())
        elif part != "concordance":
            own.add(folios.get(id_, ""))
    return pointed


def _paths(headings: Iterable[IndexHeading], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for heading in headings:
        yield (*above, heading.words)
        yield from _paths(heading.headings, (*above, heading.words))


class _Passages:
    """The runs of pages that locators give."""

    def __init__(self, resolved: ResolvedEdition, folios: Folios) -> None:
        self.resolved = resolved
        self.folios = folios
        self.order = {name: index for index, name in enumerate(dict.fromkeys(folios.values()))}
        self.runs: dict[tuple[str, ...], list[tuple[int, int]]] = {}

    def hold(self, heading: tuple[str, ...], folio: str) -> bool:
        """Whether a page is inside a run of pages that a locator of a heading gives."""
        if heading not in self.runs:
            self.runs[heading] = list(self.runs_of(heading))
        here = self.order.get(folio, -1)
        return any(first <= here <= last for first, last in self.runs[heading])

    def runs_of(self, heading: tuple[str, ...]) -> Iterator[tuple[int, int]]:
        for text, anchor in _locators_of(self.resolved, heading):
            first = self.folios.get(anchor, "")
            if "–" not in text or first not in self.order:
                continue
            for last, index in self.order.items():
                if inclusive(first, last) == text:
                    yield self.order[first], index


def _locators_of(resolved: ResolvedEdition, heading: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    headings = resolved.index
    for word in heading[:-1]:
        headings = next((one.headings for one in headings if one.words == word), ())
    own = next((one.locators for one in headings if one.words == heading[-1]), ())
    for locator in own or resolved.named_pages.get(heading[-1], ()):
        yield locator.text, locator.anchor


def _mentions(streams: Iterable[Stream]) -> Iterator[tuple[tuple[str, ...], _Mention]]:
    """Every mention in the documents with the heading or id that it belongs to."""
    for document, node in (mention for stream in streams for mention in stream.mentions):
        name = node.get("ref") or node.get("entry") or words_of(node.inlines)
        mention = _Mention(mention_anchor(document, node), node.at, f"`{name[:60]}`")
        if node.kind != "index":
            yield (node.get("ref").removeprefix("#"),), mention
        elif not node.get("see") and node.get("passage") != "end":
            written = node.get("entry") or words_of(node.inlines)
            yield tuple(" ".join(part.split()) for part in written.split(" > ") if part.strip()), mention
