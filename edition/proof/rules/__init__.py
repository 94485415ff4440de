"""The rules of proofreading: what an editor should look at in the manuscript and on its pages.

`check_manuscript` needs no page, `check_run` the lines of a run of consecutive pages. Both are pure. Where both
have run, `located` says of each finding on which page and line it is printed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Literal, Protocol, TypeAlias

from edition.findings import RULES, Finding, Severity, declare
from edition.model import Edition, heads_of
from edition.proof.rules import (
    names,
    original_pages,
    pairs,
    references,
    structure,
    transcription,
    typography,
    words,
)
from edition.proof.rules.context import Context, Volume
from edition.proof.rules.kept import KeptFindings
from edition.proof.rules.passages import Passages, passages_of
from edition.proof.rules.spelling import Speller, dictionaries
from edition.proof.runs import Run as RunOfLines
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

AT_A_TIME = 24
"""Documents that are checked at a time."""
Checked: TypeAlias = tuple[list[tuple[Finding, ...]], dict[str, dict[str, bool]]]
"""What was found in each of some documents, and the words that are known now."""
Run: TypeAlias = Callable[[Callable[[int], Checked], Sequence[int]], Iterable[Checked]]
"""Calls a function with some numbers, here or in processes forked for it; gives what it returns, in order."""

PASSAGES = (transcription.passages, references.passages, original_pages.passages)
TEXTS = (transcription.documents, pairs.documents)
DOCUMENTS = (*TEXTS, structure.documents, original_pages.documents)
VOLUMES = (structure.volumes, original_pages.volumes, words.volumes, names.volumes)
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


def check_manuscript(
    edition: Edition,
    sources: Mapping[str, Source],
    own_words: Iterable[str],
    codes: frozenset[str],
    kept: KeptFindings | None = None,
    run: Run = map,
) -> Iterator[Finding]:
    """What the rules with these codes find in an edition; `sources` are its files by the path that places name.

    Documents of which findings are kept are not read again; these must be of the same codes. The others are read by
    `run`, some at a time.
    """
    own_words, kept = tuple(own_words), kept or KeptFindings()
    documents = [passages_of(document, edition.language, sources) for document in edition.documents]
    languages = dict.fromkeys(passage.language for passages in documents for passage in passages.all)
    kept.begin(edition.language, *dictionaries(languages), *own_words)
    context = Context(Speller(own_words, kept.words))
    for head in heads_of(edition.contents):
        yield from check_text(passages_of(head, edition.language, sources), context, codes)
    files = [sources.get(document.at.path) if document.at else None for document in edition.documents]
    checking = partial(_checked, documents, context, codes, run)
    yield from chain.from_iterable(kept.of(files, checking))
    volume = Volume(edition, tuple(documents))
    for checks in VOLUMES:
        yield from checks.run(volume, context, codes)
    if NO_DICTIONARY.code in codes:
        for language in languages:
            if language != "und" and not context.speller.speaks(language):
                yield NO_DICTIONARY.at(edition.at, f"there is no dictionary for the language {language}")


def _checked(
    documents: Sequence[Passages], context: Context, codes: frozenset[str], run: Run, numbers: list[int]
) -> list[tuple[Finding, ...]]:
    """What is found in the documents with these numbers; the context then knows the words that were looked up."""

    def check(start: int) -> Checked:
        speller = context.speller.again()
        found = [
            tuple(check_document(documents[number], Context(speller), codes))
            for number in numbers[start : start + AT_A_TIME]
        ]
        return found, speller.known

    found: list[tuple[Finding, ...]] = []
    for its, known in run(check, range(0, len(numbers), AT_A_TIME)):
        found += its
        context.speller.learn(known)
    return found


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


def check_run(run: RunOfLines) -> Iterator[Finding]:
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
    where that begins; in `edition.yaml` each line speaks of something else.
    """
    of_file: dict[str, list[Printed]] = {}
    for line in lines:
        of_file.setdefault(line.place.path, []).append(line)
    for begun in of_file.values():
        begun.sort(key=lambda line: line.place)

    def locate(finding: Finding) -> Finding:
        place = finding.place
        begun = of_file.get(place.path) if place and finding.line is None else None
        if not begun or not place:
            return finding
        after = bisect_right(begun, place, key=lambda line: line.place)
        near = begun[max(after - 1, 0) : after + 1]
        if place.path.endswith(".yaml"):
            near = [line for line in near if line.place.line == place.line]
        if not near or finding.folio not in (None, near[0].folio):
            return finding
        return replace(finding, folio=near[0].folio, line=near[0].number)

    return tuple(map(locate, findings))
