"""The body of a document: from its lines to blocks, and the notes of its scopes. Knows no front matter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

from edition.findings import Severity, declare
from edition.manuscript.attributes import Attributes, nearest, read_attributes
from edition.manuscript.inlines import only_page_breaks, read_inlines, read_mark
from edition.manuscript.lines import Line, Lines, content_of, cut, take_bullet
from edition.manuscript.notes import define_note, settle_marks
from edition.manuscript.reading import Scope, Within
from edition.manuscript.syntax import (
    ATTRIBUTE_LINE,
    BULLET,
    FENCE,
    HEADING,
    HEADING_ID,
    LABELLED,
    NOTE_DEFINITION,
    NUMBERED,
)
from edition.manuscript.tables import read_full_table, read_pipe_table
from edition.model import (
    CONTAINER_KINDS,
    Alignment,
    Block,
    Container,
    ContainerKind,
    Enclosure,
    Heading,
    Inline,
    Item,
    ItemList,
    Note,
    PageBreak,
    Paragraph,
    Quote,
)

FENCE_KINDS = (*CONTAINER_KINDS, "enclosure", "quote", "table")
ALIGNMENTS = ("center", "left", "right")

UNCLOSED = declare(
    "M010",
    Severity.ERROR,
    """A container is not closed.

    What `::: signed` opens, a line of `:::` alone closes.""",
)
STRAY = declare(
    "M011",
    Severity.ERROR,
    r"""A line of `:::` closes nothing.

    Either the line that opens the container is missing, or it was closed before. Write `\:::` for text.""",
)
UNKNOWN_CONTAINER = declare(
    "M012",
    Severity.ERROR,
    """A container has no known kind.

    Containers have the names that TEI gives to the parts of a letter: dateline, salute, signed.""",
)
STRAY_ATTRIBUTES = declare(
    "M013",
    Severity.ERROR,
    r"""A line of attributes belongs to nothing.

    `{.center}`, `{.left}` or `{.right}` stands on the line right above its paragraph, `{.list}` above a list
    that is not to run on from the one before. Write `\{` for text.""",
)
NUMBERED_LINE = declare(
    "M014",
    Severity.INFO,
    """A line inside a paragraph looks like a numbered item.

    Nothing is renumbered here, and no number begins a list: the line goes on with the paragraph. Put blank
    lines between paragraphs; for labels write the label and `: text` under it.""",
)


@dataclass(frozen=True, slots=True)
class Fence:
    """An open container: how many colons, what it is called and where it began."""

    colons: int
    kind: str
    offset: int


def read_blocks(lines: Lines, within: Within, fences: tuple[Fence, ...] = ()) -> tuple[Block, ...]:
    """The blocks of the lines, up to the fence that closes the innermost of `fences`. Raises TooDeepError."""
    blocks: list[Block] = []
    reader = _Blocks(lines, within, fences, blocks)
    while not reader.done:
        lines.skip_blank()
        if not lines:
            break
        reader.read_one()
    if fences and not reader.done:
        reader.report_unclosed()
    return tuple(blocks)


class _Blocks:
    """Reads the blocks of one context, one after the other."""

    def __init__(self, lines: Lines, within: Within, fences: tuple[Fence, ...], blocks: list[Block]) -> None:
        self.lines, self.text = lines, lines.text
        self.within, self.reading = within, within.reading
        self.fences, self.blocks = fences, blocks
        self.done = False

    def read_one(self) -> None:
        lines = self.lines
        first = self.text[lines.line.start]
        read = _READERS.get(first)
        if not (read and read(self)):
            self._paragraph()

    # Containers

    def _fence(self) -> bool:
        line = self.lines.line
        if not self.text.startswith(":::", line.start):
            return False
        found = self.lines.matches(FENCE)
        if found is None:
            hint = "write `::: kind {attributes}`, or `\\:::` for text"
            self.reading.report(UNKNOWN_CONTAINER, line.start, "cannot read this `:::` line", hint=hint)
            self.lines.next += 1
        elif found["kind"]:
            self.lines.next += 1
            self._container(found)
        else:
            self._close(len(found["colons"]), found.start())
        return True

    def _close(self, colons: int, offset: int) -> None:
        if not self.fences:
            self.lines.next += 1
            self.reading.report(STRAY, offset, "this `:::` closes nothing", hint="write `\\:::` for text")
            return
        self.done = True
        if colons != self.fences[-1].colons and any(fence.colons == colons for fence in self.fences):
            self.report_unclosed()
        else:
            self.lines.next += 1

    def report_unclosed(self) -> None:
        fence = self.fences[-1]
        hint = f"close it with a line of `{':' * fence.colons}`"
        self.reading.report(UNCLOSED, fence.offset, f"`{fence.kind}` is not closed", hint=hint)

    def _container(self, found: re.Match[str]) -> None:
        kind, offset = found["kind"], found.start()
        attributes = Attributes(at=offset)
        if found["attributes"]:
            attributes = read_attributes(found["attributes"], found.start("attributes"), self.reading)
        fences = (*self.fences, Fence(len(found["colons"]), kind, offset))
        if kind == "table":
            inner = Lines(self.text, self._table_lines(fences))
            within = self.within.deeper(offset)
            self.blocks.append(read_full_table(inner, within, attributes, offset, self._blocks_of))
            return
        if kind not in FENCE_KINDS:
            message = f"`{kind[:60]}` is no kind of container"
            self.reading.report(UNKNOWN_CONTAINER, found.start("kind"), message, hint=nearest(kind, FENCE_KINDS))
        known = kind in FENCE_KINDS
        attributes.one_of(self.reading, (), ("lang",), id=kind == "enclosure") if known else None
        self.blocks.append(self._contained(kind, attributes, fences))

    def _contained(self, kind: str, attributes: Attributes, fences: tuple[Fence, ...]) -> Block:
        offset, reading, at = fences[-1].offset, self.reading, self.reading.place(fences[-1].offset)
        language = reading.check_language(attributes.values.get("lang", ""), attributes.places.get("lang", offset))
        if kind == "enclosure":
            scope = Scope(outer=self.within.scope)
            within = self.within.deeper(offset, lined=False, scope=scope)
            blocks = read_blocks(self.lines, within, fences)
            settle_marks(scope, within)
            identifier = reading.check_id(attributes.id, attributes.places.get("id", offset))
            return Enclosure(blocks, tuple(scope.notes.values()), identifier, language, at)
        if kind == "quote":
            return Quote(read_blocks(self.lines, self.within.deeper(offset), fences), language, at)
        within = self.within.deeper(offset, lined=kind in ("verse", "address"))
        return Container(cast("ContainerKind", kind), read_blocks(self.lines, within, fences), language, at)

    def _table_lines(self, fences: tuple[Fence, ...]) -> list[Line]:
        """The lines of a full table up to its closing fence; items in it are indented and hide theirs."""
        taken: list[Line] = []
        while self.lines:
            line = self.lines.line
            if line.indent == 0 and (found := self.lines.matches(FENCE)) and not found["kind"]:
                _Blocks(self.lines, self.within, fences, [])._close(len(found["colons"]), found.start())
                return taken
            taken.append(line)
            self.lines.next += 1
        _Blocks(self.lines, self.within, fences, []).report_unclosed()
        return taken

    # Headings, quotes, lists, notes, tables

    def _heading(self) -> bool:
        found = self.lines.matches(HEADING)
        if found is None:
            return False
        offset = found.start()
        taken = [cut(self.text, found.end(), self.lines.line.end)]
        self.lines.next += 1
        while _ends_in_backslash(self.text, taken[-1]) and self.lines and not self.lines.line.blank:
            taken.append(self.lines.line)
            self.lines.next += 1
        identifier = ""
        last = taken[-1]
        if marked := HEADING_ID.search(self.text[last.start : last.end]):
            identifier = self.reading.check_id(marked["id"], last.start + marked.start("id"))
            taken[-1] = cut(self.text, last.start, last.start + marked.start())
        inlines = self._inlines(taken)
        self.blocks.append(Heading(len(found["level"]), inlines, identifier, self.reading.place(offset)))
        return True

    def _quote(self) -> bool:
        offset = self.lines.line.start
        inner = Lines(self.text, self.lines.take_quote())
        blocks = read_blocks(inner, self.within.deeper(offset))
        self.blocks.append(Quote(blocks, "", self.reading.place(offset)))
        return True

    def _list(self) -> bool:
        if not self.lines.matches(BULLET):
            return False
        offset, items = self.lines.line.start, []
        while self.lines and self.lines.matches(BULLET):
            at = self.lines.line.start
            items.append(Item(self._blocks_of(take_bullet(self.lines), at), (), self.reading.place(at)))
            self._skip_blank_before(BULLET)
        self.blocks.append(ItemList(tuple(items), self.reading.place(offset)))
        return True

    def _skip_blank_before(self, sign: re.Pattern[str]) -> None:
        """Skip blank lines if the line after them begins another item of the list."""
        here = self.lines.next
        self.lines.skip_blank()
        if not self.lines.matches(sign):
            self.lines.next = here

    def _blocks_of(self, lines: list[Line], offset: int) -> tuple[Block, ...]:
        return read_blocks(Lines(self.text, lines), self.within.deeper(offset))

    def _note(self) -> bool:
        found = self.lines.matches(NOTE_DEFINITION)
        if found is None:
            return False
        offset, label = found.start(), found["label"]
        first = cut(self.text, found.end(), self.lines.line.end)._replace(indent=0)
        inner = Lines(self.text, self.lines.take_item(first, None))
        blocks = read_blocks(inner, self.within.deeper(offset, lined=False))
        mark = ""
        if found["attributes"]:
            mark = read_mark(found["attributes"], found.start("attributes"), self.within)
        at = self.reading.place(offset)
        define_note(Note(label, blocks, mark, at), offset, self.within)
        return True

    def _table(self) -> bool:
        if not self.lines.starts_table():
            return False
        self.blocks.append(read_pipe_table(self.lines, self.within.deeper(self.lines.line.start)))
        return True

    def _attribute_line(self) -> bool:
        """The alignment of the paragraph below, or the beginning of a new list."""
        if not self.lines.matches(ATTRIBUTE_LINE):
            return False
        line = self.lines.line
        attributes = read_attributes(self.text[line.start : line.end], line.start, self.reading)
        attributes.one_of(self.reading, (*ALIGNMENTS, "list"))
        self.lines.next += 1
        if attributes.classes == ["list"] and self.lines and self._at_list():
            return self._new_list()
        fits = self.lines and not self.lines.starts_block() and attributes.classes != ["list"]
        if not fits or len(attributes.classes) != 1:
            hint = "put it right above a paragraph, or write `\\{` for text"
            self.reading.report(STRAY_ATTRIBUTES, line.start, "these attributes belong to nothing", hint=hint)
        else:
            self._paragraph(cast("Alignment", attributes.classes[0]))
        return True

    def _at_list(self) -> bool:
        """Whether a list begins at the next line; one with labels shows it by the line under the label."""
        lines = self.lines
        if lines.matches(BULLET):
            return True
        here, _ = lines.next, [] if lines.starts_block() else lines.take_paragraph()
        labelled = lines.next > here and bool(lines and lines.matches(LABELLED))
        lines.next = here
        return labelled

    def _new_list(self) -> bool:
        if not self._list():
            self._labelled(self.lines.take_paragraph(), new=True)
        return True

    # Paragraphs, and labels, which look like them

    def _paragraph(self, alignment: Alignment = "") -> None:
        taken = self.lines.take_paragraph()
        if not alignment and self.lines and self.lines.matches(LABELLED):
            self._labelled(taken, new=False)
            return
        inlines = self._inlines(taken)
        self._hint_at_numbers(taken)
        if only_page_breaks(inlines):
            self.blocks += [inline for inline in inlines if isinstance(inline, PageBreak)]
        else:
            self.blocks.append(Paragraph(inlines, alignment, self.reading.place(taken[0].start)))

    def _labelled(self, label: list[Line], *, new: bool) -> None:
        """An item whose label was taken; the list goes on with further labels."""
        items = [self._labelled_item(label)]
        while following := self._next_label():
            items.append(self._labelled_item(following))
        at = self.reading.place(label[0].start)
        self.blocks.append(ItemList(tuple(items), at))

    def _labelled_item(self, label: list[Line]) -> Item:
        inlines, offset = self._inlines(label), self.lines.line.start
        line = self.lines.line
        first = cut(self.text, line.start + 1, line.end)._replace(indent=0)
        blocks = self._blocks_of(self.lines.take_item(first, 2), offset)
        return Item(blocks, inlines, self.reading.place(label[0].start))

    def _next_label(self) -> list[Line]:
        here = self.lines.next
        self.lines.skip_blank()
        if self.lines and not self.lines.starts_block():
            label = self.lines.take_paragraph()
            if self.lines and self.lines.matches(LABELLED):
                return label
        self.lines.next = here
        return []

    def _inlines(self, lines: list[Line]) -> tuple[Inline, ...]:
        return read_inlines(content_of(self.text, lines), self.within)

    def _hint_at_numbers(self, lines: list[Line]) -> None:
        if self.within.lined:
            return
        for line in lines[1:]:
            if found := NUMBERED.match(self.text, line.start, line.end):
                message = f"`{found[0].strip()}` begins no list; the line goes on with its paragraph"
                hint = "put a blank line before it if it is a paragraph of its own"
                self.reading.report(NUMBERED_LINE, line.start, message, hint=hint)


_READERS = {
    ":": _Blocks._fence,
    "#": _Blocks._heading,
    ">": _Blocks._quote,
    "-": _Blocks._list,
    "[": _Blocks._note,
    "|": _Blocks._table,
    "{": _Blocks._attribute_line,
}


def _ends_in_backslash(text: str, line: Line) -> bool:
    raw = text[line.start : line.end]
    return (len(raw) - len(raw.rstrip("\\"))) % 2 == 1
