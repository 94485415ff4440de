"""Running text written: from inlines to what an editor would have typed.

What is text is escaped only where it would be read as something else. What was written is read again; where
it would say something else, a plainer and more careful way of writing is taken. Knows no blocks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from edition.manuscript.attributes import write_attributes
from edition.manuscript.emphasis import join
from edition.manuscript.inlines import read_inlines
from edition.manuscript.reading import Reading, Scope, Within
from edition.manuscript.syntax import (
    ATTRIBUTES,
    BLOCK_START,
    DELIMITER_ROW,
    LABELLED,
    NOTE_DEFINITION,
    ONLY_PAGE_BREAKS,
    PAGE_BREAK,
    PAGE_NUMBER,
    TARGET,
)
from edition.model import (
    Emphasis,
    Image,
    Inline,
    LineBreak,
    NoteCall,
    PageBreak,
    Reference,
    Span,
    Strong,
    Text,
)
from edition.source import Content, Source


@dataclass(frozen=True, slots=True)
class Manner:
    """A way to write: whether stars of the text are escaped, italics are spans, and every sign is escaped."""

    stars_escaped: bool = False
    emphasis_as_spans: bool = False
    all_escaped: bool = False


_MANNERS = (Manner(), Manner(True), Manner(True, True), Manner(True, True, True))
_SIGNS = re.compile(r"[\\*\[\]!{|]")
_EVERY_SIGN = re.compile(r"[!-/:-@\[-`{-~]")
_UNCERTAIN = re.compile(r"[\\*\[\]!\n]")
"""Text without any of these is read as it stands."""


def write_inlines(inlines: tuple[Inline, ...], *, lined: bool = False, in_cell: bool = False) -> str:
    """The text of some inlines; a line end in it is a line break.

    `lined`: whether source lines are lines, as in a verse. `in_cell`: in a pipe table, where `|` parts cells.
    """
    inlines = normal(inlines)
    if len(inlines) == 1 and isinstance(only := inlines[0], Text) and not _UNCERTAIN.search(only.text):
        return only.text.replace("|", "\\|") if in_cell else only.text
    written = ""
    for manner in _MANNERS:
        written = _Writer(manner, lined, in_cell).write(inlines)
        if _reread(written, lined) == inlines:
            break
    return written


def normal(inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """The inlines in the model's normal form."""
    inlines = _normal_within(inlines)
    if inlines and isinstance(first := inlines[0], Text):
        inlines = (Text(first.text.lstrip(" ")), *inlines[1:])
    if inlines and isinstance(last := inlines[-1], Text):
        inlines = (*inlines[:-1], Text(last.text.rstrip(" ")))
    return join(inlines)


