"""Plans: for a line box of the engine, the lines that its text is to be set in.

A plan is made when the first line of a paragraph is asked for, and again only where a line begins at a place that
it does not know, or is of another width. Plans live on the layout context. Knows the engine's skips and nothing of
drawing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from weasyprint.formatting_structure import boxes

from edition.pages import LineCount
from edition.typeset.lines.breaking import Break, Fit, Limits, Paragraph, choose_breaks
from edition.typeset.lines.glyphs import Faces, Piece, Unplannable
from edition.typeset.lines.settings import Settings, settings_of
from edition.typeset.lines.shaping import LineText, TextPart, reach_of, shape

SAME_WIDTH = 0.01
"""Measures that differ by no more, in pixels, are one."""


@dataclass(slots=True)
class Plan:
    """The lines of a line box's text."""

    text: LineText
    width: float
    settings: Settings
    ends: dict[int, Break] = field(default_factory=dict)
    """By the character that a line begins with, the break that ends it."""
    pieces: dict[tuple[int, int], Piece | None] = field(default_factory=dict)
    """The glyphs of parts of lines, by their first characters and those after their last ones."""


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """The line that is being set."""

    plan: Plan
    start: int
    """The character that it begins with."""
    end: Break

    def break_in(self, part: TextPart) -> Break | None:
        """The break that ends the line, if it is in a part of the text and text follows it."""
        start, text_end = self.end.start, len(self.plan.text.text)
        if part.offset < start <= part.offset + len(part.box.text) and start < text_end:
            return self.end
        return None


class LinesMixin:
    """For the layout context: the plans of a document, and how often there was none."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        self.plans: dict[Any, Plan] = {}
        self.planned_line: PlannedLine | None = None
        """The line that is being set now."""
        self.line_settings: dict[Any, Settings] = {}
        self.sign_widths: dict[Any, float] = {}
        """Widths of hyphens and of signs that hang, by sign and font."""
        self.divisions: dict[Any, dict[str, tuple[int, ...]]] = {}
        """Where words may be divided, by language and limits, and by word."""
        self.pango_faces = Faces()
        self.unplanned: dict[Any, str] = {}
        """What stood in the way of a plan, by line box."""
        super().__init__(*arguments, **keywords)

    def plan_line(self, line_box: Any, width: float, skip: Any) -> PlannedLine | None:
        """The plan for a line that begins at the engine's `skip`, or None where the engine is to break it."""
        known = self.plans.get(line_box)
        if known is None:
            settings = settings_of(line_box.style, self.line_settings)
            if settings.mode == "off" or line_box.style["text_align_all"] != "justify":
                return None
        else:
            settings = known.settings
        context: Any = self
        if context.excluded_shapes:
            self.unplanned.setdefault(line_box, "a float beside the text")
            return None
        try:
            if known is None or not _same_texts(known, line_box):
                known = self.plans[line_box] = Plan(shape(line_box, self), width, settings)
            if abs(known.width - width) > SAME_WIDTH:
                known.ends, known.width = {}, width
            start = _position(known.text, line_box, skip)
            if start not in known.ends:
                self._plan(known, line_box, start)
        except Unplannable as reason:
            if str(reason):
                self.unplanned.setdefault(line_box, str(reason))
            return None
        return PlannedLine(known, start, known.ends[start])

    def line_count(self) -> LineCount:
        """How the paragraphs of the document were set."""
        return LineCount(len(self.plans), tuple(sorted(Counter(self.unplanned.values()).items())))

    def _plan(self, plan: Plan, line_box: Any, start: int) -> None:
        """Plan the lines of a text from a character on."""
        fit = self.fit(plan, line_box, start, [plan.width])
        assert fit is not None, "no number of lines was asked for"
        follow(plan, start, fit.breaks)

    def fit(
        self,
        plan: Plan,
        line_box: Any,
        start: int,
        widths: Sequence[float],
        whole: frozenset[int] = frozenset(),
        count: int | None = None,
    ) -> Fit | None:
        """The best lines of a text from a character on; for the last two see `Paragraph`."""
        settings = plan.settings
        limits = Limits(
            stretch=settings.stretch,
            shrink=settings.shrink,
            expansion=settings.expansion,
            runt=settings.shortest_last_line * line_box.style["font_size"],
            hyphens=int(settings.hyphens_in_a_row),
        )
        indent = line_box.text_indent if start == 0 else 0.0
        reach = reach_of(plan.text, line_box, self, settings, start)
        return choose_breaks(Paragraph(reach, widths, indent, whole, count), limits)


def follow(plan: Plan, start: int, breaks: Sequence[Break]) -> None:
    """Let a plan have these lines from a character on."""
    for found in breaks:
        plan.ends[start] = found
        start = found.start


def _same_texts(plan: Plan, line_box: Any) -> bool:
    """Whether a line box still holds the texts that were planned; page references may have been filled in."""
    parts = plan.text.parts
    if len(parts) == 1 and len(line_box.children) == 1:
        box = line_box.children[0]
        return box is parts[0].box and box.text == parts[0].shaped.text
    texts = [box for box in line_box.descendants() if isinstance(box, boxes.TextBox)]
    return len(texts) == len(parts) and all(
        part.box is box and part.shaped.text == box.text for part, box in zip(parts, texts, strict=True)
    )


def _position(text: LineText, line_box: Any, skip: Any) -> int:
    """The character at which the engine's skip leads on. Raises Unplannable."""
    if skip is None:
        return 0
    box = line_box
    while skip is not None:
        ((index, skip),) = skip.items()
        if isinstance(box, boxes.TextBox):
            return _offset(text, box) + len(box.text.encode()[:index].decode())
        if index >= len(box.children):
            raise Unplannable("a line that begins after its text")
        box = box.children[index]
    while not isinstance(box, boxes.TextBox):
        if not getattr(box, "children", ()):
            raise Unplannable("a line that begins with no text")
        box = box.children[0]
    return _offset(text, box)


def _offset(text: LineText, box: Any) -> int:
    part = text.part_of(box)
    if part is None:
        raise Unplannable("a line that begins out of the flow")
    return part.offset
