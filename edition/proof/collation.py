"""The manuscript's streams against those of the finished PDF: is every word there, once, in order.

It says what is wrong with a place in the source and a page. Calls, breaks and pictures are for `marks`, how
things are drawn is for `gates`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from edition.findings import Finding, Rule, Severity, declare
from edition.proof.matching import Match, match
from edition.proof.origins import Origins
from edition.proof.parts import Drawn, DrawnBook, DrawnStream
from edition.proof.stages import Stages
from edition.proof.streams import Key, Stream, Streams
from edition.proof.text import has_marks, is_provable, is_right_to_left, squeezed
from edition.proof.words import Comparison, Difference, Fault, compare

LOST = declare(
    "C001",
    Severity.ERROR,
    """Words of the manuscript are not on the pages.

    The finished PDF was read back and does not say them where they belong. The place is that of the first word
    lost. A style that hides text (`display: none`, `content`) does this; otherwise it is a fault of the builder.
    """,
)
DOUBLED = declare(
    "C002",
    Severity.ERROR,
    """Words stand on the pages more than once, or are not in the manuscript.

    The finished PDF was read back. The place is where in the manuscript they would stand.
    """,
)
CHANGED = declare(
    "C003",
    Severity.ERROR,
    """Words read otherwise on the pages than in the manuscript.

    The finished PDF was read back, glyph by glyph. A style that changes letters, or a fault of the builder.
    """,
)
MOVED = declare(
    "C004",
    Severity.ERROR,
    """Words stand elsewhere on the pages than in the manuscript.

    The finished PDF was read back. They are there, but not in their place in the order of the text.
    """,
)
RUN_TOGETHER = declare(
    "C005",
    Severity.ERROR,
    """Two words stand on the page without a space, or a word has a hyphen in the middle of a line.

    The manuscript has a space where the page has neither gap nor line end; or a hyphen as at a line's end stands
    within a line.
    """,
)
NOTE_LOST = declare(
    "C006",
    Severity.ERROR,
    """A note is not on any page, or has the text of another, or the wrong mark.

    The finished PDF was read back, note by note.
    """,
)
UNPROVEN = declare(
    "C010",
    Severity.WARNING,
    """It could not be proven that a text is whole.

    What is written from right to left stands on the page in another order than in the file, and some signs
    combine so that a glyph has no letter of its own. The same letters are there as far as can be seen; look at
    the page.
    """,
)

MOST = 5
"""Differences that are told of one stream."""
LONGEST_QUOTE = 60
_MIRRORED = str.maketrans("()[]{}<>«»", "()()()()()")

_RULES: dict[Fault, Rule] = {
    "lost": LOST,
    "doubled": DOUBLED,
    "added": DOUBLED,
    "changed": CHANGED,
    "moved": MOVED,
}
_ENDINGS: dict[Fault, tuple[str, str]] = {
    "lost": ("is not on the page", "are not on the page"),
    "doubled": ("stands there once more", "stand there once more"),
    "added": ("is not in the manuscript", "are not in the manuscript"),
    "moved": ("stands elsewhere", "stand elsewhere"),
}


@dataclass
class Matched:
    """A stream with what is drawn of it."""

    stream: Stream
    drawn: DrawnStream
    found: Match
    resumed: Comparison | None = None
    """If it did not match: what is the same after the first difference, and what is not."""


@dataclass
class Collated:
    """What became of every stream, and how much was found as it should be."""

    findings: list[Finding] = field(default_factory=list)
    matches: dict[Key, Matched] = field(default_factory=dict)
    words: int = 0
    notes: int = 0


def collate(
    expected: Streams, book: DrawnBook, folios: Sequence[str], origins: Origins, stages: Stages | None = None
) -> Collated:
    """Compare all streams; `folios` are those of the pages, in order. `stages` tell where a loss happened."""
    collator = _Collator(expected, book, folios, origins, stages)
    for key, drawn in book.streams.items():
        if key not in expected:
            collator.stranger(key, drawn)
    for key, stream in expected.items():
        collator.stream(key, stream, book.streams.get(key, DrawnStream()))
    return collator.collated


class _Collator:
    def __init__(
        self,
        expected: Streams,
        book: DrawnBook,
        folios: Sequence[str],
        origins: Origins,
        stages: Stages | None,
    ) -> None:
        self.stages = stages
        self.expected = expected
        self.book = book
        self.folios = folios
        self.origins = origins
        self.collated = Collated()

    @cached_property
    def notes_by_text(self) -> dict[str, Stream]:
        """The notes by their letters, to know one that stands under another's mark."""
        notes = [stream for key, stream in self.expected.items() if key.kind == "note"]
        return {squeezed(stream.text): stream for stream in reversed(notes)}

    def report(self, rule: Rule, stream: Stream, offset: int | None, message: str, near: Drawn | None) -> None:
        """Report at an offset of a stream, or of the stream as a whole."""
        folio = self.folios[near.piece.page] if near else None
        at = stream.at if offset is None else self.origins.place(stream, offset)
        hint = self.stages.hint(stream) if self.stages and rule is not UNPROVEN else None
        self.collated.findings.append(rule.at(at, message, hint=hint, folio=folio))

    def stranger(self, key: Key, drawn: DrawnStream) -> None:
        """Text of something that the manuscript does not have."""
        items = [item for item in drawn.text_items if item.piece.text.strip()]
        if items:
            words = quoted(" ".join(item.piece.text for item in items).split())
            folio = self.folios[items[0].piece.page]
            message = f"{words} of {key.name} is not in the manuscript"
            self.collated.findings.append(DOUBLED.at(None, message, folio=folio))

    def stream(self, key: Key, stream: Stream, drawn: DrawnStream) -> None:
        found = match(stream.text, drawn.items)
        self.collated.matches[key] = Matched(stream, drawn, found)
        if key.kind == "note" and not self.note_stands(stream, drawn, found):
            return
        if found.failed is not None:
            self.tell_differences(stream, drawn, self.collated.matches[key])
            return
        self.collated.words += len(stream.text.split())
        self.collated.notes += key.kind == "note"
        for offset, item in found.run_together:
            words = quoted([word_at(stream.text, offset - 2), word_at(stream.text, offset)])
            self.report(RUN_TOGETHER, stream, offset, f"the words {words} run together", item)
        for offset, item in found.hyphened:
            word = quoted([word_at(stream.text, offset)])
            self.report(
                RUN_TOGETHER, stream, offset, f"the word {word} has a hyphen in the middle of a line", item
            )

    # Notes

    def note_stands(self, stream: Stream, drawn: DrawnStream, found: Match) -> bool:
        """Whether a note is there by its own text and mark, as far as can be said of it as a whole."""
        if not drawn.items:
            if stream.text.strip() or stream.mark:
                self.report(NOTE_LOST, stream, None, f"{stream.name} is not on any page", None)
            return False
        first = drawn.items[0]
        mark = "".join(
            item.piece.text for item in drawn.items if item.standing.part == "mark" and not item.label.pseudo
        )
        if squeezed(mark) != squeezed(stream.mark):
            message = f"{stream.name} has the mark {quoted([mark])} instead of {quoted([stream.mark])}"
            self.report(NOTE_LOST, stream, None, message, first)
        if found.failed is None:
            return True
        text = squeezed("".join(item.piece.text for item in drawn.text_items))
        other = self.notes_by_text.get(text)
        if text and other is not None and other.key != stream.key:
            message = f"{stream.name} has the text of {other.name} ({other.key.id})"
            self.report(NOTE_LOST, stream, None, message, first)
            return False
        return True

    # Differences

    def tell_differences(self, stream: Stream, drawn: DrawnStream, matched: Matched) -> None:
        number, start = matched.found.retreat(stream.text, drawn.items)
        comparison = matched.resumed = compare(stream.text, start, drawn.items[number:])
        differences = comparison.differences
        provable, unproven = _divided(differences, is_right_to_left(stream.text))
        for difference in provable[:MOST]:
            self.tell(stream, difference)
        if len(provable) > MOST:
            last = provable[MOST]
            more = len(provable) - MOST
            self.report(CHANGED, stream, last.offset, f"{stream.name} differs in {more} more places", last.near)
        if unproven:
            first = unproven[0]
            words = quoted([word.text for word in first.expected] or [word.text for word in first.drawn])
            message = f"{words} cannot be read back from the page, nor how it goes on there"
            self.report(UNPROVEN, stream, first.offset, message, first.near)
        if not differences and matched.found.failed is not None:
            # Words are alike but not how they stand on their lines: a space or a hyphen within a word.
            item = drawn.items[min(matched.found.failed, len(drawn.items) - 1)] if drawn.items else None
            word = quoted([word_at(stream.text, matched.found.end)])
            self.report(
                CHANGED, stream, matched.found.end, f"the word {word} is divided otherwise on the page", item
            )

    def tell(self, stream: Stream, difference: Difference) -> None:
        expected = [word.text for word in difference.expected]
        drawn = [word.text for word in difference.drawn]
        if difference.fault == "changed" and not any(char.isalnum() for char in "".join(drawn)):
            difference = difference._replace(fault="lost")  # only the punctuation beside it is left
        if difference.fault == "changed":
            noun = "word" if len(expected) == 1 else "words"
            verb = "reads" if len(expected) == 1 else "read"
            message = f"the {noun} {quoted(expected)} {verb} {quoted(drawn)} on the page"
        else:
            words = expected or drawn
            noun, ending = ("word", 0) if len(words) == 1 else ("words", 1)
            message = f"the {noun} {quoted(words)} {_ENDINGS[difference.fault][ending]}"
        offset = difference.offset
        if difference.fault == "changed":
            offset += _first_difference(expected[0], drawn[0]) if len(expected) == len(drawn) == 1 else 0
        self.report(_RULES[difference.fault], stream, offset, message, difference.near)


