"""The text of a line box as the breaker sees it: how wide it is up to each place where it may be broken.

Line break opportunities are Pango's (UAX 14), hyphens those of pyphen's dictionaries. What can't be planned raises
Unplannable and is left to the engine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import pyphen
from weasyprint.formatting_structure import boxes
from weasyprint.text.ffi import FROM_UNITS, ffi
from weasyprint.text.line_break import get_log_attrs

from edition.typeset.lines.breaking import Break, Reach
from edition.typeset.lines.glyphs import SPACES, ShapedText, Unplannable, shaped_text, sign_width

WORD = re.compile(r"[^\W\d_]+")
WRAPPING = ("normal", "pre-wrap", "pre-line")
"""Values of white-space with which lines are broken."""
BREAKING_ANYWHERE = ("anywhere", "break-word")
"""Values of overflow-wrap with which the engine breaks within words."""
WRITTEN_HYPHEN = 0.6
"""What a hyphen or dash that the text has anyway costs, as a part of what ours cost."""
TIED = 1.0
"""What a line's end costs in `p. 6`, `No. 12`, `§ 4` or between initials, by the same measure."""
SIGNS = "§¶№"
LONGEST_ABBREVIATION = 4
"""Letters before the point of an abbreviation that a figure belongs to."""
IN_NEED = 1.5
"""How much more a hyphen costs where a word is divided only in need."""
COMPOUND = 1.5
"""How much more a hyphen costs within a part of a compound that has one: `sea-far-ing`."""
LINE_BREAK = 1
"""The bit of Pango's attributes of a character that says that a line may end before it."""
BYTES_OF_ATTRIBUTES = 4

HANG_RIGHT = {
    ".": 0.7, ",": 0.6, ":": 0.4, ";": 0.4, "-": 0.5, "‐": 0.5, "–": 0.3, "—": 0.2, "’": 0.4, "”": 0.35, "'": 0.4,
    '"': 0.35, "!": 0.1, "?": 0.1, ")": 0.1, "]": 0.1,
}  # fmt: skip
"""The part of a character's width that hangs into the right margin: little for what is dark, much for a point."""
HANG_LEFT = {"‘": 0.4, "“": 0.4, "'": 0.4, '"': 0.35, "(": 0.1, "[": 0.1}


@dataclass(frozen=True, slots=True)
class TextPart:
    """A text box of a line box, and where its text begins in that of the whole."""

    box: Any
    offset: int
    shaped: ShapedText


@dataclass(frozen=True, slots=True)
class LineText:
    """The text of a line box, all of its text boxes joined."""

    parts: tuple[TextPart, ...]
    text: str
    floats: tuple[int, ...] = ()
    """The characters that floats stand before."""

    def part_of(self, box: Any) -> TextPart | None:
        """The part that is a text box; None if it is none of these boxes."""
        return next((part for part in self.parts if part.box is box), None)

    @property
    def width(self) -> float:
        """Of all of it in one line, in pixels."""
        return float(sum(sum(part.shaped.widths) for part in self.parts) * FROM_UNITS)

    @property
    def is_ours(self) -> bool:
        """Whether none of its glyphs are left to the engine."""
        return all(part.shaped.strips is not None for part in self.parts)


def texts_of(box: Any) -> Iterator[Any]:
    """The text boxes and the floats of a line box in order. Raises Unplannable for what is more than text."""
    for child in box.children:
        if not child.is_in_normal_flow():
            if child.is_floated():
                yield child
        elif isinstance(child, boxes.TextBox):
            yield child
        elif isinstance(child, boxes.InlineBox):
            _check_plain(child)
            yield from texts_of(child)
        else:
            raise Unplannable("a box in the line")


def _check_plain(box: Any) -> None:
    if box.is_leader:
        raise Unplannable("a leader")
    for side in ("left", "right"):
        for kind in ("margin", "padding"):
            if getattr(box.style[f"{kind}_{side}"], "value", 0):
                raise Unplannable("space around a box in the line")
        if box.style[f"border_{side}_width"]:
            raise Unplannable("a border in the line")


