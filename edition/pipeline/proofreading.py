"""Proofreading: the rules of the manuscript and of the pages, applied on the way of a build or a check."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from edition import manuscript
from edition.allowances import apply_allowances
from edition.cache import Cache, key_of, program
from edition.findings import EditionError, Finding, has_errors
from edition.model import Edition
from edition.resolve import resolve
from edition.source import Source
from edition.workers import in_order

if TYPE_CHECKING:
    from edition.proof import Proof
    from edition.proof.rules import KeptFindings


OWN = ("proof/**/*.py", "manuscript/*.py", "model.py", "numerals.py", "source.py", "strict_yaml.py", "walk.py")
"""The sources that what rules find depends on."""


@dataclass(frozen=True)
class Reading:
    """Which rules are applied: those worth an interruption in a build, all of them in a check."""

    work: Literal["build", "check"]

    @cached_property
    def codes(self) -> frozenset[str]:
        from edition.proof.rules import codes_for

        return codes_for(self.work)

    @cached_property
    def passed_over(self) -> frozenset[str]:
        from edition.proof.rules import codes_for

        return codes_for("check") - self.codes

    def manuscript(
        self, edition: Edition, directory: Path, cache: Cache | None = None, jobs: int = 1
    ) -> list[Finding]:
        """What the rules find that need no page. Raises EditionError for a list of words that cannot be read.

        With a cache, documents that did not change are not read again.
        """
        from edition.proof.rules import check_manuscript

        words, findings = manuscript.load_words(directory)
        if has_errors(findings):
            raise EditionError(findings)
        key = key_of(program(*OWN), str(directory.resolve()), *sorted(self.codes)) + "-rules"
        kept = _kept(cache.get(key)) if cache else None
        run = partial(in_order, jobs)
        found = list(check_manuscript(edition, _sources(edition), words, self.codes, kept, run))
        if cache and kept and kept.changed:
            cache.put(key, kept.to_json().encode())
        return found

    def all(self, edition: Edition, proof: Proof, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Of all findings, those that are wanted and that no document allows, with page and line."""
        from edition.proof.rules import located

        wanted = (finding for finding in (*findings, *proof.of_rules) if finding.code not in self.passed_over)
        found = located(wanted, proof.lines)
        return apply_allowances(edition, found, passed_over=self.passed_over)


BUILD = Reading("build")


def check_manuscript(directory: Path) -> tuple[Finding, ...]:
    """What is found without laying anything out: of all rules that need no page."""
    reading = Reading("check")
    try:
        edition, found = manuscript.load(directory)
        findings = [*found, *resolve(edition).findings, *reading.manuscript(edition, directory)]
    except EditionError as error:
        return error.findings
    told = apply_allowances(edition, findings)
    return tuple(finding for finding in told if finding.code != "A001")  # what is allowed may be on the pages


def _kept(content: bytes | None) -> KeptFindings:
    """What the rules found in documents the last time, if that is known."""
    from edition.proof.rules import KeptFindings

    with suppress(ValueError):
        return KeptFindings.from_json(content or b"")
    return KeptFindings()


def _sources(edition: Edition) -> dict[str, Source]:
    """The texts of an edition's files by the path that places name."""
    places = [edition.at, *(document.at for document in edition.documents)]
    paths = dict.fromkeys(place.path for place in places if place)
    return {path: Source(path, Path(path).read_text("utf-8-sig", errors="replace")) for path in paths}
