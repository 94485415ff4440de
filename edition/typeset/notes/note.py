"""The notes of a document as boxes that can be laid out: each a block of its own, or several run together.

A note with `footnote-display: inline` (CSS Generated Content for Paged Media 3, 2.6) that is one paragraph runs on in
the line of the note before it; one with more in it (paragraphs, a table, verse) stands by itself. `compact` is taken
for `inline`.

A skip is the engine's way to say where in a box to go on: `{child: skip or None}`. That of a note that runs on is one
into its inline box, so that it holds in whatever company the note is set.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from weasyprint.css.properties import ZERO_PIXELS
from weasyprint.formatting_structure import boxes, build

Box = Any
Skip = dict[int, Any]

_EDGES = [f"{kind}_{side}" for kind in ("margin", "padding") for side in ("top", "right", "bottom", "left")]
_INLINE = boxes.TextBox | boxes.InlineLevelBox


class Note:
    """A note of the document: the engine's box for it, and the notes that are called from within it."""

    def __init__(self, source: Box, nested: Sequence[Note]) -> None:
        self.source = source
        self.nested = tuple(nested)
        self.runs_on = _is_one_paragraph(source)
        """Whether it may stand in a line with others."""
        self._blocks: dict[tuple[Note, ...], Box] = {}

    @property
    def group(self) -> tuple[Note, ...]:
        """The note and those called from within it, at any depth, in the order in which they are printed."""
        return (self, *(note for nested in self.nested for note in nested.group))

    def block(self, others: tuple[Note, ...] = ()) -> Box:
        """The block of the note, with others that run on after it, ready to be laid out.

        It is always the same box: the layout never changes what matters in it.
        """
        if others not in self._blocks:
            block = _run([self, *others]) if self.runs_on else _as_block(self.source)
            self._blocks[others] = build.create_anonymous_boxes(settled_text(block))
        return self._blocks[others]

    def refresh(self) -> None:
        """Forget the boxes that were made ready: page references inside the note may have been filled in."""
        self._blocks.clear()


class Blocks:
    """Notes as the blocks that stand one under the other in a note area."""

    def __init__(self, notes: Sequence[Note]) -> None:
        self._starts = [n for n, note in enumerate(notes) if not (n and note.runs_on and notes[n - 1].runs_on)]
        self._notes = notes

    def boxes(self) -> list[Box]:
        """The blocks, from the top."""
        bounds = pairwise([*self._starts, len(self._notes)])
        return [self._notes[start].block(tuple(self._notes[start + 1 : end])) for start, end in bounds]

    def skip_to(self, skip: Skip | None) -> Skip | None:
        """Where in the blocks to go on, if the first note goes on from `skip`."""
        if not skip:
            return None
        return {0: {0: {0: skip}}} if self._notes[0].runs_on else {0: skip}

    def reached(self, resume: Skip | None) -> tuple[int, Skip | None]:
        """How many notes ended before a place in the blocks, and where the next goes on if it has begun."""
        if resume is None:
            return len(self._notes), None
        ((index, cut),) = resume.items()
        start = self._starts[index]
        if cut is None or not self._notes[start].runs_on:
            return start, cut
        line_skip = cut[0]
        if line_skip is None:
            return start, None
        ((place, inner),) = line_skip.items()
        note = self._notes[start + place]
        if inner is None or not _holds(note, inner, before=True):
            return start + place, None
        if not _holds(note, inner, before=False):
            return start + place + 1, None
        return start + place, inner


def _holds(note: Note, skip: Skip, *, before: bool) -> bool:
    """Whether a note that runs on has anything to print before a place in it, or from there on."""
    ((line,),) = (block.children for block in [note.block()])
    return _anything(line.children[0], skip, before=before)


def _anything(box: Box, skip: Skip | None, *, before: bool) -> bool:
    if isinstance(box, boxes.TextBox):
        at = next(iter(skip)) if skip else 0
        encoded = box.text.encode()
        return bool((encoded[:at] if before else encoded[at:]).strip())
    if not isinstance(box, boxes.InlineBox | boxes.LineBox):
        return not before
    ((place, inner),) = skip.items() if skip else ((0, None),)
    if before:
        return any(_anything(child, None, before=False) for child in box.children[:place]) or (
            inner is not None and _anything(box.children[place], inner, before=True)
        )
    rest = box.children[place:]
    return any(_anything(child, None if n else inner, before=False) for n, child in enumerate(rest))


