"""What the text of two books says differently: documents and notes paired, and their words compared.

Documents and divisions are paired by their ids; notes of one document by their texts first, as a new note may have
taken an old one's number. A difference that may be how a line was broken is none.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal, NamedTuple

from edition.proof.book import PrintedBook
from edition.proof.comparison.atoms import CALL, LOCATOR, Atoms, atoms_of, boxes
from edition.proof.comparison.patience import Difference, differences
from edition.proof.streams import Key

CONTEXT = 4
"""Words told on both sides of a change."""

Kind = Literal["changed", "added", "removed", "spacing"]
Box = tuple[int, float, float, float, float]
"""A page from 0, then left, top, right and bottom there."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one of the books has at a change, and where: of words that are not there, where they would stand."""

    page: int
    folio: str
    line: int
    words: str
    before: str
    after: str
    boxes: tuple[Box, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Change:
    """Words that read differently. Of a document or note that only one book has there is one side."""

    kind: Kind
    key: Key
    old: Side | None
    new: Side | None

    @property
    def page(self) -> int:
        """The page that it is told under: the new one where there is one."""
        side = self.new or self.old
        assert side
        return side.page


class Renumbered(NamedTuple):
    """A note with another mark than before."""

    id: str
    old: str
    new: str


class PageNumber(NamedTuple):
    """A page number in contents or lists that follows its page."""

    key: Key
    old: str
    new: str


@dataclass
class Texts:
    """Two books' texts, compared."""

    changes: list[Change] = field(default_factory=list)
    renumbered: list[Renumbered] = field(default_factory=list)
    page_numbers: list[PageNumber] = field(default_factory=list)
    pairs: dict[Key, tuple[Atoms, Atoms]] = field(default_factory=dict, repr=False)
    """By the new key, the streams that belong together."""
    differences: dict[Key, list[Difference]] = field(default_factory=dict, repr=False)
    """By the new key, where they differ."""


def compare_texts(old: PrintedBook, new: PrintedBook) -> Texts:
    """Compare all that is no furniture."""
    texts = Texts()
    before, after = atoms_of(old), atoms_of(new)
    pairs, only_old, only_new = _paired(before, after)
    for one, other in pairs:
        texts.pairs[other.key] = one, other
        _compare(texts, one, other, old, new)
    for atoms in only_old:
        texts.changes.append(Change("removed", atoms.key, _side(atoms, 0, len(atoms.keys), old), None))
    for atoms in only_new:
        texts.changes.append(Change("added", atoms.key, None, _side(atoms, 0, len(atoms.keys), new)))
    texts.changes.sort(key=lambda change: (change.page, (change.new or change.old).line))  # type: ignore[union-attr]
    return texts


# Which stream belongs to which


def _paired(
    old: Mapping[Key, Atoms], new: Mapping[Key, Atoms]
) -> tuple[list[tuple[Atoms, Atoms]], list[Atoms], list[Atoms]]:
    pairs: list[tuple[Atoms, Atoms]] = []
    left_old: list[Atoms] = []
    left_new: list[Atoms] = []
    notes = _notes_by_document(old), _notes_by_document(new)
    for document in dict.fromkeys((*notes[0], *notes[1])):
        _pair_notes(notes[0].get(document, []), notes[1].get(document, []), pairs, left_old, left_new)
    for key, atoms in new.items():
        if key.kind != "note":
            if key in old:
                pairs.append((old[key], atoms))
            else:
                left_new.append(atoms)
    left_old += [atoms for key, atoms in old.items() if key.kind != "note" and key not in new]
    _pair_equals(left_old, left_new, pairs)
    return pairs, [atoms for atoms in left_old if atoms.keys], [atoms for atoms in left_new if atoms.keys]


def _notes_by_document(streams: Mapping[Key, Atoms]) -> dict[str, list[Atoms]]:
    found: dict[str, list[Atoms]] = {}
    for key, atoms in streams.items():
        if key.kind == "note":
            found.setdefault(key.id.rpartition("-n")[0], []).append(atoms)
    return found


def _pair_notes(
    old: Sequence[Atoms],
    new: Sequence[Atoms],
    pairs: list[tuple[Atoms, Atoms]],
    left_old: list[Atoms],
    left_new: list[Atoms],
) -> None:
    """Notes of one document: those alike in order, then those between them by id, then in their order."""
    matched_old, matched_new = 0, 0
    parts = differences([tuple(atoms.keys) for atoms in old], [tuple(atoms.keys) for atoms in new])
    for start, end, begin, stop in (*parts, Difference(len(old), len(old), len(new), len(new))):
        pairs += zip(old[matched_old:start], new[matched_new:begin], strict=True)
        ones, others = list(old[start:end]), list(new[begin:stop])
        by_id = {atoms.key: atoms for atoms in ones}
        for other in list(others):
            if len(ones) == len(others):
                break
            if (one := by_id.get(other.key)) is not None:
                pairs.append((one, other))
                ones.remove(one)
                others.remove(other)
        if len(ones) == len(others):
            pairs += zip(ones, others, strict=True)
        else:
            left_old += ones
            left_new += others
        matched_old, matched_new = end, stop


def _pair_equals(left_old: list[Atoms], left_new: list[Atoms], pairs: list[tuple[Atoms, Atoms]]) -> None:
    """What says the same under another id is the same: a document that was renamed, a note that moved."""
    by_text = {tuple(atoms.keys): atoms for atoms in left_old if atoms.keys}
    for other in list(left_new):
        if (one := by_text.pop(tuple(other.keys), None)) is not None:
            pairs.append((one, other))
            left_old.remove(one)
            left_new.remove(other)


# Words


def _compare(texts: Texts, one: Atoms, other: Atoms, old: PrintedBook, new: PrintedBook) -> None:
    found = [] if one.keys == other.keys else differences(one.keys, other.keys)
    texts.differences[other.key] = found
    changes = [part for part in found if not _is_reflow(one, other, part)]
    for part in _near_together(changes, one, other):
        texts.changes.append(_change(one, other, part, old, new))
    if one.key.kind == "note" and one.mark != other.mark:
        texts.renumbered.append(Renumbered(other.key.id, one.mark, other.mark))
    a, b = 0, 0
    for start, end, begin, stop in (*found, Difference(len(one.keys), 0, len(other.keys), 0)):
        if one.gaps[a:start] != other.gaps[b:begin] or one.forms[a:start] != other.forms[b:begin]:
            _compare_forms(texts, one, other, a, b, start - a, old, new)
        if LOCATOR in one.keys:
            _compare_page_numbers(texts, one, other, a, b, start - a)
        a, b = end, stop


def _is_reflow(one: Atoms, other: Atoms, part: Difference) -> bool:
    """Whether a difference may be how lines were broken: the same letters, with a line's end among them.

    Or a number that happens to be that of its page in one of the books only.
    """
    if part.old == part.old_end or part.new == part.new_end:
        return False
    letters = _letters(one, part.old, part.old_end), _letters(other, part.new, part.new_end)
    if letters[0] != letters[1]:
        return False
    if LOCATOR in (*one.keys[part.old : part.old_end], *other.keys[part.new : part.new_end]):
        return True
    return _has_line_end(one, part.old, part.old_end) or _has_line_end(other, part.new, part.new_end)


def _letters(atoms: Atoms, start: int, end: int) -> str:
    keys = (
        "".join(word.text for _, word in atoms.words[number : number + 1]) if key == LOCATOR else key
        for number, key in enumerate(atoms.keys[start:end], start)
    )
    return "".join(keys).replace("-", "")


def _has_line_end(atoms: Atoms, start: int, end: int) -> bool:
    return 2 in atoms.gaps[start : end + 1] or "" in atoms.forms[start:end]


def _near_together(parts: Sequence[Difference], one: Atoms, other: Atoms) -> list[Difference]:
    """Differences as an editor sees them: in whole words, and what is a word or less apart as one."""
    grown: list[Difference] = []
    for number, part in enumerate(parts):
        start, end = one.whole_words(part.old, part.old_end)
        begin, stop = other.whole_words(part.new, part.new_end)
        # What stands around a difference is equal on both sides: they grow alike, up to the next one.
        room = part.old - (parts[number - 1].old_end if number else 0)
        left = min(max(part.old - start, part.new - begin), room)
        room = (parts[number + 1].old if number + 1 < len(parts) else len(one.keys)) - part.old_end
        right = min(max(end - part.old_end, stop - part.new_end), room)
        part = Difference(part.old - left, part.old_end + right, part.new - left, part.new_end + right)
        if grown and part.old <= grown[-1].old_end + 1 and part.new <= grown[-1].new_end + 1:
            grown[-1] = Difference(grown[-1].old, part.old_end, grown[-1].new, part.new_end)
        else:
            grown.append(part)
    return grown


def _change(one: Atoms, other: Atoms, part: Difference, old: PrintedBook, new: PrintedBook) -> Change:
    kind: Kind = "changed"
    if part.old == part.old_end:
        kind = "added"
    elif part.new == part.new_end:
        kind = "removed"
    return Change(
        kind, other.key, _side(one, part.old, part.old_end, old), _side(other, part.new, part.new_end, new)
    )


def _side(atoms: Atoms, start: int, end: int, book: PrintedBook) -> Side | None:
    if not atoms.words:
        return None
    line, _ = atoms.words[min(start, len(atoms.words) - 1)]
    first, _ = atoms.whole_words(max(0, start - CONTEXT), start)
    _, last = atoms.whole_words(end, min(end + CONTEXT, len(atoms.words)))
    before, after = atoms.text(first, start), atoms.text(end, last)
    found = tuple(boxes(atoms, start, end)) or _caret(atoms, start)
    return Side(line.page, book.folio(line.page), line.number, atoms.text(start, end), before, after, found)


def _caret(atoms: Atoms, at: int) -> tuple[Box, ...]:
    """A narrow box where words would stand."""
    line, word = atoms.words[min(at, len(atoms.words) - 1)]
    x = word.left if at < len(atoms.words) else word.right
    return ((line.page, x - 2.0, line.box[1], x - 1.8, line.box[3]),)


def _compare_forms(
    texts: Texts, one: Atoms, other: Atoms, a: int, b: int, length: int, old: PrintedBook, new: PrintedBook
) -> None:
    """Spaces and hyphens of a stretch of equal words, as far as no line's end is in the way."""

    def is_spaced_otherwise(number: int) -> bool:
        gaps = one.gaps[a + number], other.gaps[b + number]
        return 2 not in gaps and gaps[0] != gaps[1]

    def differs(number: int) -> bool:
        forms = one.forms[a + number], other.forms[b + number]
        return is_spaced_otherwise(number) or ("" not in forms and forms[0] != forms[1])

    for _, group in groupby(enumerate(filter(differs, range(length))), lambda pair: pair[1] - pair[0]):
        numbers = [number for _, number in group]
        first, last = max(0, numbers[0] - is_spaced_otherwise(numbers[0])), numbers[-1] + 1
        part = Difference(a + first, a + last, b + first, b + last)
        start, end = one.whole_words(part.old, part.old_end)
        begin, stop = other.whole_words(part.new, part.new_end)
        texts.changes.append(
            Change("spacing", other.key, _side(one, start, end, old), _side(other, begin, stop, new))
        )


def _compare_page_numbers(texts: Texts, one: Atoms, other: Atoms, a: int, b: int, length: int) -> None:
    for number in range(length):
        if one.keys[a + number] == LOCATOR:
            before, after = one.words[a + number][1].text, other.words[b + number][1].text
            if before != after:
                texts.page_numbers.append(PageNumber(other.key, before, after))


def old_page_of(texts: Texts, key: Key, number: int) -> int | None:
    """The old page on which a new atom stood, or beside which it was put in; None for what is all new."""
    one, _ = texts.pairs[key]
    parts = texts.differences[key]
    index = bisect_right(parts, number, key=lambda part: part.new) - 1
    if index >= 0:
        part = parts[index]
        number = part.old if number < part.new_end else number - part.new_end + part.old_end
    return one.words[min(number, len(one.words) - 1)][0].page if one.words else None


__all__ = ["CALL", "Change", "PageNumber", "Renumbered", "Side", "Texts", "compare_texts", "old_page_of"]
