"""What an editor should look at: findings, the rules that find it, and the error that carries them.

Three kinds, never mixed. A Finding is the editor's problem and is collected; an EditionError carries the
findings that stop a build; any other exception is our own bug.

Every rule is declared once, beside the check that applies it, with the text that `edition explain` prints.
The first letter of a code says where to look:

    F files and folders      Y YAML and front matter      M markup of a document
    S structure and ids      N notes                      P original pages
    R references             W words as transcribed     I import
    X index and lists        L style (the look)         T the typeset page
    A allowances             C the finished PDF, compared with the manuscript
    D PDFs and revisions that proofs are made with
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from inspect import cleandoc
from pathlib import Path

from edition.source import Place


class Severity(StrEnum):
    """How much a finding matters. An error makes the exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: what is wrong, where, and what to try."""

    code: str
    severity: Severity
    message: str
    place: Place | None = None
    hint: str | None = None
    folio: str | None = None
    """The folio of our own page it shows on, where known."""
    line: int | None = None
    """The number of the line on that page, from 1 at the top; notes are counted on."""
    about: str = ""
    """The id, in the HTML, of what it is about: for stages that know ids and no places."""

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        line = f", line {self.line}" if self.line else ""
        page = f" (p. {self.folio}{line})" if self.folio else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{where}{self.code} {self.message}{page}{hint}"


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding as a page of HTML shows it: plain values, nothing is None."""

    code: str
    severity: str
    message: str
    hint: str = ""
    path: str = ""
    """From the edition's folder where it is in there and the page is about one; else as places have it."""
    line: int = 0
    column: int = 0
    """Of the source, from 1; 0 where no place is known."""
    folio: str = ""
    printed: int = 0
    """The number of the line on that page, from 1; 0 where it is not known."""

    @property
    def place(self) -> str:
        """`documents/d212.md:14:7`, or nothing."""
        return f"{self.path}:{self.line}:{self.column}" if self.path else ""

    @property
    def page(self) -> str:
        """`p. 143, line 12`, or nothing."""
        return f"p. {self.folio}" + (f", line {self.printed}" if self.printed else "") if self.folio else ""


def shown(finding: Finding, folder: Path | None = None) -> ShownFinding:
    """A finding as values for a page. Paths in `folder` are shown from there."""
    place = finding.place
    return ShownFinding(
        code=finding.code,
        severity=str(finding.severity),
        message=finding.message,
        hint=finding.hint or "",
        path=(inside(place.path, folder) if folder else place.path) if place else "",
        line=place.line if place else 0,
        column=place.column if place else 0,
        folio=finding.folio or "",
        printed=finding.line or 0,
    )


def inside(path: str, folder: Path) -> str:
    """A path as it is from a folder, or as it was if it is not in there."""
    for root in (folder, folder.resolve()):
        with suppress(ValueError):
            return Path(path).relative_to(root).as_posix()
    return path


class EditionError(Exception):
    """The findings that stop a build, an import or a check; at least one of them is an error."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))

    def __reduce__(self) -> tuple[type[EditionError], tuple[tuple[Finding, ...]]]:
        return EditionError, (self.findings,)  # by what it is made of, from one process to another


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of finding: its code, how much it matters and the text that explains it."""

    code: str
    severity: Severity
    explanation: str

    def at(
        self,
        place: Place | None,
        message: str,
        *,
        hint: str | None = None,
        folio: str | None = None,
        line: int | None = None,
        about: str = "",
    ) -> Finding:
        """A finding of this rule. Messages are lower case and name the thing; a hint says what to try."""
        return Finding(self.code, self.severity, message, place, hint, folio, line, about)


RULES: dict[str, Rule] = {}
"""Every declared rule by its code. Complete only once all stages are imported."""


def declare(code: str, severity: Severity, explanation: str) -> Rule:
    """Declare a rule. Its explanation's first line names the fault; the rest says why and what to do."""
    assert code not in RULES, f"rule {code} is declared twice"
    RULES[code] = rule = Rule(code, severity, cleandoc(explanation))
    return rule


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any of the findings is an error."""
    return any(finding.severity is Severity.ERROR for finding in findings)
