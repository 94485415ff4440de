"""Running text: from the content of a paragraph, cell or field to inlines, each with its exact place.

One pass from left to right. Brackets that turn out to be nobody's markup stay text. Knows no blocks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

from edition.findings import Severity, declare
from edition.manuscript.attributes import Attributes, nearest, read_attributes
from edition.manuscript.emphasis import Stars, check_depth, settle
from edition.manuscript.reading import Call, Within
from edition.manuscript.syntax import (
    ATTRIBUTES,
    ESCAPE,
    IMAGE,
    NOTE_CALL,
    ONLY_PAGE_BREAKS,
    PAGE_BREAK,
    PAGE_NUMBER,
    TARGET,
    unescape,
)
from edition.model import (
    SPAN_ATTRIBUTES,
    SPAN_KINDS,
    Emphasis,
    Image,
    Inline,
    LineBreak,
    NoteCall,
    OriginalPage,
    PageBreak,
    Reference,
    Span,
    SpanKind,
    Strong,
    Text,
)
from edition.source import Content

BAD_SPAN = declare(
    "M005",
    Severity.ERROR,
    """A span says nothing, or too much.

    `[text]{.sc}` has one kind, or only a language: `[Guten Tag]{lang=de}`.""",
)
BAD_TARGET = declare(
    "R101",
    Severity.ERROR,
    r"""A reference leads to an address that is not allowed.

    References lead to `#anchor` in this edition, to `volume#anchor` in another, or to the web by http or
    https. If the parenthesis is text, write `\(`.""",
)
NESTED_REFERENCE = declare(
    "M006",
    Severity.ERROR,
    """A reference stands in a reference.

    One place in a page can lead to one target only.""",
)
BAD_IMAGE = declare(
    "F110",
    Severity.ERROR,
    """An image cannot be used.

    Images lie in the edition's folder and are named by their path in it, with `/` between folders. Nothing
    outside that folder and nothing on the web is read.""",
)

_SPECIAL = re.compile(r"[\\*\[\]!\n]")
_STARS = re.compile(r"\*+")
_TARGET_KINDS = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._-]*)?#\S+|https?://[^/\s]\S*", re.IGNORECASE)
_SHORT_NAMES = {"i": Emphasis, "b": Strong}
"""Italic and bold where stars would not be read as such: `[ a ]{.i}`."""


def read_inlines(content: Content, within: Within) -> tuple[Inline, ...]:
    """The inlines of a content. Findings go to the reading, calls to the scope. Raises TooDeepError."""
    return _Inlines(content, within).read()


@dataclass(slots=True)
class _Bracket:
    """A `[` that may begin a span or a reference: where its text stands among the entries."""

    index: int
    position: int


class _Inlines:
    def __init__(self, content: Content, within: Within) -> None:
        self.content, self.text = content, content.text
        self.within, self.reading = within, within.reading
        self.entries: list[Inline | Stars] = []
        self.brackets: list[_Bracket] = []

    def read(self) -> tuple[Inline, ...]:
        text, position = self.text, 0
        while special := _SPECIAL.search(text, position):
            start = special.start()
            if start > position:
                self._write(text[position:start], position)
            position = _READERS[special.group()](self, start)
        if position < len(text):
            self._write(text[position:], position)
        return settle(self.entries)

    def _write(self, text: str, position: int) -> None:
        self.entries.append(Text(text, self.reading.place(self.content.offset(position))))

    def _backslash(self, position: int) -> int:
        following = self.text[position + 1 : position + 2]
        if following in ("\n", ""):
            self._break_line()
            return position + 2
        if escaped := ESCAPE.match(self.text, position):
            self._write(escaped[1], position)
            return position + 2
        self._write("\\", position)
        return position + 1

    def _break_line(self) -> None:
        if self.entries and isinstance(last := self.entries[-1], Text):
            self.entries[-1] = Text(last.text.rstrip(" "), last.at)
        self.entries.append(LineBreak())

    def _line_end(self, position: int) -> int:
        """A space; in verse and addresses a line break, unless only page breaks stand on the line."""
        line = self.text[self.text.rfind("\n", 0, position) + 1 : position]
        if not self.within.lined:
            self._write(" ", position)
        elif not ONLY_PAGE_BREAKS.match(line):
            self._break_line()
        return position + 1

    def _stars(self, position: int) -> int:
        end = cast("re.Match[str]", _STARS.match(self.text, position)).end()
        count = end - position
        before, after = self.text[position - 1 : position] or " ", self.text[end : end + 1] or " "
        opens, closes = not after.isspace(), not before.isspace()
        if count > 3 or not (opens or closes):
            self._write("*" * count, position)
        else:
            offset = self.content.offset(position)
            self.entries.append(Stars(count, opens, closes, offset, self.reading.place(offset)))
        return end

    def _image(self, position: int) -> int:
        image = IMAGE.match(self.text, position)
        target = image and TARGET.match(self.text, image.end())
        if not image or not target:
            self._write("!", position)
            return position + 1
        path, offset = _target(target), self.content.offset(position)
        if trouble := self.reading.find_image(path):
            self.reading.report(BAD_IMAGE, self.content.offset(target.start() + 1), trouble)
        alternative = re.sub(r"[\t\n]", " ", unescape(image["alternative"]))
        self.entries.append(Image(path, alternative, self.reading.place(offset)))
        return target.end()

    def _open(self, position: int) -> int:
        if call := NOTE_CALL.match(self.text, position):
            return self._call(call)
        if (page := PAGE_BREAK.match(self.text, position)) and _is_page_break(page):
            self.entries.append(self._page_break(page))
            return page.end()
        self.brackets.append(_Bracket(len(self.entries), position))
        self._write("[", position)
        return position + 1

    def _call(self, found: re.Match[str]) -> int:
        offset, mark = self.content.offset(found.start()), ""
        call = NoteCall(found["label"], self.reading.place(offset))
        if found["attributes"]:
            mark = read_mark(found["attributes"], self.content.offset(found.start("attributes")), self.within)
        self.within.scope.calls.append(Call(call, mark))
        self.entries.append(call)
        return found.end()

    def _page_break(self, found: re.Match[str]) -> PageBreak:
        at = self.reading.place(self.content.offset(found.start()))
        page = page_of(found)
        if not found["attributes"]:
            return PageBreak(page, at=at)
        offset = self.content.offset(found.start("attributes"))
        attributes = read_attributes(found["attributes"], offset, self.reading)
        attributes.one_of(self.reading, (), ("facs",), id=True)
        identifier = self.reading.check_id(attributes.id, attributes.places.get("id", offset))
        return PageBreak(page, identifier, attributes.values.get("facs", ""), at)

    def _shut(self, position: int) -> int:
        following = self.text[position + 1 : position + 2]
        if self.brackets:
            bracket = self.brackets.pop()
            if following == "{" and (found := ATTRIBUTES.match(self.text, position + 1)):
                self._span(bracket, found)
                return found.end()
            if following == "(" and (found := TARGET.match(self.text, position + 1)):
                self._reference(bracket, found)
                return found.end()
        self._write("]", position)
        return position + 1

    def _inside(self, bracket: _Bracket) -> tuple[Inline, ...]:
        inner = settle(self.entries[bracket.index + 1 :])
        check_depth(inner, self.content.offset(bracket.position))
        del self.entries[bracket.index :]
        return inner

    def _span(self, bracket: _Bracket, found: re.Match[str]) -> None:
        offset = self.content.offset(bracket.position)
        attributes = read_attributes(found[0], self.content.offset(found.start()), self.reading)
        inner = self._inside(bracket)
        self.entries.append(self._make_span(attributes, inner, offset))

    def _make_span(self, attributes: Attributes, inner: tuple[Inline, ...], offset: int) -> Inline:
        reading, kinds = self.reading, attributes.classes
        attributes.one_of(reading, (*SPAN_KINDS, *_SHORT_NAMES), SPAN_ATTRIBUTES)
        if len(kinds) > 1:
            hint = "put one span inside the other: `[[text]{.sc}]{.u}`"
            reading.report(BAD_SPAN, attributes.at, f"a span with {len(kinds)} kinds", hint=hint)
        elif attributes.readable and not (kinds or "lang" in attributes.values):
            kinds_known = nearest("", [f".{name}" for name in SPAN_KINDS])
            reading.report(BAD_SPAN, attributes.at, "a span without a kind", hint=kinds_known)
        kind = kinds[0] if kinds else "foreign"
        if kind in _SHORT_NAMES and not attributes.values:
            return cast("Inline", _SHORT_NAMES[kind](inner))
        if kind in _SHORT_NAMES:
            reading.report(BAD_SPAN, attributes.at, f"`.{kind}` has no attributes", hint="put it into a span")
        if "lang" in attributes.values:
            reading.check_language(attributes.values["lang"], attributes.places["lang"])
        values = tuple(sorted(attributes.values.items()))
        return Span(cast("SpanKind", kind), inner, values, reading.place(offset))

    def _reference(self, bracket: _Bracket, found: re.Match[str]) -> None:
        target, offset = _target(found), self.content.offset(bracket.position)
        if not _TARGET_KINDS.fullmatch(target):
            message = f"a reference cannot lead to `{target[:60]}`"
            hint = "try `#anchor`, `volume#anchor` or an address with https, or `\\(` if it is text"
            self.reading.report(BAD_TARGET, self.content.offset(found.start() + 1), message, hint=hint)
        inner = self._inside(bracket)
        if _holds_reference(inner):
            self.reading.report(NESTED_REFERENCE, offset, "a reference around a reference")
        self.entries.append(Reference(target, inner, self.reading.place(offset)))


_READERS = {
    "\\": _Inlines._backslash,
    "*": _Inlines._stars,
    "[": _Inlines._open,
    "]": _Inlines._shut,
    "!": _Inlines._image,
    "\n": _Inlines._line_end,
}


def _target(found: re.Match[str]) -> str:
    return unescape(found["bare"] if found["fenced"] is None else found["fenced"])


def _holds_reference(inlines: tuple[Inline, ...]) -> bool:
    return any(
        isinstance(inline, Reference)
        or (isinstance(inline, Emphasis | Strong | Span) and _holds_reference(inline.inlines))
        for inline in inlines
    )


def _is_page_break(found: re.Match[str]) -> bool:
    number = found["printed"] if found["unprinted"] is None else found["unprinted"]
    return bool(found["attributes"]) or bool(PAGE_NUMBER.fullmatch(number))


def page_of(found: re.Match[str]) -> OriginalPage:
    """The original page that a page break names."""
    if found["unprinted"] is None:
        return OriginalPage(found["printed"])
    return OriginalPage(found["unprinted"], printed=False)


def read_mark(text: str, offset: int, within: Within) -> str:
    """The mark in the attributes of a call or a definition."""
    attributes = read_attributes(text, offset, within.reading)
    attributes.one_of(within.reading, (), ("mark",))
    return attributes.values.get("mark", "")


def only_page_breaks(inlines: tuple[Inline, ...]) -> bool:
    """Whether there are page breaks and nothing else but spaces."""
    return any(isinstance(inline, PageBreak) for inline in inlines) and all(
        isinstance(inline, PageBreak) or (isinstance(inline, Text) and not inline.text.strip(" "))
        for inline in inlines
    )
