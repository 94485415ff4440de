"""Plans: for a line box of the engine, the lines that its text is to be set in.

A plan is made when the first line of a paragraph is asked for, and again only where a line begins at a place that
it does not know, or is of another width. Plans live on the layout context. Knows the engine's skips and nothing of
drawing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout.float import avoid_collisions

from edition.pages import LineCount
from edition.typeset.lines.breaking import HOPELESS, Break, Fit, Limits, Paragraph, Reach, choose_breaks
from edition.typeset.lines.glyphs import Faces, Piece, Unplannable, line_height
from edition.typeset.lines.settings import Settings, settings_of
from edition.typeset.lines.shaping import BREAKING_ANYWHERE, LineText, TextPart, reach_of, shape

SAME_WIDTH = 0.01
"""Measures that differ by no more, in pixels, are one."""
RAGGED = 2.5
"""How much a line of ragged text may well leave empty, in em; never more than RAGGED_SHARE of the measure."""
RAGGED_SHARE = 0.3
WIDE_MEASURE = 30.0
"""In em. In narrower measures hyphens cost less: fewer spaces make up for a word that is not divided."""
TOO_LOOSE = 0.9
"""By how much of their width spaces are widened in a line that is not taken if words that are divided only in need can
mend it."""
MOST_REACHES = 40
"""Paragraphs whose breaks are kept."""
MOST_LINES_BESIDE = 200
"""Lines beside floats that are measured in advance."""


@dataclass(slots=True)
class Plan:
    """The lines of a line box's text."""

    line_box: Any
    text: LineText
    settings: Settings
    indent: float = 0.0
    """Of the first line."""
    ends: dict[int, Break] = field(default_factory=dict)
    """By the character that a line begins with, the break that ends it."""
    widths: dict[int, float] = field(default_factory=dict)
    """By the same, the measure of the line."""
    demerits: dict[int, float] = field(default_factory=dict)
    """By the characters that lines begin with from which it was planned, what its lines cost from there on."""
    changes: dict[int, dict[int, Break]] = field(default_factory=dict)
    """By page, lines that are other ones than the best for the sake of its end; as `ends`."""
    pieces: dict[tuple[int, int], Piece | None] = field(default_factory=dict)
    """The glyphs of parts of lines, by their first characters and those after their last ones."""

    def line_at(self, start: int, width: float) -> Break | None:
        """The end of the line that begins with a character, if there is a plan for it in this measure."""
        for page in sorted(self.changes, reverse=True):
            if start in self.changes[page]:
                return self.changes[page][start]
        known = start in self.ends and abs(self.widths[start] - width) <= SAME_WIDTH
        return self.ends[start] if known else None

    def follow(self, start: int, breaks: Sequence[Break], widths: Sequence[float]) -> None:
        """Have these lines from a character on."""
        for number, found in enumerate(breaks):
            self.ends[start] = found
            self.widths[start] = widths[min(number, len(widths) - 1)]
            start = found.start

    def lines_from(self, start: int, width: float) -> list[Break]:
        """The ends of the lines from one that begins with a character."""
        found: list[Break] = []
        while start < len(self.text.text) and (end := self.line_at(start, width)) is not None:
            found.append(end)
            start = end.start
        return found


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """The line that is being set."""

    plan: Plan
    start: int
    """The character that it begins with."""
    end: Break
    width: float

    @property
    def float_count(self) -> int:
        """How many floats stand in the line."""
        return sum(self.start <= at < self.end.start for at in self.plan.text.floats)

    @property
    def holds_float(self) -> bool:
        """Whether floats stand in the line."""
        return bool(self.plan.text.floats) and self.float_count > 0

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
        self.reaches: dict[Any, tuple[LineText, Reach]] = {}
        """Where the lines of the last paragraphs may end, by what that hangs on; the ends of pages ask again."""
        self.pango_faces = Faces()
        self.unplanned: dict[Any, str] = {}
        """What stood in the way of a plan, by line box."""
        super().__init__(*arguments, **keywords)

    def plan_line(self, line_box: Any, width: float, skip: Any, block: Any) -> PlannedLine | None:
        """The plan for a line that begins at the engine's `skip`, or None where the engine is to break it."""
        known = self.plans.get(line_box)
        settings = known.settings if known else settings_of(line_box.style, self.line_settings)
        if settings.mode == "off":
            return None
        try:
            if known is None or not _same_texts(known, line_box):
                known = self.plans[line_box] = Plan(line_box, shape(line_box, self), settings)
            start = _position(known.text, line_box, skip)
            end = known.line_at(start, width)
            if end is None:
                self._plan(known, start, self._measures(line_box, width, block))
                end = known.ends[start]
            return PlannedLine(known, start, end, width)
        except Unplannable as reason:
            if str(reason):
                self.unplanned.setdefault(line_box, str(reason))
            return None

    def plan_beside(self, line: PlannedLine, skip: Any, block: Any, waiting: Sequence[Any]) -> PlannedLine | None:
        """The plan for a line with floats in it, now that they have their places; None if some have none yet."""
        line_box = line.plan.line_box
        if waiting:
            self.unplanned.setdefault(line_box, "a float")
            return None
        probe = self._probe(line_box)
        width = avoid_collisions(self, probe, block, outer=False)[2]
        planned = self.plan_line(line_box, width, skip, block)
        return planned if planned is not None and planned.float_count == line.float_count else None

    def line_count(self, elements: Collection[Any] | None = None) -> LineCount:
        """How the paragraphs of the document were set, or of some of its elements."""
        planned = sum(elements is None or line_box.element in elements for line_box in self.plans)
        unplanned = (
            reason
            for line_box, reason in self.unplanned.items()
            if elements is None or line_box.element in elements
        )
        return LineCount(planned, tuple(sorted(Counter(unplanned).items())))

    def _measures(self, line_box: Any, width: float, block: Any) -> list[float]:
        """The measures of a line and of those after it: beside floats they differ."""
        context: Any = self
        shapes = context.excluded_shapes
        if not shapes:
            return [width]
        probe = self._probe(line_box)
        bottom = max(shape.position_y + shape.margin_height() for shape in shapes)
        found = [width]
        for number in range(1, MOST_LINES_BESIDE):
            probe.position_y = line_box.position_y + number * probe.height
            found.append(avoid_collisions(context, probe, block, outer=False)[2])
            if probe.position_y >= bottom:
                break
        return found

    @staticmethod
    def _probe(line_box: Any) -> Any:
        """A line box to ask the engine with where a line has room; without a width, it is not moved down."""
        probe = line_box.copy()
        probe.width, probe.height = 0, line_height(line_box.style)
        return probe

    def _plan(self, plan: Plan, start: int, widths: Sequence[float]) -> None:
        """Plan the lines of a text from a character on. Raises Unplannable."""
        if not start:
            plan.indent = plan.line_box.text_indent
        fit = self.fit(plan, start, widths)
        assert fit is not None, "no number of lines was asked for"
        if fit.demerits >= HOPELESS and any(
            part.box.style["overflow_wrap"] in BREAKING_ANYWHERE or part.box.style["word_break"] == "break-all"
            for part in plan.text.parts
        ):
            raise Unplannable("words that are broken anywhere")
        plan.follow(start, fit.breaks, widths)
        plan.demerits[start] = fit.demerits

    def fit(
        self,
        plan: Plan,
        start: int,
        widths: Sequence[float],
        whole: frozenset[int] = frozenset(),
        count: int | None = None,
        worst: float = inf,
    ) -> Fit | None:
        """The best lines of a text from a character on; for the last three see `Paragraph`."""
        settings, line_box = plan.settings, plan.line_box
        em, text = line_box.style["font_size"], plan.text
        indent = 0.0 if start else plan.indent
        if not start and len(widths) == 1 and count in (None, 1) and text.width + indent <= widths[0]:
            length = len(text.text)
            if "\n" not in text.text:
                return Fit([Break(length, len(text.text.rstrip(" ")))], 0.0, 0.0)
        limits = Limits(
            stretch=settings.stretch,
            shrink=settings.shrink,
            letters=_give_of_letters(text, settings, em),
            runt=settings.shortest_last_line * em,
            hyphens=int(settings.hyphens_in_a_row),
            ragged=0.0 if settings.justified else min(RAGGED * em, RAGGED_SHARE * max(widths)),
            balanced=line_box.style["text_align_all"] == "center"
            or (settings.balanced > 0 and not settings.justified),
        )
        narrow = min(1.0, max(widths) / (WIDE_MEASURE * em)) if em and settings.justified else 1.0
        penalty = settings.hyphen_penalty * narrow * narrow
        best: Fit | None = None
        for relaxed in (False, True):
            reach = self._reach(plan, start, penalty, bool(indent), relaxed)
            fit = choose_breaks(Paragraph(reach, widths, indent, whole, count, worst), limits)
            if best is None or (fit is not None and fit.worst < best.worst):
                best = fit
            if best is None or not settings.justified or best.worst * settings.stretch < TOO_LOOSE:
                break
        return best

    def _reach(self, plan: Plan, start: int, penalty: float, indented: bool, relaxed: bool) -> Reach:
        text, hanging = plan.text, plan.settings.hanging
        known = self.reaches.get((plan.line_box, start, penalty, relaxed))
        if known is None or known[0] is not text:
            if len(self.reaches) >= MOST_REACHES:
                self.reaches.clear()
            first = 0.0 if indented else hanging
            made = reach_of(text, plan.line_box, self, start, first, hanging, penalty, relaxed)
            known = self.reaches[plan.line_box, start, penalty, relaxed] = text, made
        return known[1]


def _give_of_letters(text: LineText, settings: Settings, em: float) -> float:
    """How far the letters of a text give with the space between them, as a part of their width."""
    width = text.width if settings.spacing and text.is_ours else 0.0
    return settings.expansion + (settings.spacing * em * len(text.text) / width if width else 0.0)


def _same_texts(plan: Plan, line_box: Any) -> bool:
    """Whether a line box still holds the texts that were planned; page references may have been filled in."""
    parts = plan.text.parts
    if len(parts) == 1 and len(line_box.children) == 1:
        box = line_box.children[0]
        return box is parts[0].box and box.text == parts[0].shaped.text
    texts = [box for box in line_box.descendants() if isinstance(box, boxes.TextBox)]
    mine = {part.box: part.shaped.text for part in parts}
    found = [box for box in texts if box in mine]
    return len(found) == len(parts) and all(
        part.box is box and part.shaped.text == box.text for part, box in zip(parts, found, strict=True)
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
