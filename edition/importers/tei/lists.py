"""Lists, with labels or without, page breaks between their items. Knows no other block."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from lxml import etree

from edition.importers.tei.elements import Piece, name_of, pieces, role_of
from edition.model import Block, Inline, Item, ItemList
from edition.source import Place


def make_lists(
    element: etree._Element,
    content: Callable[[Iterable[Piece]], tuple[Block, ...]],
    inlines: Callable[[Iterable[Piece]], tuple[Inline, ...]],
    at: Callable[[etree._Element], Place],
) -> tuple[Block, ...]:
    """The lists that a `list` becomes, and what stands between them.

    A page break between two items opens the second. Items with labels and items without never share a list.
    """
    made: list[Block] = []
    items: list[Item] = []
    waiting: list[Piece] = []
    label: tuple[Inline, ...] = ()
    for piece in pieces(element):
        if isinstance(piece, str):
            waiting += [piece] if piece.strip(" \t\r\n") else []
        elif role_of(piece) == "page-break":
            waiting.append(piece)
        elif name_of(piece) == "label":
            items += [Item((), label)] if label else []
            label, waiting = inlines([*waiting, *pieces(piece)]), []
        elif name_of(piece) == "item":
            blocks = content([*waiting, *pieces(piece)])
            items += [Item(blocks, label, at(piece))] if blocks or label else []
            label, waiting = (), []
        else:
            made += [*_by_label(items), *content([*waiting, piece])]
            items, waiting = [], []
    items += [Item((), label)] if label else []
    return (*made, *_by_label(items), *content(waiting))


def _by_label(items: Sequence[Item]) -> list[ItemList]:
    return [ItemList(tuple(group)) for _, group in groupby(items, lambda item: bool(item.label))]
