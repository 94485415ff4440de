"""The rules of proofreading: what an editor should look at in the manuscript and on its pages.

`check_manuscript` needs no page, `check_run` the lines of a run of consecutive pages. Both are pure. Where both
have run, `located` says of each finding on which page and line it is printed.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from hashlib import blake2b
from typing import Literal, Protocol

from edition.findings import RULES, Finding, Severity, declare
from edition.model import Document, Edition, heads_of
from edition.proof.measured_lines import Run
from edition.proof.part_proof import finding_from, finding_to
from edition.proof.rules import original_pages, pairs, references, structure, transcription, typography, words
from edition.proof.rules.context import Context, Volume
from edition.proof.rules.passages import Passages, passages_of
from edition.proof.rules.spelling import Speller, dictionaries
from edition.source import Place, Source

__all__ = ["KeptFindings", "check_document", "check_manuscript", "check_run", "codes_for", "located"]

NO_DICTIONARY = declare(
    "W012",
    Severity.INFO,
    """There is no dictionary for a language.

    Words of that language are not looked up (W010), and hyphens left from line ends are found only where a space
    follows (W005). Dictionaries of Hunspell are read where the system keeps them: on Debian and Ubuntu
    `apt install hunspell-fr`, say. Edition itself brings that of American English.
    """,
)

PASSAGES = (transcription.passages, references.passages, original_pages.passages)
TEXTS = (transcription.documents, pairs.documents)
DOCUMENTS = (*TEXTS, structure.documents, original_pages.documents)
VOLUMES = (structure.volumes, original_pages.volumes, words.volumes)
RUNS = (typography.runs,)


def codes_for(work: Literal["build", "check"]) -> frozenset[str]:
    """The rules of proofreading that a kind of work applies: this is the one place that decides.

    A check applies all of them. A build applies what is worth an interruption: warnings and errors; all rules but
    that of spelling, which is an info, are cheap.
    """
    checks = [check for family in (*PASSAGES, *DOCUMENTS, *VOLUMES, *RUNS) for check in family.all]
    declared = frozenset(check.rule.code for check in checks) | {NO_DICTIONARY.code}
    if work == "check":
        return declared
    return frozenset(code for code in declared if RULES[code].severity is not Severity.INFO)


class KeptFindings:
    """What one set of rules found in documents: to be had again while their text, words and language are the same."""

    def __init__(self) -> None:
        self.under: tuple[str, ...] = ()
        """The language, words and dictionaries of the edition."""
        self.before: dict[str, tuple[str, tuple[Finding, ...]]] = {}
        """By the path of a document's file, what stands for its text, and the findings."""
        self.found: dict[str, tuple[str, tuple[Finding, ...]]] = {}
        """What was asked for, likewise."""
        self.words: dict[str, dict[str, bool]] = {}
        """By language, which words its dictionary knows."""

    @property
    def changed(self) -> bool:
        return self.found != self.before

    def begin(self, *under: str) -> None:
        if under != self.under:
            self.under, self.before = under, {}
            self.words.clear()

    def of(
        self, document: Document, sources: Mapping[str, Source], check: Callable[[], Iterable[Finding]]
    ) -> tuple[Finding, ...]:
        """What is found in a document: the same as long as its file is."""
        source = sources.get(document.at.path) if document.at else None
        if source is None:
            return tuple(check())
        text = blake2b(source.text.encode(errors="surrogatepass"), digest_size=16).hexdigest()
        kept, found = self.before.get(source.path, ("", ()))
        if kept != text:
            found = tuple(check())
        self.found[source.path] = text, found
        return found

    def to_json(self) -> str:
        found = [(path, text, list(map(finding_to, its))) for path, (text, its) in self.found.items()]
        return json.dumps([self.under, found, self.words], separators=(",", ":"))

    @classmethod
    def from_json(cls, content: str | bytes) -> KeptFindings:
        """Raises ValueError for anything but what `to_json` gave."""
        kept = cls()
        try:
            under, found, words = json.loads(content)
            kept.under, kept.words = tuple(under), dict(words)
            kept.before = {path: (text, tuple(map(finding_from, its))) for path, text, its in found}
        except (TypeError, KeyError, IndexError, AttributeError) as error:
            raise ValueError("not what the rules found") from error
        return kept


def check_manuscript(
    edition: Edition,
    sources: Mapping[str, Source],
    own_words: Iterable[str],
    codes: frozenset[str],
    kept: KeptFindings | None = None,
) -> Iterator[Finding]:
    """What the rules with these codes find in an edition; `sources` are its files by the path that places name.

    Documents of which findings are kept are not read again; these must be of the same codes.
    """
    own_words, kept = tuple(own_words), kept or KeptFindings()
    documents = [passages_of(document, edition.language, sources) for document in edition.documents]
    languages = dict.fromkeys(passage.language for passages in documents for passage in passages.all)
    kept.begin(edition.language, *dictionaries(languages), *own_words)
    context = Context(Speller(own_words, kept.words))
    for head in heads_of(edition.contents):
        yield from check_text(passages_of(head, edition.language, sources), context, codes)
    for document, passages in zip(edition.documents, documents, strict=True):
        yield from kept.of(document, sources, partial(check_document, passages, context, codes))
    volume = Volume(edition, tuple(documents))
    for checks in VOLUMES:
        yield from checks.run(volume, context, codes)
    if NO_DICTIONARY.code in codes:
        for language in languages:
            if language != "und" and not context.speller.speaks(language):
                yield NO_DICTIONARY.at(edition.at, f"there is no dictionary for the language {language}")


def check_document(passages: Passages, context: Context, codes: frozenset[str]) -> Iterator[Finding]:
    """What the rules find in one document: it depends on nothing but the document and the context."""
    yield from check_text(passages, context, codes)
    for checks in (structure.documents, original_pages.documents):
        yield from checks.run(passages, context, codes)


def check_text(passages: Passages, context: Context, codes: frozenset[str]) -> Iterator[Finding]:
    """What the rules of transcription find: in a document, or in the head of a division, which is none."""
    for passage in passages.all:
        for checks in PASSAGES:
            yield from checks.run(passage, context, codes)
    for whole in TEXTS:
        yield from whole.run(passages, context, codes)


def check_run(run: Run) -> Iterator[Finding]:
    """What all rules of pages find in a run: it depends on nothing but its lines. Folios are numbers in the run."""
    for checks in RUNS:
        yield from checks.run(run, None)


class Printed(Protocol):
    """A printed line, and where it begins in a file."""

    @property
    def place(self) -> Place: ...
    @property
    def folio(self) -> str: ...
    @property
    def number(self) -> int: ...


def located(findings: Iterable[Finding], lines: Iterable[Printed]) -> tuple[Finding, ...]:
    """Findings with the page and line on which what they are about is printed, where that was not known.

    It is the last line that begins before their place. What stands above the text in its file is printed, if at all,
    where that begins.
    """
    of_file: dict[str, list[Printed]] = {}
    for line in lines:
        of_file.setdefault(line.place.path, []).append(line)
    for begun in of_file.values():
        begun.sort(key=lambda line: line.place)

    def locate(finding: Finding) -> Finding:
        begun = of_file.get(finding.place.path) if finding.place and finding.line is None else None
        if not begun:
            return finding
        after = bisect_right(begun, finding.place, key=lambda line: line.place)
        line = begun[max(after - 1, 0)]
        if finding.folio not in (None, line.folio):
            return finding
        return replace(finding, folio=line.folio, line=line.number)

    return tuple(map(locate, findings))