def _normal_within(inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
    texts = (Text(re.sub(r"[\t\n\r]+", " ", i.text)) if isinstance(i, Text) else i for i in inlines)
    return join([_with_normal_children(inline) for inline in texts])


def _with_normal_children(inline: Inline) -> Inline:
    match inline:
        case Emphasis() | Strong():
            return type(inline)(_normal_within(inline.inlines))
        case Span():
            return Span(inline.kind, _normal_within(inline.inlines), inline.attributes)
        case Reference():
            return Reference(inline.target, _normal_within(inline.inlines))
    return inline


def _reread(text: str, lined: bool) -> tuple[Inline, ...]:
    reading = Reading(Source("", text))
    return read_inlines(Content(text, (0,), (0,)), Within(reading, Scope(), lined))


class _Writer:
    """Writes inlines in one manner."""

    def __init__(self, manner: Manner, lined: bool, in_cell: bool) -> None:
        self.manner, self.lined, self.in_cell = manner, lined, in_cell
        self.written = ""
        self.brackets = 0
        """In how many brackets the text stands that is being written."""

    def write(self, inlines: tuple[Inline, ...]) -> str:
        self._all(inlines)
        if self.written.endswith("\n"):
            self.written = self.written[:-1]
            if not self.written.endswith("\\"):
                self.written += "\\"
        return self.written

    def _all(self, inlines: tuple[Inline, ...]) -> None:
        for index, inline in enumerate(inlines):
            following = inlines[index + 1] if index + 1 < len(inlines) else None
            self._one(inline, following)

    def _one(self, inline: Inline, following: Inline | None) -> None:
        match inline:
            case Text():
                self.written += self._escape(inline.text, following)
            case Emphasis():
                self._emphasis("*", ".i", inline.inlines)
            case Strong():
                self._emphasis("**", ".b", inline.inlines)
            case Span():
                self._bracketed(inline.inlines, _span_attributes(inline))
            case Reference():
                self._bracketed(inline.inlines, _target(inline.target))
            case LineBreak():
                self._line_break()
            case NoteCall():
                self.written += f"[^{inline.label}]"
            case PageBreak():
                self.written += write_page_break(inline)
            case Image():
                alternative = re.sub(r"[\\\[\]]", r"\\\g<0>", inline.alternative)
                self.written += f"![{alternative}]{_target(inline.path)}"

    def _line_break(self) -> None:
        line = self.written[self.written.rfind("\n") + 1 :]
        shows_itself = self.lined and line and not ONLY_PAGE_BREAKS.match(line)
        self.written += "\n" if shows_itself else "\\\n"

    def _emphasis(self, stars: str, name: str, inlines: tuple[Inline, ...]) -> None:
        before = self.written
        if not self.manner.emphasis_as_spans and not before.endswith("*"):
            self.written += stars
            self._all(inlines)
            inner = self.written[len(before) + len(stars) :]
            if inner and not re.match(r"[\s*]", inner) and not re.search(r"[\s*]$", inner):
                self.written += stars
                return
            self.written = before
        self._bracketed(inlines, f"{{{name}}}")

    def _bracketed(self, inlines: tuple[Inline, ...], tail: str) -> None:
        self.written += "["
        self.brackets += 1
        self._all(inlines)
        self.brackets -= 1
        self.written += "]" + tail

    def _escape(self, text: str, following: Inline | None) -> str:
        if self.manner.all_escaped:
            return _EVERY_SIGN.sub(r"\\\g<0>", text)
        if not _SIGNS.search(text):
            return text
        unmatched = _unmatched_brackets(text) if self.brackets else frozenset()

        def sign(found: re.Match[str]) -> str:
            position = found.start()
            if position in unmatched or self._is_read(text, position, following):
                return "\\" + found[0]
            return found[0]

        return _SIGNS.sub(sign, text)

    def _is_read(self, text: str, position: int, following: Inline | None) -> bool:
        """Whether the sign at a position of a text would be read as one."""
        character, rest = text[position], text[position + 1 :]
        match character:
            case "\\":
                return not rest or bool(_EVERY_SIGN.match(rest))
            case "*":
                return self.manner.stars_escaped
            case "[":
                return rest.startswith("^") or _is_page_break(text, position)
            case "]":
                return _is_tail(rest)
            case "!":
                return not rest and isinstance(following, Reference)
            case "{":
                return not position and self.written.endswith("]")
        return self.in_cell


def _is_page_break(text: str, position: int) -> bool:
    if not text.startswith("[Page ", position):
        return False
    if found := PAGE_BREAK.match(text, position):
        return bool(PAGE_NUMBER.fullmatch(found["printed"] or found["unprinted"] or ""))
    return "]" not in text[position:]


def _is_tail(rest: str) -> bool:
    """Whether what follows a `]` would make it the end of a span or of a reference."""
    if rest.startswith("{"):
        return bool(ATTRIBUTES.match(rest)) or "}" not in rest
    return rest.startswith("(") and (bool(TARGET.match(rest)) or ")" not in rest)


def _unmatched_brackets(text: str) -> frozenset[int]:
    openers: list[int] = []
    unmatched: list[int] = []
    for found in re.finditer(r"[\[\]]", text):
        if found[0] == "[":
            openers.append(found.start())
        elif openers:
            openers.pop()
        else:
            unmatched.append(found.start())
    return frozenset(openers + unmatched)


def _span_attributes(span: Span) -> str:
    names_itself = span.kind == "foreign" and span.get("lang")
    return write_attributes(classes=[] if names_itself else [span.kind], values=span.attributes)


def _target(target: str) -> str:
    bare = f"({target})"
    if "\\" not in target and (found := TARGET.fullmatch(bare)) and found["fenced"] is None:
        return bare
    return "(<" + re.sub(r"[\\<>]", r"\\\g<0>", target) + ">)"


def write_page_break(page_break: PageBreak) -> str:
    """`[Page 404]`, with attributes where it has any or could be taken for a remark."""
    values = [("facs", page_break.facs)] if page_break.facs else []
    attributes = write_attributes(page_break.id, values=values)
    if attributes == "{}" and PAGE_NUMBER.fullmatch(page_break.page.number):
        attributes = ""
    return f"[Page {page_break.page}]{attributes}"


def protect_lines(text: str, *, first: bool = True) -> list[str]:
    """The lines of a text, with a backslash before what would begin another block.

    `first` says whether the first of them stands where a block could begin.
    """
    lines = text.split("\n")
    protected = []
    for number, line in enumerate(lines):
        if number or first:
            following = lines[number + 1] if number + 1 < len(lines) else ""
            line = _protect(line, number > 0, following)
        protected.append(line)
    return protected


def _protect(line: str, continues: bool, following: str) -> str:
    if definition := NOTE_DEFINITION.match(line):
        colon = definition.end() - 1
        return f"{line[:colon]}\\{line[colon:]}"
    begins = BLOCK_START.match(line) or (continues and LABELLED.match(line))
    if begins or (line.startswith("|") and DELIMITER_ROW.match(following)):
        return "\\" + line
    return line
