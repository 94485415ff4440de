"""How much an SVG picture draws: a few lines of it can draw a thousand million things, each a copy of copies."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, ParseError, fromstring

MOST_DRAWN = 500_000
"""Elements that a picture draws, copies counted: some ten seconds of drawing, and far more than any plan or map has."""

_REFERENCE = re.compile(r"#([^\s)'\";]+)")


def draws_too_much(content: bytes) -> bool:
    """Whether an SVG draws more than it may, or itself; what is no XML is left to the engine."""
    if b"<svg" not in content or b"<!ENTITY" in content:  # entities that grow are refused by the parser
        return False
    try:
        root = fromstring(content)
    except (ParseError, ValueError, LookupError, RecursionError):
        return False
    by_id = {its: element for element in root.iter() if (its := element.get("id"))}
    references = {element: [name for name in _named(element) if name in by_id] for element in root.iter()}
    return _drawn(root, by_id, references) > MOST_DRAWN


def _named(element: Element) -> list[str]:
    """The ids that an element names for what it draws; a link leads there and draws nothing."""
    if str(element.tag).rpartition("}")[2] == "a":
        return []
    return [name for value in element.attrib.values() for name in _REFERENCE.findall(value)]


def _drawn(root: Element, by_id: dict[str, Element], references: dict[Element, list[str]]) -> int:
    """The elements that are drawn, one that another names counted again each time; too many if one draws itself."""
    counts: dict[Element, int] = {}
    open_elements: set[Element] = set()
    stack: list[tuple[Element, bool]] = [(root, False)]
    while stack:
        element, is_left = stack.pop()
        within = [*element, *(by_id[name] for name in references[element])]
        if is_left:
            open_elements.discard(element)
            counts[element] = min(1 + sum(counts.get(inner, 0) for inner in within), MOST_DRAWN + 1)
        elif element in open_elements:
            return MOST_DRAWN + 1
        elif element not in counts:
            open_elements.add(element)
            stack.append((element, True))
            stack += [(inner, False) for inner in within if inner not in counts]
    return counts[root]
