"""What a comparison tells: lines for a person, values for a machine, a page of HTML with pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from edition.proof.comparison import Compared
from edition.proof.comparison.moves import runs
from edition.proof.comparison.pictures import PagePictures
from edition.proof.comparison.texts import Change, Side
from edition.proof.html import page_of
from edition.proof.streams import Key

LONGEST = 160
"""Characters of words that a line shows."""
SHOWN = 12
"""Lines of running heads and the like that are told; JSON has all."""


def told(compared: Compared) -> Iterator[str]:
    """A comparison, line by line: text, notes, what moved, what follows from that."""
    old, new = compared.old, compared.new
    yield f"old: {old.path}, {_count(len(old.pages), 'page')}; new: {new.path}, {_count(len(new.pages), 'page')}"
    if compared.by_text_alone:
        yield "not both are of this builder: compared by their text alone, notes with it"
    pages = len({change.page for change in compared.changes})
    yield (
        f"text: {_count(len(compared.changes), 'change')} on {_count(pages, 'page')}"
        if pages
        else "text: the same"
    )
    yield from (f"  {change_line(change)}" for change in compared.changes)
    if compared.renumbered:
        yield f"notes with another mark: {len(compared.renumbered)}"
        yield from _few([f"  {note.id}: {note.old} → {note.new}" for note in compared.renumbered])
    if not compared.by_text_alone:
        yield f"moved: {_moved_in_all(compared)}"
        yield from moved_lines(compared)
    if compared.page_numbers:
        yield f"page numbers in contents and lists that follow: {len(compared.page_numbers)}"
    if compared.furniture:
        yield f"running heads and folio lines that differ on pages of the same folio: {len(compared.furniture)}"
        if len(compared.furniture) <= SHOWN:  # where all pages shift, all running heads do
            for line in compared.furniture:
                yield f"  p. {line.folio}: {line.old or '—'} → {line.new or '—'}"
    if not compared.by_text_alone:
        different = f"{len(compared.look_different)} of {len(new.pages)}"
        yield f"pages that look different, moved lines included: {different}"


def change_line(change: Change) -> str:
    """`p. 12, line 4 (was p. 11, line 30), document d12: … counted [seventeen → eighteen] vessels …`."""
    side = change.new or change.old
    assert side
    words = " ".join(filter(None, (side.before, _words(change), side.after)))
    return f"{where(change)}, {name_of(change.key)}: {words}"


def where(change: Change) -> str:
    if change.new is None:
        return _where(change.old, "was ")
    was = f" (was {_where(change.old)})" if _where(change.old) not in ("", _where(change.new)) else ""
    return _where(change.new) + was


def _where(side: Side | None, was: str = "") -> str:
    return f"{was}p. {side.folio}, line {side.line}" if side else ""


def _words(change: Change) -> str:
    old, new = _cut(change.old.words if change.old else ""), _cut(change.new.words if change.new else "")
    match change.kind:
        case "added":
            return f"[+ {new}]"
        case "removed":
            return f"[– {old}]"
        case _:
            return f"[{old} → {new}]"


def _cut(words: str) -> str:
    return (
        words if len(words) <= LONGEST else f"{words[: LONGEST // 2].rstrip()} … {words[-LONGEST // 2 :].lstrip()}"
    )


def name_of(key: Key) -> str:
    """What an editor calls it."""
    if key.kind == "generated":
        return key.id.replace("-", " ") or "text"
    return f"{key.kind} {key.id}"


def moved_lines(compared: Compared) -> Iterator[str]:
    """What moved, together what moved alike; notes move with their text, and are only counted."""
    for run in runs(compared.moved):
        first, last = run[0], run[-1]
        by = (
            f"{_count(abs(first.by), 'page')} {'later' if first.by > 0 else 'earlier'}"
            if first.by
            else "other folio"
        )
        if len(run) == 1:
            yield f"  {first.name}: {first.old} → {first.new}"
        else:
            yield (
                f"  {first.name} to {last.id} ({len(run)}): {by}, "
                f"{first.old} → {first.new} to {last.old} → {last.new}"
            )
    for here, before in compared.out_of_order:
        yield f"  {name_of(here)} now comes after {name_of(before)}"


def _moved_in_all(compared: Compared) -> str:
    counts: dict[str, int] = {}
    for move in compared.moved:
        counts[move.kind] = counts.get(move.kind, 0) + 1
    return ", ".join(_count(number, kind) for kind, number in counts.items()) or "nothing"


def _few(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:SHOWN]
    if len(lines) > SHOWN:
        yield f"  and {len(lines) - SHOWN} more"


def _count(number: int, thing: str) -> str:
    return f"{number} {thing if number == 1 else thing + 's'}"


def as_values(compared: Compared) -> dict[str, Any]:
    """A comparison for a machine. Pages are counted from 1; folios are what is printed."""
    return {
        "old": {"file": str(compared.old.path), "pages": len(compared.old.pages)},
        "new": {"file": str(compared.new.path), "pages": len(compared.new.pages)},
        "by-text-alone": compared.by_text_alone,
        "changes": [
            {
                "kind": change.kind,
                "in": {"kind": change.key.kind, "id": change.key.id},
                "old": _side_values(change.old),
                "new": _side_values(change.new),
            }
            for change in compared.changes
        ],
        "renumbered": [note._asdict() for note in compared.renumbered],
        "moved": [asdict(move) for move in compared.moved],
        "out-of-order": [{"id": here.id, "after": last.id} for here, last in compared.out_of_order],
        "page-numbers": [
            {"in": name_of(number.key), "old": number.old, "new": number.new} for number in compared.page_numbers
        ],
        "furniture": [line._asdict() for line in compared.furniture],
        "look-different": [page + 1 for page in compared.look_different],
    }


def _side_values(side: Side | None) -> dict[str, Any] | None:
    if side is None:
        return None
    boxes = [[box[0] + 1, *(round(edge, 1) for edge in box[1:])] for box in side.boxes]
    return {
        "page": side.page + 1, "folio": side.folio, "line": side.line, "words": side.words,
        "before": side.before, "after": side.after, "boxes": boxes,
    }  # fmt: skip


def comparison_html(compared: Compared, pictures: Mapping[tuple[int | None, int | None], PagePictures]) -> str:
    """A page with all changes, beside each page that differs its pictures, by the names of their files."""
    pages: dict[tuple[int | None, int | None], list[Change]] = {pair: [] for pair in pictures}
    for change in compared.changes:
        pair = (change.old.page if change.old else None, change.new.page if change.new else None)
        pages.setdefault(pair, []).append(change)
    return page_of(
        "comparison.html",
        compared=compared,
        pages=[(_heading(compared, pair), changes, pictures.get(pair)) for pair, changes in sorted_pages(pages)],
        moved=[line.strip() for line in moved_lines(compared)],
        where=where,
        name_of=name_of,
    )


def sorted_pages(
    pages: Mapping[tuple[int | None, int | None], list[Change]],
) -> list[tuple[tuple[int | None, int | None], list[Change]]]:
    """In the order of the new pages; what is only in the old book where it stood."""
    return sorted(pages.items(), key=lambda item: item[0][1] if item[0][1] is not None else item[0][0] or 0)


def _heading(compared: Compared, pair: tuple[int | None, int | None]) -> str:
    old, new = pair
    if new is None:
        return f"Page {compared.old.folio(old or 0)} of the old book"
    folio, before = compared.new.folio(new), None if old is None else compared.old.folio(old)
    return f"Page {folio}" + (f" (was {before})" if before not in (None, folio) else "")