def shape(line_box: Any, context: Any) -> LineText:
    """Shape the text of a line box. Raises Unplannable."""
    parts: list[TextPart] = []
    floats: list[int] = []
    offset = 0
    for box in texts_of(line_box):
        if not isinstance(box, boxes.TextBox):
            floats.append(offset)
            continue
        if box.style["direction"] != "ltr":
            raise Unplannable("text from right to left")
        if "\t" in box.text:
            raise Unplannable("a tab")
        parts.append(TextPart(box, offset, shaped_text(box.text, box.style, context.pango_faces)))
        offset += len(box.text)
    text = "".join(part.box.text for part in parts)
    if not text.strip(" "):
        raise Unplannable("")
    return LineText(tuple(parts), text, tuple(floats))


def reach_of(
    line_text: LineText,
    line_box: Any,
    context: Any,
    start: int,
    hanging_first: float,
    hanging: float,
    hyphen_penalty: float,
    relaxed: bool = False,
) -> Reach:
    """Where the lines of a text may end from a character on, and how far they reach there.

    `hanging` is 1 where signs hang into the margins as far as they may; `hanging_first` is for the left of the
    first line. If `relaxed`, words may be divided where they should not be without need.
    """
    text = line_text.text
    owners = [part.box.style for part in line_text.parts for _ in part.box.text]
    breaks = _breaks(line_text, line_box, context, owners, start, hyphen_penalty, relaxed)
    units = [width for part in line_text.parts for width in part.shaped.widths]
    gaps = [width if char in SPACES else 0 for char, width in zip(text, units, strict=True)]
    upto, gaps_upto = list(accumulate(units, initial=0)), list(accumulate(gaps, initial=0))

    def width(at: int) -> float:
        return float(units[at] * FROM_UNITS)

    unkerned = {part.offset + at: wider for part in line_text.parts for at, wider in part.shaped.unkerned.items()}
    ends, begins = [], []
    for found in breaks:
        hang = left = 0.0
        if hanging and found.end:
            char = text[found.end - 1]
            if found.hyphen:
                hang = hanging * HANG_RIGHT["-"] * found.hyphen
            elif char in HANG_RIGHT:
                hang = hanging * HANG_RIGHT[char] * width(found.end - 1)
        if hanging and found.start < len(text) and text[found.start] in HANG_LEFT:
            left = hanging * HANG_LEFT[text[found.start]] * width(found.start)
        right = upto[found.end] + unkerned.get(found.end, 0)
        ends.append((right * FROM_UNITS + found.hyphen - hang, gaps_upto[found.end] * FROM_UNITS))
        begins.append((upto[found.start] * FROM_UNITS + left, gaps_upto[found.start] * FROM_UNITS))
    first = upto[start] * FROM_UNITS
    if hanging_first and text[start : start + 1] in HANG_LEFT:
        first += hanging_first * HANG_LEFT[text[start]] * width(start)
    return Reach(breaks, ends, begins, (first, gaps_upto[start] * FROM_UNITS))


def _breaks(
    line_text: LineText,
    line_box: Any,
    context: Any,
    owners: Sequence[Any],
    start: int,
    penalty: float,
    relaxed: bool,
) -> list[Break]:
    text = line_text.text
    found = {at.start: at for at in _opportunities(line_box, context, text, owners, penalty) if at.start > start}
    for part in line_text.parts:
        style = part.box.style
        if style["hyphens"] == "auto" and style["white_space"] in WRAPPING:
            for at in _hyphenations(part, text, context, penalty, relaxed):
                if at.start > start:
                    found.setdefault(at.start, at)
    found[len(text)] = Break(len(text), max(start, len(text.rstrip(" "))))
    return [found[start] for start in sorted(found)]


