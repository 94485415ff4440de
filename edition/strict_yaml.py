"""YAML read strictly: every scalar is text, every node knows its place, and nothing can explode.

`861.24`, `no`, `012`, `12:30` and `1861-04-10` mean what they look like. Anchors, aliases and tags are
refused, equal keys reported, depth is bounded. Knows no field by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from edition.files import CONTROL, CONTROL_CHARACTER
from edition.findings import Finding, Rule, Severity, declare
from edition.source import Content, Source

BAD_YAML = declare(
    "Y010",
    Severity.ERROR,
    """YAML cannot be read.

    Most often a value holds `: ` or begins with a sign that means something in YAML: put it in quotes.""",
)
DUPLICATE_KEY = declare(
    "Y011",
    Severity.ERROR,
    """A key stands twice in one mapping.

    Only one of the values could count, so neither does until one is gone.""",
)
REFUSED = declare(
    "Y012",
    Severity.ERROR,
    """An anchor, an alias or a tag stands in the YAML.

    They are not needed here, and aliases can make a small file huge. Write the value out; put it in quotes
    if it begins with `&`, `*` or `!`.""",
)
DEEP_YAML = declare(
    "Y013",
    Severity.ERROR,
    """YAML is nested too deep.

    Divisions in divisions are the deepest thing there is; 32 levels are more than a volume has.""",
)

_FOLD = re.compile(r"[ \t]*\n\s*")
_ESCAPES = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\n[ \t]*|.)")


DEEPEST = 32
"""Levels of nesting."""


@dataclass(slots=True)
class Scalar:
    """A text, and where it stands: offsets of its beginning (with the quote) and its end."""

    text: str
    start: int
    end: int = 0
    style: str = ""

    def content(self, source: Source) -> Content:
        """The text with the way back to the source, also through quotes, escapes and folded lines."""
        raw = source.text[self.start : self.end]
        if not self.style and raw == self.text:
            return Content(self.text, (0,), (self.start,))
        return _align(self.text, source.text, self.start, self.end, self.style)


@dataclass(slots=True)
class Sequence:
    """A list."""

    start: int
    nodes: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Mapping:
    """A mapping; each key with its own place."""

    start: int
    entries: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)

    def get(self, key: str) -> Node | None:
        return self.entries[key][1] if key in self.entries else None

    def content(self, key: str, source: Source) -> Content | None:
        """The text of a key with its places, if it is text."""
        node = self.get(key)
        return node.content(source) if isinstance(node, Scalar) else None

    def offset(self, *path: str | int) -> int:
        """Where the value at a path stands, or as far as the path leads."""
        return find(self, path).start


Node: TypeAlias = Scalar | Sequence | Mapping


def find(node: Node, path: tuple[str | int, ...]) -> Node:
    """The node at a path of keys and indices, or the last one on the way."""
    for step in path:
        if isinstance(node, Mapping) and step in node.entries:
            node = node.entries[str(step)][1]
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.nodes):
            node = node.nodes[step]
        else:
            break
    return node


def plain(node: Node) -> Any:
    """The node as text, list and dict."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [plain(child) for child in node.nodes]
    return {key: plain(child) for key, (_, child) in node.entries.items()}


def read_yaml(source: Source, start: int, end: int, findings: list[Finding]) -> Node | None:
    """The YAML between two offsets of a source, or None if it cannot be read at all or is empty."""
    builder = _Builder(source, start, findings)
    try:
        for event in yaml.parse(source.text[start:end], Loader=yaml.CSafeLoader):
            if not builder.take(event):
                return None
    except yaml.MarkedYAMLError as error:
        builder.report_unreadable(error)
        return None
    except yaml.YAMLError as error:
        builder.report(BAD_YAML, 0, f"cannot read this YAML: {getattr(error, 'reason', error)}")
        return None
    return builder.root


def _worded(error: yaml.MarkedYAMLError) -> str:
    return f"cannot read this YAML: {error.problem or error.context or 'unknown reason'}"


