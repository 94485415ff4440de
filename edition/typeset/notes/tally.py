"""What became of every note: counted on the finished pages, whatever the layout believes.

It reads page boxes by the classes of the HTML (`a.call` with `href="#id"`, `aside.note` with `id`) and knows
nothing of how notes are set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from weasyprint.formatting_structure import boxes

from edition.findings import Finding, Severity, declare
from edition.pages import NotePart, Page
from edition.typeset.notes.note import Box

LOST = declare(
    "T001",
    Severity.ERROR,
    """A note is called but does not stand on any page.

    Nothing is printed that lost a note. This is a fault of the builder or of the style: a call in the page
    margins or in something that the style positions by itself has no foot to put its note in.
    """,
)
LATE = declare(
    "T002",
    Severity.WARNING,
    """A note begins on a later page than its call.

    The page had no room for two lines of it: a second call in the page's first line, after a note that fills
    the page, a call in something that cannot be broken and fills the page itself, or a call within a note that
    has more than a page to go. Shorten the earlier note, move the call, or give notes a greater share of the
    page.
    """,
)
TORN = declare(
    "T003",
    Severity.ERROR,
    """The parts of a note are out of order.

    A note begins twice, before its call, or does not go on at the foot of the very next page. This is a fault
    of the builder.
    """,
)


def tally(page: Box) -> tuple[tuple[str, ...], tuple[NotePart, ...]]:
    """The ids of the notes called on a page, in order, and the notes in its note area, from the top."""
    calls: list[str] = []
    parts: list[NotePart] = []
    for child in page.children:
        if isinstance(child, boxes.MarginBox):
            continue
        calls.extend(_calls(child))
        if isinstance(child, boxes.FootnoteAreaBox):
            goes_on = bool(child.children) and getattr(child.children[0], "continued", False)
            parts.extend(NotePart(note, goes_on and not n) for n, note in enumerate(_notes([child])))
    return tuple(calls), tuple(parts)


def notes_in_text(page: Box) -> tuple[str, ...]:
    """The ids of the notes that stand in the text of a page and not at its foot, in order."""
    return _notes(
        child for child in page.children if not isinstance(child, boxes.MarginBox | boxes.FootnoteAreaBox)
    )


def _notes(parts: Iterable[Box]) -> tuple[str, ...]:
    """The ids of the notes in parts of a page, in order. One that runs on has a box in each of its lines."""
    elements = (
        box.element
        for part in parts
        for box in part.descendants()
        if box.element is not None and box.element_tag == "aside" and _is(box.element, "aside", "note")
    )
    return tuple(dict.fromkeys(element.get("id") or "" for element in elements))


def _calls(box: Box) -> Iterator[str]:
    """The notes called in a box. A call whose text runs over a line end is one call."""
    last = None
    for child in box.descendants():
        element = child.element
        if element is not None and element is not last and _is(element, "a", "call"):
            last = element
            yield (element.get("href") or "").removeprefix("#")


def _is(element: Any, tag: str, name: str) -> bool:
    return element.tag == tag and name in (element.get("class") or "").split()


def note_findings(pages: Sequence[Page]) -> Iterator[Finding]:
    """Notes that are lost, late or torn."""
    in_text = {note for page in pages for note in page.notes_in_text}
    called: dict[str, Page] = {}
    parts: dict[str, list[tuple[Page, bool]]] = {}
    for page in pages:
        for note in page.calls:
            called.setdefault(note, page)
        for part in page.notes:
            parts.setdefault(part.id, []).append((page, part.continued))
    for note, page in called.items():
        if note in in_text:
            continue
        if note not in parts:
            yield LOST.at(None, f"note {note} is called but not printed", folio=page.folio, about=note)
        elif (first := parts[note][0][0]).index > page.index:
            yield LATE.at(
                None,
                f"note {note} begins {_pages(first.index - page.index)} after its call",
                hint="the page of the call has no room for two lines of it",
                folio=page.folio,
                about=note,
            )
    for note, its_parts in parts.items():
        call = called.get(note)
        if _torn(its_parts) or (call is not None and its_parts[0][0].index < call.index):
            folio = its_parts[0][0].folio
            yield TORN.at(None, f"the parts of note {note} are out of order", folio=folio, about=note)


def _torn(parts: Iterable[tuple[Page, bool]]) -> bool:
    """Whether the parts are not a beginning and its continuations on the pages that follow."""
    numbers = [page.index for page, _ in parts]
    continued = [flag for _, flag in parts]
    return continued != [n > 0 for n in range(len(numbers))] or numbers != list(
        range(numbers[0], numbers[0] + len(numbers))
    )


def _pages(count: int) -> str:
    return "a page" if count == 1 else f"{count} pages"