def _opportunities(
    line_box: Any, context: Any, text: str, owners: Sequence[Any], penalty: float
) -> Iterator[Break]:
    """Where the text may be broken without its words: at spaces, after hyphens and dashes, at soft hyphens."""
    attributes = bytearray((len(text) + 1) * BYTES_OF_ATTRIBUTES)
    ffi.memmove(attributes, get_log_attrs(text, line_box.style["lang"]), len(attributes))
    for at in [at for at, bits in enumerate(attributes[::BYTES_OF_ATTRIBUTES]) if bits & LINE_BREAK]:
        if not 0 < at < len(text):
            continue
        before, after = owners[at - 1], owners[at]
        end = at
        while end and text[end - 1] == " ":
            end -= 1
        last = text[end - 1] if end else ""
        if last == "\n":
            yield Break(at, len(text[: end - 1].rstrip(" ")), forced=True)
            continue
        if text[at] == "—" and end == at:  # a dash that is tied to its word ends a line, and begins none
            continue
        if text[at] == " " or (before["white_space"] not in WRAPPING and after["white_space"] not in WRAPPING):
            continue
        if text[at - 1] == "\u00ad":
            if before["hyphens"] != "none":
                sign = sign_width(context, before["hyphenate_character"], before)
                yield Break(at, end, sign, penalty, hyphened=True)
        elif end:
            cost = WRITTEN_HYPHEN if end == at else TIED if _is_tied(text, end, at) else 0.0
            yield Break(at, end, 0.0, cost * penalty, last in "-‐")


def _is_tied(text: str, end: int, at: int) -> bool:
    """Whether the space between two places is one of an abbreviation with its figure, or of initials: `U. S.`."""
    if text[end - 1] in SIGNS:
        return text[at].isdigit()
    if text[end - 1] != ".":
        return False
    begin = end - 1
    while begin and text[begin - 1].isalpha():
        begin -= 1
    short = text[begin : end - 1]
    if text[at].isdigit():
        return 0 < len(short) <= LONGEST_ABBREVIATION
    return len(short) == 1 and short.isupper() and text[at].isupper() and text[at + 1 : at + 2] == "."


def _hyphenations(part: TextPart, text: str, context: Any, penalty: float, relaxed: bool) -> Iterator[Break]:
    """Where words of a text box may be divided; a word that runs over into another box is left whole."""
    style, mine, offset = part.box.style, part.box.text, part.offset
    language = style["lang"] and pyphen.language_fallback(style["lang"])
    if not language or "\u00ad" in mine:
        return
    limits = style["hyphenate_limit_chars"]
    hyphen = sign_width(context, style["hyphenate_character"], style)
    for found in WORD.finditer(mine):
        word = found[0]
        places = _divisions(word, language, limits, context)
        without_need = len(places)
        if relaxed:
            places = (*places, *_divisions_in_need(word, language, limits, context))
        if not places:
            continue
        start, end = found.start() + offset, found.end() + offset
        if (start == offset and start and text[start - 1].isalpha()) or (
            end == offset + len(mine) and end < len(text) and text[end].isalpha()
        ):
            continue
        compound = (start and text[start - 1] in "-‐") or text[end : end + 1] in ("-", "‐")
        cost = penalty * COMPOUND if compound else penalty
        for turn, place in enumerate(places):
            at = start + place
            yield Break(at, at, hyphen, cost if turn < without_need else cost * IN_NEED, hyphened=True)


def _divisions(word: str, language: str, limits: tuple[int, int, int], context: Any) -> tuple[int, ...]:
    """Where a word may be divided, by the dictionary of its language."""
    shortest, before, after = limits
    if len(word) < shortest:
        return ()
    places: dict[str, tuple[int, ...]] = context.divisions.setdefault((language, limits), {})
    if word not in places:
        key = language, before, after, shortest
        if key not in context.dictionaries:
            context.dictionaries[key] = pyphen.Pyphen(lang=language, left=before, right=after)
        places[word] = tuple(map(int, context.dictionaries[key].positions(word)))
    return places[word]


def _divisions_in_need(word: str, language: str, limits: tuple[int, int, int], context: Any) -> tuple[int, ...]:
    """Where else a word may be divided if there is no other way: as in other countries of its language.

    Their dictionaries know more of the names; what differs is a matter of custom.
    """
    if _divisions(word, language, limits, context):
        return ()
    family = language.partition("_")[0]
    others = sorted(name for name in pyphen.LANGUAGES if name.partition("_")[0] == family and name != language)
    return next(filter(None, (_divisions(word, other, limits, context) for other in others)), ())
