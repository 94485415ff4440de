"""The anchors of an edition: every id that a reference can lead to, each claimed once.

Documents and divisions claim theirs first, then page breaks, headings and enclosures in reading order, then
what the builder makes itself: note ids, the lists of persons and terms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from edition.findings import Finding, Severity, declare
from edition.model import Document, Edition, Named, PageBreak
from edition.resolve.contents import generated_kinds
from edition.resolve.survey import NoteKey, Survey
from edition.resolved import ContentsLine
from edition.source import Place

SAME_ID = declare(
    "S020",
    Severity.ERROR,
    """An id is used twice.

    Documents, divisions, headings, enclosures, page breaks with an id of their own, persons and terms share
    one space of ids in a volume, as each of them is a place that references and bookmarks lead to. The notes
    of the n-th enclosure of a document `d1` are kept under `d1-en`, so that is taken too. Rename one of them,
    and the references to it.
    """,
)
SAME_PAGE = declare(
    "P001",
    Severity.WARNING,
    """An original page begins twice.

    Two page breaks have the same number, so references to that page lead to the first. If the source really
    repeats the number, give the second an id of its own: `[Page 404]{#page-404-bis}`.
    """,
)

_NAMES = {"*": "ast", "†": "dag", "‡": "ddag", "§": "sect", "‖": "par", "¶": "para", "#": "num"}


class Anchors:
    """All anchors, what claimed each, and where pages and notes are to be found."""

    def __init__(self) -> None:
        self.claims: dict[str, tuple[str, Place | None]] = {}
        """Anchor → what claimed it, in words, and where."""
        self.pages: dict[str, str] = {}
        """Number of an original page → the anchor of its first page break."""
        self.aliases: dict[str, str] = {}
        """Other ways to write an anchor, such as `d1-n*` for `d1-nast`."""
        self.findings: list[Finding] = []

    @staticmethod
    def of(edition: Edition, lines: Iterable[ContentsLine], surveys: Sequence[Survey]) -> Anchors:
        """Claim the anchors of everything but notes and starts of documents."""
        anchors = Anchors()
        for line in lines:
            kind = "document" if isinstance(line.entry, Document) else line.entry.kind
            anchors.claim(line.anchor, f"a {kind}", line.entry.at)
        for survey in surveys:
            for page_break in (*survey.breaks, *survey.note_breaks):
                anchors._claim_page(page_break)
        for survey in surveys:
            for heading in survey.headings:
                anchors.claim(heading.id, "a heading", heading.at)
            for scope, enclosure in survey.enclosures:
                anchors.claim(scope, "an enclosure", enclosure.at)
                if enclosure.id != scope:
                    anchors.claim(enclosure.id, "an enclosure", enclosure.at)
        generated = generated_kinds(edition)
        if "persons" in generated:
            anchors._claim_list("a person", edition.persons)
        if "terms" in generated:
            anchors._claim_list("a term", edition.terms)
        return anchors

    def claim(self, anchor: str, what: str, at: Place | None) -> None:
        """Take an anchor; an empty one is none. A second claim is a finding."""
        if anchor and anchor in self.claims:
            first, where = self.claims[anchor]
            hint = f"{first} at {where} has it already" if where else f"{first} has it already"
            self.findings.append(SAME_ID.at(at, f"id `{anchor}` of {what} is used twice", hint=hint))
        elif anchor:
            self.claims[anchor] = (what, at)

    def _claim_page(self, page_break: PageBreak) -> None:
        number, anchor = page_break.page.number, page_break.anchor
        if page_break.id:
            self.claim(anchor, "a page break", page_break.at)
        elif not number:
            return
        elif anchor in self.claims:
            what, where = self.claims[anchor]
            hint = f"{what} at {where} has the anchor `{anchor}`" if where else None
            self.findings.append(SAME_PAGE.at(page_break.at, f"page {number} begins a second time", hint=hint))
        else:
            self.claims[anchor] = ("a page break", page_break.at)
        if number:
            self.pages.setdefault(number, anchor)

    def _claim_list(self, what: str, entries: Iterable[Named]) -> None:
        for entry in entries:
            self.claim(entry.id, what, entry.at)

    def claim_note(self, key: NoteKey, at: Place | None) -> str:
        """Take the anchor of a note, `SCOPE-nLABEL` made fit for an XML id, numbered on if it is taken."""
        scope, label = key
        written = f"{scope}-n{label}"
        wanted = anchor = fit_for_xml(written)
        again = 1
        while anchor in self.claims:
            again += 1
            anchor = f"{wanted}-{again}"
        self.claims[anchor] = ("a note", at)
        self.aliases.setdefault(written, anchor)
        return anchor

    @property
    def of_pages(self) -> frozenset[str]:
        """The anchors of original pages."""
        claimed = {anchor for anchor, (what, _) in self.claims.items() if what == "a page break"}
        return frozenset(claimed | set(self.pages.values()))

    def find(self, fragment: str) -> str | None:
        """The anchor that a reference's `#fragment` (without `#`) leads to."""
        if fragment in self.claims:
            return fragment
        if fragment.startswith("page-") and (page := self.pages.get(fragment.removeprefix("page-"))):
            return page
        return self.aliases.get(fragment)


def fit_for_xml(written: str) -> str:
    """An XML name of ASCII letters, digits, `-`, `_` and `.` that one can still read: `d1-n*` → `d1-nast`."""
    name = re.sub(r"[^A-Za-z0-9_.-]", lambda sign: _NAMES.get(sign[0], f"u{ord(sign[0]):x}"), written)
    return name if re.match(r"[A-Za-z_]", name) else f"_{name}"
