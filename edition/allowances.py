"""What a document's front matter allows: `allow: {N001: reason}` silences a rule in that document.

Works on any list of findings, of whatever stage. Knows no rule but its own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable

from edition.findings import RULES, Finding, Severity, declare
from edition.model import Document, Edition
from edition.source import Place

UNUSED = declare(
    "A001",
    Severity.WARNING,
    """An allowance silences nothing.

    The front matter allows a rule that finds nothing in this document. Either the fault was repaired: then
    take the allowance out, so that the rule works again. Or its code is mistyped.
    """,
)
NOT_ALLOWED = declare(
    "A002",
    Severity.WARNING,
    """An error cannot be allowed.

    Errors say that the edition is not what was written, so none of them can be silenced. Repair the error and
    take the allowance out.
    """,
)


def apply_allowances(
    edition: Edition, findings: Iterable[Finding], *, passed_over: Collection[str] = ()
) -> tuple[Finding, ...]:
    """The findings that no document allows, in their order, then what is wrong with the allowances.

    `passed_over` are the codes of rules that were not applied; an allowance of one of these is not called unused.
    """
    allowing = [document for document in edition.documents if document.allow]
    if not allowing:
        return tuple(findings)
    document_at = _Documents(edition)
    kept: list[Finding] = []
    used: set[tuple[int, str]] = set()
    refused: set[tuple[int, str]] = set()
    for finding in findings:
        document = document_at(finding.place)
        allowed = document is not None and any(code == finding.code for code, _ in document.allow)
        if allowed:
            (refused if finding.severity is Severity.ERROR else used).add((id(document), finding.code))
        if not allowed or finding.severity is Severity.ERROR:
            kept.append(finding)
    for document in allowing:
        for code, _ in document.allow:
            if (id(document), code) in refused:
                kept.append(NOT_ALLOWED.at(document.at, f"{code} is an error and cannot be allowed"))
            elif (id(document), code) not in used and code not in passed_over:
                hint = "take it out" if code in RULES else f"there is no rule {code}"
                kept.append(UNUSED.at(document.at, f"the allowance of {code} silences nothing", hint=hint))
    return tuple(kept)


class _Documents:
    """Finds the document that a place is in: of those of its file, the last that begins before it."""

    def __init__(self, edition: Edition) -> None:
        self._of_file: dict[str, list[tuple[Place, Document]]] = defaultdict(list)
        for document in edition.documents:
            if document.at:
                self._of_file[document.at.path].append((document.at, document))
        for documents in self._of_file.values():
            documents.sort(key=lambda begun: begun[0])

    def __call__(self, place: Place | None) -> Document | None:
        documents = self._of_file.get(place.path, []) if place else []
        after = bisect_right(documents, place, key=lambda begun: begun[0]) if place else 0
        return documents[after - 1][1] if after else None
