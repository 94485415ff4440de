"""Brings inlines into the model's normal form, as an editor would have typed them. Pure; knows no TEI."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import replace

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

_SPACES = re.compile(r" {2,}")
_KEPT_EMPTY = ("gap", "index")


def tidy(inlines: Iterable[Inline], glued: Set[PageBreak] = frozenset()) -> tuple[Inline, ...]:
    """A block's inlines: no empty ones, no double spaces, none at the ends, none beside line breaks.

    Page breaks get a space on both sides, as nothing parts the words beside some of them; not those in
    `glued`, which stand in a word.
    """
    made = _part_words(_joined(inlines), glued)
    made = _without_loose_spaces(made)
    while made and isinstance(made[0], LineBreak):
        made = _stripped(made[1:])
    while made and isinstance(made[-1], LineBreak):
        made = _stripped(made[:-1])
    return tuple(_stripped(made))


def add_line(made: list[Inline], line: Iterable[Inline]) -> None:
    """Put a line of its own behind what stands there, and a line break after it."""
    words = [inline for inline in made if not isinstance(inline, Text) or inline.text.strip(" ")]
    if words and not isinstance(words[-1], LineBreak):
        made.append(LineBreak())
    made += [*line, LineBreak()]


def _joined(inlines: Iterable[Inline]) -> list[Inline]:
    """Inlines with the spaces at the edges of nested ones outside of them, and like neighbours made one."""
    made: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, Emphasis | Strong | Span | Reference):
            before, middle, after = _edges(_joined(inline.inlines))
            _add(made, Text(before))
            if middle or (isinstance(inline, Span) and inline.kind in _KEPT_EMPTY):
                _add(made, replace(inline, inlines=tuple(middle)))
            _add(made, Text(after))
        else:
            _add(made, inline)
    return made


def _edges(inlines: list[Inline]) -> tuple[str, list[Inline], str]:
    """What stands in an inline, and the space before and after it."""
    before = after = ""
    if inlines and isinstance(first := inlines[0], Text) and first.text.startswith(" "):
        before = " "
    if inlines and isinstance(last := inlines[-1], Text) and last.text.endswith(" "):
        after = " "
    return before, _stripped(inlines), after


def _add(made: list[Inline], inline: Inline) -> None:
    last = made[-1] if made else None
    if isinstance(inline, Text):
        if not inline.text:
            return
        if isinstance(last, Text):
            made[-1] = Text(_SPACES.sub(" ", last.text + inline.text), last.at)
            return
        inline = Text(_SPACES.sub(" ", inline.text), inline.at)
    elif isinstance(inline, Emphasis) and isinstance(last, Emphasis):
        made[-1] = Emphasis(tuple(_joined((*last.inlines, *inline.inlines))))
        return
    elif isinstance(inline, Strong) and isinstance(last, Strong):
        made[-1] = Strong(tuple(_joined((*last.inlines, *inline.inlines))))
        return
    made.append(inline)


def _stripped(inlines: Sequence[Inline]) -> list[Inline]:
    """Inlines without spaces at their ends."""
    made = list(inlines)
    if made and isinstance(first := made[0], Text):
        made[:1] = [replace(first, text=text)] if (text := first.text.lstrip(" ")) else []
    if made and isinstance(last := made[-1], Text):
        made[-1:] = [replace(last, text=text)] if (text := last.text.rstrip(" ")) else []
    return made


def _without_loose_spaces(inlines: Sequence[Inline]) -> list[Inline]:
    """Inlines without spaces beside line breaks, and without one before a call that has another after it."""
    made: list[Inline] = []
    for index, inline in enumerate(inlines):
        before = inlines[index - 1] if index else None
        after = inlines[index + 1] if index + 1 < len(inlines) else None
        if isinstance(inline, Emphasis | Strong | Span | Reference):
            inline = replace(inline, inlines=tuple(_without_loose_spaces(inline.inlines)))
        elif isinstance(inline, Text):
            text = inline.text
            if isinstance(before, LineBreak):
                text = text.lstrip(" ")
            if isinstance(after, LineBreak) or _call_before_space(inlines, index):
                text = text.rstrip(" ")
            if not text:
                continue
            inline = replace(inline, text=text)
        made.append(inline)
    return made


def _call_before_space(inlines: Sequence[Inline], index: int) -> bool:
    if index + 2 >= len(inlines) or not isinstance(inlines[index + 1], NoteCall):
        return False
    following = inlines[index + 2]
    return isinstance(following, Text) and following.text.startswith(" ")


def _part_words(inlines: Sequence[Inline], glued: Set[PageBreak]) -> list[Inline]:
    """Inlines with a space on both sides of each page break that stands between two words."""
    made: list[Inline] = []
    before, followers = "", _followers(inlines)
    for inline, after in zip(inlines, followers, strict=True):
        if isinstance(inline, Emphasis | Strong | Span | Reference):
            inline = replace(inline, inlines=tuple(_part_words(inline.inlines, glued)))
        parts = isinstance(inline, PageBreak) and inline not in glued and not _clings(before, after)
        if parts and before and not before.isspace():
            made.append(Text(" "))
        made.append(inline)
        if parts and after and not after.isspace():
            made.append(Text(" "))
            before = " "
        elif (edge := _edge(inline, -1)) is not None:
            before = edge
    return _joined(made)


def _followers(inlines: Sequence[Inline]) -> list[str]:
    """For each inline, the character that follows it; empty if a line break or nothing does."""
    after, followers = "", []
    for inline in reversed(inlines):
        followers.append(after)
        if (edge := _edge(inline, 0)) is not None:
            after = edge
    return followers[::-1]


def _clings(before: str, after: str) -> bool:
    """Whether nothing may come between two characters: after an opening sign, before a closing one."""
    return (before != "" and before in "([{“‘«") or (after != "" and after in ".,;:)]}”’»?!")


def _edge(inline: Inline, end: int) -> str | None:
    """The character at an inline's end; empty for what parts words, None for what stands between letters."""
    if isinstance(inline, Text):
        return inline.text[end]
    if isinstance(inline, Emphasis | Strong | Span | Reference):
        inner = inline.inlines if end == 0 else reversed(inline.inlines)
        return next((edge for child in inner if (edge := _edge(child, end)) is not None), None)
    return "" if isinstance(inline, LineBreak | Image) else None
