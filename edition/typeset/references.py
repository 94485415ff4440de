"""Page references that CSS writes: spans shortened as Chicago does, settled in a bounded number of rounds.

Knows the content of generated boxes, and nothing of how pages are laid out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from weasyprint.formatting_structure import boxes

from edition.numerals import inclusive

ROUNDS = 5
"""How often the engine lays pages out at most until the page numbers that they print stay the same."""

_SPAN = re.compile(r"(\w+)–(\w+)")


def with_inclusive_numbers(compute_content_list: Callable[..., Any]) -> Callable[..., Any]:
    """The engine's content of a box, where two page numbers with a dash between them are one span: 211–13, 211."""

    def compute_content_list_inclusive(content_list: Any, *args: Any, **kwargs: Any) -> Any:
        made = compute_content_list(content_list, *args, **kwargs)
        if made and gives_span(content_list):
            for box in made:
                if isinstance(box, boxes.TextBox):
                    box.text = _SPAN.sub(lambda found: inclusive(found[1], found[2]), box.text)
        return made

    return compute_content_list_inclusive


def gives_span(content_list: Sequence[tuple[str, Any]]) -> bool:
    """Whether `content` has two target counters with an en dash between them."""
    if isinstance(content_list, str):
        return False
    kinds = [value if kind == "string" else kind for kind, value in content_list]
    return any(kinds[at : at + 3] == ["target-counter()", "–", "target-counter()"] for at in range(len(kinds)))


def in_few_rounds(layout_document: Callable[..., Any]) -> Callable[..., Any]:
    """The engine's layout, with an end to its rounds; what then is not right, the proof finds."""
    return partial(layout_document, max_loops=ROUNDS)


def with_tables_measured_anew(make_all_pages: Callable[..., Any]) -> Callable[..., Any]:
    """The engine's round of pages, with tables as wide as the numbers need that they now print.

    The engine keeps the widths of the first round, in which no page number was known.
    """

    def make_all_pages_anew(context: Any, *args: Any) -> Any:
        context.tables.clear()
        return make_all_pages(context, *args)

    return make_all_pages_anew


HOOKS = {
    "weasyprint.layout.make_all_pages": with_tables_measured_anew,
    "weasyprint.formatting_structure.build.compute_content_list": with_inclusive_numbers,
    "weasyprint.document.layout_document": in_few_rounds,
}
"""What `engine` wraps: dotted name → function that is given the original and gives its replacement."""
