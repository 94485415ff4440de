"""What a sheet may be without taking the engine down: how deep, how large its numbers and its texts.

A sheet may come from a stranger. Each of these can end in a build that never ends, or in no memory, while a sheet that
is meant for a book comes nowhere near them. Looks at brackets, numbers, strings and custom properties alone.
"""

from __future__ import annotations

import re

DEEPEST = 32
"""Brackets in brackets."""
LARGEST = 10_000_000
"""What a number may be, whatever its unit."""
LONGEST = 10_000
"""Characters that a string may have, and a custom property when the properties that it names are put in."""

_TOKEN = re.compile(
    r"""/\*.*?(?:\*/|$) | (?P<string>"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?) | url\(\s*[^"'\s)][^)]*\)?
    | \#[\w-]+ | [uU]\+[0-9a-fA-F?]+(?:-[0-9a-fA-F]+)?
    | @?-{0,2}[a-zA-Z_\u0080-\U0010ffff][\w\-\u0080-\U0010ffff]*
    | (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?) | (?P<open>[({\[]) | (?P<close>[)}\]])""",
    re.X | re.S,
)
_PROPERTY = re.compile(r"(?<![\w-])(--[\w-]+)\s*:([^;{}]*)")
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)")


def too_much(text: str) -> tuple[int, str] | None:
    """Where a sheet is too much for the engine, and why; None for what it can be given."""
    depth = 0
    for token in _TOKEN.finditer(text):
        match token.lastgroup:
            case "open":
                depth += 1
                if depth > DEEPEST:
                    return token.start(), f"brackets are nested more than {DEEPEST} levels deep"
            case "close":
                depth = max(0, depth - 1)
            case "number" if abs(float(token[0])) > LARGEST:
                return token.start(), f"the number {token[0][:30]} is larger than {LARGEST:,}"
            case "string" if len(token[0]) > LONGEST and not token[0][1:].startswith("data:"):
                return token.start(), f"a string is longer than {LONGEST:,} characters"
    return _long_property(text)


def _long_property(text: str) -> tuple[int, str] | None:
    """The first custom property that becomes too long, those that it names put in with their longest values."""
    written = [(match.start(), match[1], match[2]) for match in _PROPERTY.finditer(text)]
    sizes = {name: 0 for _, name, _ in written}
    for _ in written:
        before = dict(sizes)
        for start, name, value in written:
            size = len(value) + sum(sizes.get(named, 0) for named in _VARIABLE.findall(value))
            if size > LONGEST:
                return start, f"`{name[:60]}` becomes longer than {LONGEST:,} characters"
            sizes[name] = max(sizes[name], size)
        if sizes == before:
            break
    return None
