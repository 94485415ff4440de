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
_NEIGHBOURS = 30


def bind_references(
    edition: Edition, surveys: Sequence[Survey], anchors: Anchors
) -> tuple[dict[str, str], list[Finding]]:
    """Targets as written → anchors or addresses, and the findings about those that lead nowhere."""
    targets: dict[str, str] = {}
    findings: list[Finding] = []
    nearest = _Nearest(anchors)
    listed = {"person": _ids(edition.persons), "term": _ids(edition.terms)}
    for survey in surveys:
        for reference in survey.references:
            target = reference.target
            if target not in targets:
                found = _bind(edition, target, anchors)
                if found is None:
                    findings.append(_unbound(survey, reference, nearest))
                    continue
                targets[target] = found
        findings.extend(_check_listed(survey, listed))
    return targets, findings


def _bind(edition: Edition, target: str, anchors: Anchors) -> str | None:
    if _WEB.match(target):
        return target
    volume, sign, fragment = target.partition("#")
    here = sign and (not volume or volume == edition.id)
    return anchors.find(fragment) if here else None


def _unbound(survey: Survey, reference: Reference, nearest: _Nearest) -> Finding:
    target = reference.target
    if _VOLUME.fullmatch(target) and "/" not in target:
        return OTHER_VOLUME.at(reference.at, f"reference `{target}` leads to another volume")
    hint: str | None
    if not target.startswith("#"):
        hint = "references begin with `#` or `https://`"
    elif re.fullmatch(r"#n[^-]+", target):
        hint = f"try `#{survey.document.id}-{target[1:]}`"
    else:
        hint = nearest.hint(target[1:])
    return NOWHERE.at(reference.at, f"reference `{target}` leads nowhere", hint=hint)


def _check_listed(survey: Survey, listed: dict[str, frozenset[str]]) -> Iterator[Finding]:
    for span in survey.named:
        ref = span.get("ref").removeprefix("#")
        known = listed.get(span.kind)
        if ref and known and ref not in known:
            message = f"{span.kind} `{ref}` is not in the list"
            yield NOT_LISTED.at(span.at, message, hint=_try(ref, known))


def _ids(entries: Iterable[Named]) -> frozenset[str]:
    return frozenset(entry.id for entry in entries)


def _try(wanted: str, known: Iterable[str]) -> str | None:
    close = get_close_matches(wanted, known, n=1)
    return f"try `{close[0]}`" if close else None


class _Nearest:
    """Says which id is nearest to a wrong one, without comparing each wrong id with all the others."""

    def __init__(self, anchors: Anchors) -> None:
        self._ids = sorted(anchor for anchor in anchors.claims if not anchor.startswith("page-"))
        self._pages: dict[str, list[int]] = {"arabic": [], "roman": []}
        for number in anchors.pages:
            if page := counted(number):
                self._pages[page.numerals].append(page.value)
        for values in self._pages.values():
            values.sort()

    def hint(self, fragment: str) -> str | None:
        """What to try instead of an anchor that nothing has."""
        if fragment.startswith("page-"):
            return self._page_hint(fragment.removeprefix("page-"))
        at = bisect_left(self._ids, fragment)
        return _try(fragment, self._ids[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS])

    def _page_hint(self, number: str) -> str | None:
        page = counted(number)
        values = self._pages[page.numerals] if page else []
        if not page or not values:
            return None
        at = bisect_left(values, page.value)
        closest = min(values[max(0, at - 1) : at + 1], key=lambda value: abs(value - page.value))
        return f"the nearest original page here is {Count(page.numerals, closest).written}"
