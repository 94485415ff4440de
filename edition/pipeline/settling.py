"""Pages that depend on pages: laid out again until what they say of themselves stays the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from edition.findings import EditionError, Finding, Severity, declare, has_errors
from edition.model import Edition, Image
from edition.pages import PagedEdition
from edition.pipeline.excerpt import excerpt
from edition.render import render
from edition.resolve import depends_on_pages, resolve
from edition.resolved import ResolvedEdition
from edition.walk import tables_of, walk

if TYPE_CHECKING:
    from edition.typeset import Typesetting

Progress = Callable[[str], None]
"""Is told what is being done, in a word or two."""

ROUNDS = 5
"""How often pages are made again at most until what depends on pages stays the same."""

UNSETTLED = declare(
    "T020",
    Severity.WARNING,
    """What depends on pages did not settle.

    Notes numbered by page, the index, lists of names and the concordance say on which page something stands, and
    a longer or shorter number can move it to another. After five rounds the last one is printed, and the finding
    names what would change once more.
    """,
)


@dataclass(frozen=True, slots=True)
class Settled:
    """Pages that say what they should of themselves, as far as five rounds could bring that about."""

    resolved: ResolvedEdition
    html: str
    paged: PagedEdition
    findings: tuple[Finding, ...]


def settle(
    edition: Edition,
    setting: Typesetting,
    progress: Progress,
    only: Sequence[str] = (),
    before_pages: Callable[[ResolvedEdition, str], None] = lambda resolved, html: None,
) -> Settled:
    """Lay the edition out, again while what it says depends on pages and changes.

    Of some documents `only`, if there are any. `before_pages` is told what will be laid out first.
    """
    progress("resolving")
    resolved = resolve(edition)
    if has_errors(resolved.findings):
        raise EditionError(resolved.findings)
    if only:
        resolved = excerpt(resolved, only)
        edition = resolved.edition
    html, rounds = render(resolved), 0
    unsettled: list[str] = []
    before_pages(resolved, html)
    while True:
        rounds += 1
        progress("typesetting")
        try:
            paged = setting.pages_of(html)
        except EditionError as error:
            raise EditionError(located(error.findings, resolved)) from error
        if not depends_on_pages(edition):
            break
        progress("resolving")
        again = resolve(edition, paged=paged)
        html_again = render(again)
        if html_again == html or rounds == ROUNDS:
            unsettled = [what for what, of in DEPENDENT.items() if of(again) != of(resolved)]
            break
        resolved, html = again, html_again
    message = f"{' and '.join(unsettled)} did not settle in {ROUNDS} rounds" if unsettled else ""
    found = (UNSETTLED.at(edition.at, message),) if unsettled else ()
    return Settled(resolved, html, replace(paged, findings=located(paged.findings, resolved)), found)


DEPENDENT: dict[str, Callable[[ResolvedEdition], object]] = {
    "marks of notes": lambda resolved: {key: note.mark for key, note in resolved.notes.items()},
    "the index": lambda resolved: resolved.index,
    "lists of persons and terms": lambda resolved: resolved.named_pages,
    "the concordance": lambda resolved: resolved.concordance,
}
"""What depends on pages, by what an editor calls it."""


def located(findings: Iterable[Finding], resolved: ResolvedEdition) -> tuple[Finding, ...]:
    """Findings of the pages with the places of the notes, pictures and tables that they are about."""
    findings = tuple(findings)
    if all(finding.place or not finding.about for finding in findings):
        return findings
    places = {note.id: note.note.at for note in resolved.notes.values()}
    for document in resolved.edition.documents:
        places |= {node.path: node.at for _, node in walk(document) if isinstance(node, Image)}
        places |= {name: table.at for name, table in tables_of(document).items()}
    return tuple(
        replace(finding, place=finding.place or places.get(finding.about)) if finding.about else finding
        for finding in findings
    )
