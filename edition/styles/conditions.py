"""Rules of a sheet that depend on a setting: `@container style(--running-heads: none) { … }`, standard CSS.

Settings are the same for the whole book, so which rules apply is known before the sheet is read by the engine:
those that do not are replaced by white space, and everything else keeps its line and column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from edition.findings import Finding, Severity, declare
from edition.source import Source

BROKEN_CONDITION = declare(
    "L010",
    Severity.ERROR,
    """A condition of a sheet that cannot be read.

    Rules for one choice of a setting stand in `@container style(--NAME: VALUE) { … }`. `not`, `and` and `or` may
    join conditions, without brackets around them. NAME is a setting of the style, VALUE one of its words.
    """,
)

_PIECE = re.compile(r"""/\*.*?\*/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|@container\b[^{};]*\{?|[{}]""", re.S)
_QUERY = re.compile(r"(not\s+)?style\(\s*--([\w-]+)\s*:\s*([^()]*?)\s*\)")


def with_conditions(source: Source, values: Mapping[str, str], problems: list[Finding]) -> str:
    """The text of a sheet with those rules whose conditions hold for the settings' values."""
    text, kept, position = source.text, [], 0
    open_braces: list[bool | None] = []
    """For each open brace whether it is of a condition that holds; None if it is of anything else."""
    for match in _PIECE.finditer(text):
        kept.append(_shown(text[position : match.start()], open_braces))
        piece, position = match[0], match.end()
        if piece.startswith("@container"):
            holds = _holds(piece, values, source, match.start(), problems)
            open_braces += [holds] if piece.endswith("{") else []
            kept.append(_blank(piece))
        elif piece == "}" and open_braces and open_braces.pop() is not None:
            kept.append(" ")
        else:
            kept.append(_shown(piece, open_braces))
            open_braces += [None] if piece == "{" else []
    return "".join([*kept, _shown(text[position:], open_braces)])


def _shown(piece: str, open_braces: list[bool | None]) -> str:
    return _blank(piece) if False in open_braces else piece


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _holds(piece: str, values: Mapping[str, str], source: Source, offset: int, problems: list[Finding]) -> bool:
    """Whether a condition holds: `or` of `and` of single ones."""
    condition = piece.removeprefix("@container").removesuffix("{").strip()

    def report(message: str) -> bool:
        problems.append(BROKEN_CONDITION.at(source.place(offset), message))
        return False

    def single(query: str) -> bool:
        match = _QUERY.fullmatch(query.strip())
        if match is None or not piece.endswith("{"):
            return report(f"`{query.strip()[:80]}` is not like `style(--running-heads: none)`")
        negated, name, value = match.groups()
        if name not in values:
            return report(f"the style has no setting `{name}`")
        return (values[name] == value) is not bool(negated)

    parts = [[single(query) for query in re.split(r"\sand\s", part)] for part in re.split(r"\sor\s", condition)]
    return any(all(part) for part in parts)


def settings_asked(text: str) -> Iterator[tuple[str, str]]:
    """Every setting that a sheet's conditions name, and the value."""
    for piece in _PIECE.finditer(text):
        if piece[0].startswith("@container"):
            yield from ((query[2], query[3]) for query in _QUERY.finditer(piece[0]))
