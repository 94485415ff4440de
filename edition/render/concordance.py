"""The concordance as a table for a spreadsheet and as a page of HTML: original page → pages, and back.

Knows lines and folios, and nothing of where they come from.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO

from jinja2 import Environment, PackageLoader

from edition.numerals import inclusive
from edition.resolved import ConcordanceLine


def concordance_csv(lines: Sequence[ConcordanceLine], folios: Sequence[str], *, by_page: bool = False) -> str:
    """Comma-separated values with a head, lines ended as RFC 4180 has them.

    A line for each original page with its document, its first and its last page; or for each page of ours (its
    folio in `folios`, by index) with the first and the last original page on it.
    """
    written = StringIO()
    table = csv.writer(written)
    if by_page:
        table.writerow(("page", "first original page", "last original page", "original pages"))
        for folio, first, last in pages_of(lines, folios):
            table.writerow((folio, first, last, inclusive(first, last)))
    else:
        table.writerow(("original page", "document", "first page", "last page", "pages"))
        for line in lines:
            first, last = folios[line.first], folios[line.last]
            table.writerow((line.page, line.document, first, last, line.folios))
    return written.getvalue()


def pages_of(lines: Sequence[ConcordanceLine], folios: Sequence[str]) -> list[tuple[str, str, str]]:
    """For each page of ours with original pages its folio, and the first and the last of them."""
    on: dict[int, list[str]] = {}
    for line in lines:
        for index in range(line.first, line.last + 1):
            on.setdefault(index, []).append(str(line.page))
    return [(folios[index], pages[0], pages[-1]) for index, pages in sorted(on.items())]


def concordance_html(title: str, lines: Sequence[ConcordanceLine], folios: Sequence[str], language: str) -> str:
    """A page of HTML with both tables, without anything from elsewhere; original pages are `#page-N`."""
    environment = Environment(
        loader=PackageLoader("edition"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    back = [(folio, inclusive(first, last)) for folio, first, last in pages_of(lines, folios)]
    template = environment.get_template("concordance-page.html")
    return template.render(title=title, lines=lines, back=back, language=language) + "\n"