def _divided(differences: list[Difference], right_to_left: bool) -> tuple[list[Difference], list[Difference]]:
    """Differences for sure, and those that may only be how the page is read back.

    What runs from right to left is all there if the letters are, in whatever order.
    """
    if right_to_left:
        if _same_letters(differences):
            return [], differences
        if not any(map(has_marks, _words(differences))):
            return differences, []
    provable = [difference for difference in differences if _is_provable(difference)]
    return provable, [difference for difference in differences if not _is_provable(difference)]


def _words(differences: Sequence[Difference]) -> Iterator[str]:
    """All words of differences, expected and drawn."""
    for difference in differences:
        yield from (word.text for word in difference.expected)
        yield from (word.text for word in difference.drawn)


def _is_provable(difference: Difference) -> bool:
    """Whether a difference is one for sure: words replaced by such as cannot be read back are none."""
    words = [word.text for word in difference.expected], [word.text for word in difference.drawn]
    return not (words[0] and words[1]) or is_provable("".join((*words[0], *words[1])))


def _same_letters(differences: Sequence[Difference]) -> bool:
    """Whether differences have the same letters on both sides, in whatever order."""
    expected, drawn = Counter[str](), Counter[str]()
    for difference in differences:
        expected.update(char for word in difference.expected for char in word.text.translate(_MIRRORED))
        drawn.update(char for word in difference.drawn for char in word.text.translate(_MIRRORED))
    return expected == drawn


def _first_difference(one: str, other: str) -> int:
    return next(
        (index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def quoted(words: Sequence[str]) -> str:
    """Words as a message shows them: `"two words"`, long ones cut."""
    text = " ".join(words)
    return f'"{text}"' if len(text) <= LONGEST_QUOTE else f'"{text[:LONGEST_QUOTE].rstrip()} …"'


def word_at(text: str, offset: int) -> str:
    """The word around an offset."""
    offset = max(0, min(offset, len(text) - 1))
    start = text.rfind(" ", 0, offset) + 1
    end = text.find(" ", offset)
    return text[start:] if end < 0 else text[start:end]