def _run(notes: Iterable[Note]) -> Box:
    """A block in which notes follow one another in the lines."""
    inlines = [_as_inline(note.source) for note in notes]
    return boxes.BlockBox.anonymous_from(inlines[0], inlines)


def _is_one_paragraph(source: Box) -> bool:
    """Whether a note is to run on and can: besides its own mark and what CSS writes it is one block of lines."""
    if not isinstance(source, boxes.InlineBox):
        return False
    inner = [child for child in source.children if not isinstance(child, _INLINE)]
    if any(not isinstance(child, boxes.BlockBox) for child in inner) or len(inner) > 1:
        return False
    return all(_is_in_line(child) for block in [source, *inner] for child in block.children if child not in inner)


def _is_in_line(box: Box) -> bool:
    """Whether a box and all in it can stand in a line."""
    if not isinstance(box, _INLINE) or box.is_floated():
        return False
    return not isinstance(box, boxes.InlineBox) or all(map(_is_in_line, box.children))


def _as_inline(source: Box) -> Box:
    """A note that is one paragraph, as an inline box with that of the paragraph in it."""
    note = source.deepcopy()
    note.children = [_inline_paragraph(child) for child in note.children if not _is_empty_mark(child)]
    note.process_whitespace(True)  # as if after white space: its places are then the same wherever it stands
    return note


def _inline_paragraph(box: Box) -> Box:
    if isinstance(box, _INLINE):
        return box
    _bind_mark(box.children)
    last = box
    while isinstance(last, boxes.InlineBox | boxes.BlockBox) and last.children:
        last = last.children[-1]
    if isinstance(last, boxes.TextBox):
        last.text = last.text.rstrip(" \n\t")  # or the space between notes would collapse with this one
    style = box.style.copy()
    style.update(dict.fromkeys(_EDGES, ZERO_PIXELS))
    style["display"] = ("inline", "flow")
    return boxes.InlineBox(box.element_tag, style, box.element, box.children)


def _bind_mark(children: Sequence[Box]) -> None:
    """No line ends between the mark of a note, written at its beginning, and its first word."""
    for mark, text in pairwise(children[:3]):
        element = mark.element
        if element is not None and "mark" in element.get("class", "").split() and isinstance(text, boxes.TextBox):
            words = text.text.lstrip(" \n\t")
            text.text = f"\u00a0{words}" if words != text.text else words


def _as_block(source: Box) -> Box:
    """A note that stands by itself. What CSS writes after one to part it from the next goes where it is white."""
    note = source.deepcopy()
    if isinstance(note, boxes.InlineBox):
        style = note.style.copy()
        style["display"] = ("block", "flow")
        children = [child for child in note.children if not _is_white(child, "after")]
        note = boxes.BlockBox(note.element_tag, style, note.element, children)
    note.children = [child for child in note.children if not _is_empty_mark(child)]
    return note


def settled_text(box: Box) -> Box:
    """White space collapsed and text-transform applied, which the engine's tree walk leaves out in notes.

    A float in a note stands in the flow: the engine could not carry the rest of a float to the next page.
    """
    box.process_whitespace()
    box.process_text_transform()
    for descendant in box.descendants():
        if descendant is not box and descendant.is_floated():
            descendant.style = descendant.style.copy()
            descendant.style["float"] = "none"
    return box


def _is_empty_mark(box: Box) -> bool:
    """Whether a box is the engine's own mark, and empty: it would make a line without height of its own."""
    return _is_white(box, "footnote-marker")


def _is_white(box: Box, pseudo: str) -> bool:
    return (box.element_tag or "").endswith(f"::{pseudo}") and not any(
        getattr(child, "text", "").strip(" \n\t") or isinstance(child, boxes.ReplacedBox)
        for child in box.descendants()
    )