class _Builder:
    """Builds the nodes from the parser's events."""

    def __init__(self, source: Source, base: int, findings: list[Finding]) -> None:
        self.source, self.base, self.findings = source, base, findings
        self.root: Node | None = None
        self.open: list[Sequence | Mapping] = []
        self.keys: list[Scalar | None] = []
        """For each open node the key whose value comes next, if any."""

    def report(self, rule: Rule, index: int, message: str, *, hint: str | None = None) -> None:
        offset = min(self.base + index, len(self.source.text))
        self.findings.append(rule.at(self.source.place(offset), message, hint=hint))

    def report_unreadable(self, error: yaml.MarkedYAMLError) -> None:
        """Tell why the parser gave up. Some releases of libyaml bound the depth themselves, before we can."""
        mark = error.problem_mark or error.context_mark
        index = mark.index if mark else 0
        if "nesting depth" in str(error.problem):
            self.report(DEEP_YAML, index, f"YAML nested more than {DEEPEST} levels deep")
        else:
            self.report(BAD_YAML, index, _worded(error), hint="quotes around the value may help")

    def take(self, event: yaml.Event) -> bool:
        """Take one event; False if reading must stop."""
        index = event.start_mark.index if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            self.report(REFUSED, index, f"the alias `*{event.anchor}` is refused", hint="write the value out")
            self._add(Scalar("", self.base + index))
        elif isinstance(event, yaml.NodeEvent):
            return self._node(event, index)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.open.pop()
            self.keys.pop()
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            self.report(BAD_YAML, index, "a second YAML document begins here", hint="take the line `---` out")
            return False
        return True

    def _node(self, event: yaml.NodeEvent, index: int) -> bool:
        start = self.base + index
        if event.anchor:
            self.report(REFUSED, index, f"the anchor `&{event.anchor}` is refused", hint="or put it in quotes")
        if tag := getattr(event, "tag", None):
            self.report(REFUSED, index, f"the tag `{tag}` is refused", hint="or put it in quotes")
        if isinstance(event, yaml.ScalarEvent):
            style = event.style or ""
            if wrong := CONTROL.search(event.value):
                message = f"this text holds the control character U+{ord(wrong[0]):04X}"
                self.report(CONTROL_CHARACTER, index, message, hint="take its escape out")
            end = self.base + event.end_mark.index if event.end_mark else start
            # the line end that `|` and `>` keep is how they are written, not what they say
            text = event.value.rstrip("\n") if style in ("|", ">") else event.value
            self._add(Scalar(text, start, end, style.strip()))
            return True
        node: Sequence | Mapping = (
            Sequence(start) if isinstance(event, yaml.SequenceStartEvent) else Mapping(start)
        )
        self._add(node)
        self.open.append(node)
        self.keys.append(None)
        if len(self.open) > DEEPEST:
            self.report(DEEP_YAML, index, f"YAML nested more than {DEEPEST} levels deep")
        return len(self.open) <= DEEPEST

    def _add(self, node: Node) -> None:
        if not self.open:
            self.root = node
            return
        parent, key = self.open[-1], self.keys[-1]
        if isinstance(parent, Sequence):
            parent.nodes.append(node)
        elif key is None:
            self.keys[-1] = self._key(node)
        else:
            self.keys[-1] = None
            if key.text in parent.entries:
                first = self.source.place(parent.entries[key.text][0].start)
                message = f"the key `{key.text[:60]}` stands twice"
                self.report(DUPLICATE_KEY, key.start - self.base, message, hint=f"first at {first}")
            else:
                parent.entries[key.text] = (key, node)

    def _key(self, node: Node) -> Scalar:
        if isinstance(node, Scalar):
            return node
        self.report(BAD_YAML, node.start - self.base, "a key must be text")
        return Scalar("", node.start)


def _align(text: str, source: str, start: int, end: int, style: str) -> Content:
    """Match the characters of a scalar with those of the source, piece by piece."""
    pieces = list(_pieces(text, source, start, end, style)) or [(0, start)]
    return Content(text, tuple(position for position, _ in pieces), tuple(offset for _, offset in pieces))


def _pieces(text: str, source: str, start: int, end: int, style: str) -> Iterator[tuple[int, int]]:
    """Positions in the text and offsets in the source where their distance changes."""
    offset = _first_character(source, start, end, style)
    yield 0, offset
    distance, position = offset, 0
    while position < len(text) and offset < end:
        width, length = _step(text, position, source, offset, style)
        if offset - position != distance:
            distance = offset - position
            yield position, offset
        position += width
        offset += length


def _first_character(source: str, start: int, end: int, style: str) -> int:
    if style in ("'", '"'):
        return start + 1
    if style in ("|", ">"):
        line = source.find("\n", start, end) + 1
        return line + len(source[line:end]) - len(source[line:end].lstrip(" \n"))
    return start


def _step(text: str, position: int, source: str, offset: int, style: str) -> tuple[int, int]:
    """How many characters of text and of source go together here."""
    character = text[position]
    if style == "'" and source.startswith("''", offset):
        return 1, 2
    if style == '"' and source[offset] == "\\":
        escape = _ESCAPES.match(source, offset)
        length = escape.end() - offset if escape else 1
        return (0 if source.startswith("\n", offset + 1) else 1), length
    if character in " \n" and (fold := _FOLD.match(source, offset)):
        blank = len(text) - position - len(text[position:].lstrip("\n"))
        return max(1, blank), fold.end() - offset
    return 1, 1
