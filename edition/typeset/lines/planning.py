"""Plans: for a line box of the engine, the lines that its text is to be set in.

A plan is made when the first line of a paragraph is asked for, and again only where a line begins at a place that
it does not know, or is of another width. Plans live on the layout context. Knows the engine's skips and nothing of
drawing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from weasyprint.formatting_structure import boxes

from edition.pages import LineCount
from edition.typeset.lines.breaking import Break, Limits, Paragraph, choose_breaks
from edition.typeset.lines.shaping import Shaped, Unplannable, shape

EXPANSION = 0.02
"""How far letters are widened or narrowed at most."""
SHORTEST_LAST_LINE = 2.0
"""In em."""

MODES = ("off", "spaces", "full")


def mode_of(style: Any) -> str:
    """What the custom property `--lines` says: `off`, `spaces`, or `full` with hanging and widened letters."""
    for token in style["__lines"]:
        if token.type == "ident" and token.value in MODES:
            return str(token.value)
    return "off"


@dataclass(frozen=True, slots=True)
class Plan:
    """The lines of a line box's text."""

    shaped: Shaped
    width: float
    mode: str
    ends: dict[int, Break]
    """By the character that a line begins with, the break that ends it."""

    def break_in(self, box: Any, offset: int, skip: int) -> Break | None:
        """The break that ends the line in which the byte `skip` of a text box stands, if it is in that box.

        `offset` is where the box begins in the text.
        """
        position = offset + len(box.text.encode()[:skip].decode())
        for found in self.ends.values():
            if position < found.start <= offset + len(box.text):
                return found if found.start < len(self.shaped.text) else None
        return None


class LinesMixin:
    """For the layout context: the plans of a document, and how often there was none."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        self.plans: dict[Any, Plan | None] = {}
        self.plan: Plan | None = None
        """Of the line that is being set now."""
        self.sign_widths: dict[Any, float] = {}
        """Widths of hyphens and of signs that hang, by sign and font."""
        self.unplanned: dict[Any, str] = {}
        """What stood in the way of a plan, by line box."""
        super().__init__(*arguments, **keywords)

    def plan_for(self, line_box: Any, width: float, skip: Any) -> Plan | None:
        """The plan for a line that begins at the engine's `skip`, or None where the engine is to break it."""
        mode = mode_of(line_box.style)
        if mode == "off" or line_box.style["text_align_all"] != "justify":
            return None
        context: Any = self
        if context.excluded_shapes:
            self.unplanned.setdefault(line_box, "a float beside the text")
            return None
        known = self.plans.get(line_box)
        try:
            if known is None or abs(known.width - width) > 0.01 or not _same_texts(known, line_box):
                known = self.plans[line_box] = self._plan(line_box, width, mode, 0)
            start = _position(known.shaped, line_box, skip)
            if start not in known.ends:
                known = self.plans[line_box] = self._plan(line_box, width, mode, start)
        except Unplannable as reason:
            if str(reason):
                self.unplanned.setdefault(line_box, str(reason))
            return None
        return known

    def line_count(self) -> LineCount:
        """How the paragraphs of the document were set."""
        return LineCount(len(self.plans), tuple(sorted(Counter(self.unplanned.values()).items())))

    def _plan(self, line_box: Any, width: float, mode: str, start: int) -> Plan:
        full = mode == "full"
        shaped = shape(line_box, self, hanging=full)
        runt = SHORTEST_LAST_LINE * line_box.style["font_size"]
        limits = Limits(expansion=EXPANSION if full else 0.0, runt=runt)
        indent = line_box.text_indent if start == 0 else 0.0
        paragraph = Paragraph(
            shaped.advances,
            shaped.spaces,
            shaped.breaks,
            shaped.hang_left,
            shaped.hang_right,
            width,
            indent,
            start,
        )
        ends: dict[int, Break] = {}
        begin = start
        for found in choose_breaks(paragraph, limits):
            ends[begin] = found
            begin = found.start
        return Plan(shaped, width, mode, ends)


def _same_texts(plan: Plan, line_box: Any) -> bool:
    """Whether a line box still holds the texts that were planned; page references may have been filled in."""
    texts = [box for box in line_box.descendants() if isinstance(box, boxes.TextBox)]
    return (
        len(texts) == len(plan.shaped.texts)
        and all(mine is theirs for mine, theirs in zip(plan.shaped.texts, texts, strict=True))
        and "".join(box.text for box in texts) == plan.shaped.text
    )


def _position(shaped: Shaped, line_box: Any, skip: Any) -> int:
    """The character at which the engine's skip leads on. Raises Unplannable."""
    if skip is None:
        return 0
    box = line_box
    while skip is not None:
        ((index, skip),) = skip.items()
        if isinstance(box, boxes.TextBox):
            return _offset(shaped, box) + len(box.text.encode()[:index].decode())
        if index >= len(box.children):
            raise Unplannable("a line that begins after its text")
        box = box.children[index]
    while not isinstance(box, boxes.TextBox):
        if not getattr(box, "children", ()):
            raise Unplannable("a line that begins with no text")
        box = box.children[0]
    return _offset(shaped, box)


def _offset(shaped: Shaped, box: Any) -> int:
    offset = shaped.offset_of(box)
    if offset is None:
        raise Unplannable("a line that begins out of the flow")
    return offset
