"""Binds references to anchors, and finds those that lead nowhere. Nothing is asked of the web."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

from edition.findings import Finding, Severity, declare
from edition.model import Edition, Named, Reference
from edition.numerals import Count, counted
from edition.resolve.anchors import Anchors
from edition.resolve.survey import Survey

NOWHERE = declare(
    "R001",
    Severity.WARNING,
    """A reference leads nowhere.

    Nothing in this edition has that id, so the reference is printed as plain text. References lead to
    `#page-404` (an original page), to the id of a document, division, heading or enclosure, to a note as
    `#d12-n3`, or to an address that begins with `http://` or `https://`.
    """,
)
OTHER_VOLUME = declare(
    "R002",
    Severity.INFO,
    """A reference leads to another volume.

    `frus1920v01#page-5` names a place in another volume. It is printed as plain text.
    """,
)
NOT_LISTED = declare(
    "R003",
    Severity.WARNING,
    """A person or term is not in the list.

    The edition has a list of persons or terms, and the id that is referred to is not in it. Either it is
    mistyped, or the list lacks an entry.
    """,
)

_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_VOLUME = re.compile(r"[A-Za-z0-9][\w.-]*#.+")


def bind_references(
    edition: Edition, surveys: Sequence[Survey], anchors: Anchors
) -> tuple[dict[str, str], list[Finding]]:
    """Targets as written → anchors or addresses, and the findings about those that lead nowhere."""
    targets: dict[str, str] = {}
    findings: list[Finding] = []
    hints = _Hints(anchors)
    lists = {"person": _Ids(_ids(edition.persons)), "term": _Ids(_ids(edition.terms))}
    for survey in surveys:
        for reference in survey.references:
            target = reference.target
            if target not in targets:
                found = _bind(edition, target, anchors)
                if found is None:
                    findings.append(_unbound(survey, reference, hints))
                    continue
                targets[target] = found
        findings.extend(_check_listed(survey, lists))
    return targets, findings


def _bind(edition: Edition, target: str, anchors: Anchors) -> str | None:
    if _WEB.match(target):
        return target
    volume, sign, fragment = target.partition("#")
    here = sign and (not volume or volume == edition.id)
    return anchors.find(fragment) if here else None


def _unbound(survey: Survey, reference: Reference, hints: _Hints) -> Finding:
    target = reference.target
    if _VOLUME.fullmatch(target) and "/" not in target:
        return OTHER_VOLUME.at(reference.at, f"reference `{target}` leads to another volume")
    hint = hints.of(target, survey.document.id)
    return NOWHERE.at(reference.at, f"reference `{target}` leads nowhere", hint=hint)


def _check_listed(survey: Survey, lists: dict[str, _Ids]) -> Iterator[Finding]:
    for span in survey.named:
        ref = span.get("ref").removeprefix("#")
        listed = lists.get(span.kind)
        if ref and listed and listed.known and ref not in listed.known:
            near = listed.nearest(ref)
            hint = f"try `{near}`" if near else None
            yield NOT_LISTED.at(span.at, f"{span.kind} `{ref}` is not in the list", hint=hint)


def _ids(entries: Iterable[Named]) -> Iterator[str]:
    return (entry.id for entry in entries)


class _Hints:
    """What to try instead of a target that leads nowhere."""

    def __init__(self, anchors: Anchors) -> None:
        self._anchors = anchors
        self._ids = _Ids(anchor for anchor in anchors.claims if not anchor.startswith("page-"))
        self._pages: dict[str, list[int]] = {"arabic": [], "roman": []}
        for page in filter(None, map(counted, anchors.pages)):
            self._pages[page.numerals].append(page.value)
        for values in self._pages.values():
            values.sort()

    def of(self, target: str, document_id: str) -> str | None:
        """The hint for a target in a document."""
        fragment = target.removeprefix("#")
        if fragment == target:
            return "references begin with `#` or `https://`"
        if fragment.startswith("page-"):
            return self._page(fragment.removeprefix("page-"))
        near: str | None = f"{document_id}-{fragment}"
        if not near or not self._anchors.find(near):
            near = self._ids.nearest(fragment)
        return f"try `#{near}`" if near else None

    def _page(self, number: str) -> str | None:
        page = counted(number)
        values = self._pages[page.numerals] if page else []
        if not page or not values:
            return None
        at = bisect_left(values, page.value)
        closest = min(values[max(0, at - 1) : at + 1], key=lambda value: abs(value - page.value))
        return f"the nearest original page here is {Count(page.numerals, closest).written}"


class _Ids:
    """Some ids, and which of them is nearest to a wrong one; each is compared with its neighbours only."""

    _NEIGHBOURS = 10
    """How many ids before and after a wrong one, in the order of the alphabet, are compared with it."""
    _LONGEST = 100

    def __init__(self, ids: Iterable[str]) -> None:
        self.known = frozenset(ids)
        self._sorted = sorted(self.known)
        self._nearest: dict[str, str | None] = {}

    def nearest(self, wrong: str) -> str | None:
        """The id most like it, if any is."""
        if wrong not in self._nearest:
            at = bisect_left(self._sorted, wrong)
            around = self._sorted[max(0, at - self._NEIGHBOURS) : at + self._NEIGHBOURS]
            close = get_close_matches(wrong[: self._LONGEST], around, n=1)
            self._nearest[wrong] = close[0] if close else None
        return self._nearest[wrong]
