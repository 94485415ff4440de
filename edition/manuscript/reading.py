"""What reading one file carries along: its source, its findings, scopes of notes. Knows no syntax."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from edition.findings import Finding, Rule, Severity, declare
from edition.manuscript.syntax import DEEPEST, IDENTIFIER, LANGUAGE
from edition.model import Note, NoteCall
from edition.source import Content, Place, Source

TOO_DEEP = declare(
    "M001",
    Severity.ERROR,
    """Nested too deep.

    Lists, quotes, containers, tables and spans may stand in one another 32 deep. What goes deeper is a
    slip of the keyboard or an attack; nothing below that place was read.""",
)
BAD_ID = declare(
    "S101",
    Severity.ERROR,
    """An id has characters that it must not have.

    Ids become anchors in the PDF and names of files: a letter first, then letters from A to Z, digits,
    full stops, hyphens and low lines.""",
)
BAD_LANGUAGE = declare(
    "M002",
    Severity.ERROR,
    """A language tag cannot be read.

    Languages are named by BCP 47: `en`, `fr`, `en-GB`, `zh-Hant`.""",
)


class TooDeepError(Exception):
    """Stops reading a text that nests deeper than anything an editor writes."""

    def __init__(self, offset: int) -> None:
        self.offset = offset


@dataclass(slots=True)
class Call:
    """A call as written: the mark may stand at it as well as at the definition."""

    call: NoteCall
    mark: str


@dataclass(slots=True)
class Scope:
    """What labels of notes belong to: a document or an enclosure in it."""

    outer: Scope | None = None
    calls: list[Call] = field(default_factory=list)
    notes: dict[str, Note] = field(default_factory=dict)


@dataclass(slots=True)
class Reading:
    """One file being read: its source, what was found in it, and how to look for an image."""

    source: Source
    findings: list[Finding] = field(default_factory=list)
    undefined: list[tuple[NoteCall, Scope]] = field(default_factory=list)
    """Calls without a note in their scope; whether another scope has it is known at the end."""
    find_image: Callable[[str], str | None] = lambda path: None
    """What is wrong with an image's path, if anything."""

    def place(self, offset: int) -> Place:
        return self.source.place(offset)

    def report(self, rule: Rule, offset: int, message: str, *, hint: str | None = None) -> None:
        self.findings.append(rule.at(self.place(offset), message, hint=hint))

    def check_id(self, identifier: str, offset: int) -> str:
        """The id, reported if it has characters that it must not have."""
        if identifier and not IDENTIFIER.fullmatch(identifier):
            hint = "a letter first, then letters, digits, `.`, `-` and `_`"
            self.report(BAD_ID, offset, f"the id `{_short(identifier)}` cannot be an id", hint=hint)
        return identifier

    def check_language(self, language: str, offset: int) -> str:
        """The language tag, reported if it is none."""
        if language and not LANGUAGE.fullmatch(language):
            message = f"`{_short(language)}` is no language tag"
            self.report(BAD_LANGUAGE, offset, message, hint="try `en`, `fr` or `en-GB`")
        return language


@dataclass(slots=True)
class WithinField(Reading):
    """A field of YAML being read as blocks: its offsets are those of the field's text, not of the file."""

    content: Content = field(default_factory=lambda: Content("", (0,), (0,)))

    @staticmethod
    def of(reading: Reading, content: Content) -> WithinField:
        """The reading of a field, which reports to that of its file."""
        return WithinField(reading.source, reading.findings, reading.undefined, reading.find_image, content)

    def place(self, offset: int) -> Place:
        return self.source.place(self.content.offset(offset))


@dataclass(frozen=True, slots=True)
class Within:
    """Where a block stands: its file, its scope, how deep, and whether its source lines are lines."""

    reading: Reading
    scope: Scope
    lined: bool = False
    depth: int = 0

    def deeper(self, offset: int, *, lined: bool | None = None, scope: Scope | None = None) -> Within:
        """One level further in. Raises TooDeepError."""
        if self.depth >= DEEPEST:
            raise TooDeepError(offset)
        return replace(
            self,
            depth=self.depth + 1,
            lined=self.lined if lined is None else lined,
            scope=scope or self.scope,
        )


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"
