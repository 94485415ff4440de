"""The outline of a document: a node a line, with the place of each. What the cases compare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from edition.model import Document


def outline(document: Document) -> str:
    """Front matter that has a value, then blocks, then notes."""
    lines: list[str] = []
    for field in fields(document):
        value = getattr(document, field.name)
        if field.name == "at" or not value:
            continue
        if isinstance(value, tuple) and is_dataclass(value[0]):
            lines.append(field.name)
            lines += [line for node in value for line in _node(node, 1)]
        else:
            lines.append(f"{field.name} {value!s}")
    return "\n".join(lines)


def _node(node: Any, level: int) -> Iterator[str]:
    place = getattr(node, "at", None)
    where = f"{place.line}:{place.column}" if place else "-"
    words, children = [], []
    for field in fields(node):
        value = getattr(node, field.name)
        if field.name == "at" or value in ("", (), False) or value == field.default:
            continue
        if isinstance(value, tuple) and is_dataclass(value[0]):
            children.append((field.name, value))
        else:
            words.append(f"{field.name}={value!s}" if field.name != "text" else f"“{value}”")
    yield "  " * level + " ".join([where, type(node).__name__, *words])
    for name, value in children:
        if name in ("label", "caption", "notes"):
            yield "  " * (level + 1) + name
        for child in value:
            yield from _node(child, level + 1 + (name in ("label", "caption", "notes")))
