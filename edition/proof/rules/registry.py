"""How a rule is written: a decorated function that says where its fault is, and whose docstring explains it.

    @passages.rule("W001", Severity.WARNING)
    def doubled_word(passage: Passage, context: Context) -> Iterator[Hit]:
        \"\"\"A word stands twice in a row.

        Why that matters, and what to do.
        \"\"\"

The docstring is what `edition explain W001` and docs/rules.md print. A rule is given one subject (a passage, a
document, the whole edition, a run of pages) and what the edition says in common; it is pure, so that what it found
can be kept as long as its subject stays the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from edition.findings import Finding, Rule, Severity, declare
from edition.source import Place

Subject = TypeVar("Subject")
Common = TypeVar("Common")


class Hit(NamedTuple):
    """A fault that a rule found. Its message is lower case and names the thing; the hint says what to try."""

    place: Place | None
    message: str
    hint: str | None = None
    folio: str | None = None
    line: int | None = None


Find: TypeAlias = Callable[[Subject, Common], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Check(Generic[Subject, Common]):
    """A rule with the function that applies it."""

    rule: Rule
    find: Find[Subject, Common]

    def run(self, subject: Subject, common: Common) -> Iterator[Finding]:
        for hit in self.find(subject, common):
            yield self.rule.at(hit.place, hit.message, hint=hit.hint, folio=hit.folio, line=hit.line)


class Checks(Generic[Subject, Common]):
    """All rules about one kind of subject, in the order in which they are written."""

    def __init__(self) -> None:
        self.all: list[Check[Subject, Common]] = []

    def rule(self, code: str, severity: Severity) -> Callable[[Find[Subject, Common]], Find[Subject, Common]]:
        """Declare a rule by its function. The docstring's first line names the fault."""

        def declared(find: Find[Subject, Common]) -> Find[Subject, Common]:
            assert find.__doc__, f"rule {code} has no docstring"
            self.all.append(Check(declare(code, severity, find.__doc__), find))
            return find

        return declared

    def run(self, subject: Subject, common: Common, codes: Collection[str] | None = None) -> Iterator[Finding]:
        """What the rules with these codes, by default all, find in a subject."""
        for check in self.all:
            if codes is None or check.rule.code in codes:
                yield from check.run(subject, common)
