"""What an import carries along: the file's name, its survey, and what was found. Knows no construct."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from edition.findings import Finding, Rule, Severity, declare
from edition.importers.tei.elements import name_of
from edition.model import Edition
from edition.source import Place

UNKNOWN = declare(
    "I105",
    Severity.WARNING,
    """An element is not known.

    docs/tei.md lists the elements that become something. The mark-up of any other is taken away and all that
    stands in it is kept, as text or as paragraphs. It is reported once for each kind of element, at the first.
    """,
)
LEFT_OUT = declare(
    "I106",
    Severity.INFO,
    """Furniture of the printed page was left out.

    Running heads, catchwords and signatures of sheets (`fw`) are no text of the edition: our pages have their
    own.
    """,
)


_MOST_LINES = 60
"""So many lines are named of what happens over and over."""


@dataclass(frozen=True)
class Imported:
    """What came in: a whole volume, the pictures that it shows, and the report."""

    edition: Edition
    findings: tuple[Finding, ...]
    images: tuple[str, ...] = ()
    """Paths of the pictures, in the folder of the TEI file as in that of the edition."""


@dataclass
class _Repeated:
    rule: Rule
    element: etree._Element
    message: str
    hint: str | None
    lines: list[int] = field(default_factory=list)


@dataclass
class Report:
    """Findings of one file. What happens over and over is told once, with a count and the lines."""

    path: str
    findings: list[Finding] = field(default_factory=list)
    _repeated: dict[tuple[str, str], _Repeated] = field(default_factory=dict)

    def place(self, element: etree._Element) -> Place:
        line = element.sourceline
        return Place(self.path, line if isinstance(line, int) else 1)

    def add(self, rule: Rule, element: etree._Element, message: str, *, hint: str | None = None) -> None:
        self.findings.append(rule.at(self.place(element), message, hint=hint))

    def count(self, rule: Rule, element: etree._Element, message: str, *, hint: str | None = None) -> None:
        """Tell this once, with the lines on which it was counted."""
        first = self._repeated.setdefault((rule.code, message), _Repeated(rule, element, message, hint))
        first.lines.append(self.place(element).line)

    def unknown(self, element: etree._Element) -> None:
        hint = "its text is kept; see docs/tei.md"
        self.count(UNKNOWN, element, f"the element `{name_of(element)}` is not known", hint=hint)

    def all(self) -> Sequence[Finding]:
        """Everything found, in the order of the file."""
        counted = []
        for told in self._repeated.values():
            counted.append(
                told.rule.at(self.place(told.element), told.message + _times(told.lines), hint=told.hint)
            )
        return sorted([*self.findings, *counted], key=lambda finding: finding.place or Place(self.path))


def _times(lines: list[int]) -> str:
    """How often something was counted, and the lines: ` (3 times, on lines 4, 8, 9)`."""
    if len(lines) == 1:
        return ""
    shown = [*map(str, dict.fromkeys(lines))]
    more = f" and {len(shown) - _MOST_LINES} more" if len(shown) > _MOST_LINES else ""
    named = ", ".join(shown[:_MOST_LINES])
    return f" ({len(lines)} times, on line{'s' * (len(shown) > 1)} {named}{more})"
