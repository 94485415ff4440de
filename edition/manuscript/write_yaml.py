"""YAML written so that strict_yaml reads the same texts: plain where it can be, quoted where it must."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PLAIN = re.compile(r"(?![-?:](?:\s|$))[^\s,\[\]{}#&*!|>'\"%@`](?:[^\s:#]|(?<=\S)#|:(?=\S)|[ ](?=[^ #\n]))*")
_FORBIDDEN = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def write_pair(key: str, text: str, *, quoted: bool = False) -> list[str]:
    """The lines of a key and its text. `quoted`: in quotes although it need not be."""
    first, *others = write_scalar(text, quoted=quoted)
    return [f"{write_scalar(key)[0]}: {first}", *(f"  {line}" if line else "" for line in others)]


def write_list(key: str, texts: Iterable[str]) -> list[str]:
    """The lines of a key and a list of texts."""
    lines = [f"{key}:"]
    for text in texts:
        first, *others = write_scalar(text)
        lines += [f"  - {first}", *(f"    {line}" if line else "" for line in others)]
    return lines


def write_scalar(text: str, *, quoted: bool = False) -> list[str]:
    """The lines of a text as a YAML scalar: one, or `|-` and its lines, not yet indented."""
    if _FORBIDDEN.search(text):
        return [_double(text)]
    if "\n" in text:
        return ["|-", *text.split("\n")] if _fits_block(text) else [_double(text)]
    if not quoted and _PLAIN.fullmatch(text):
        return [text]
    if "\t" in text or not ('"' in text or "\\" in text):
        return [_double(text)]
    return ["'" + text.replace("'", "''") + "'"]


def _fits_block(text: str) -> bool:
    return not re.search(r"\A[\s]|\n\Z|\t|[ ](?:\n|\Z)", text)


def _double(text: str) -> str:
    escaped = re.sub(r'["\\]', r"\\\g<0>", text).replace("\n", "\\n").replace("\t", "\\t")
    return '"' + _FORBIDDEN.sub(_escape, escaped) + '"'


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
