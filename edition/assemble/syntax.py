"""Values as they stand in a PDF (ISO 32000-1, 7.3). Knows no file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from edition.drawings import decimal


class Name(str):
    """A name, without its solidus."""


class Reference(int):
    """A reference to the object of this number."""


Value: TypeAlias = (
    bool | int | float | str | bytes | Name | Reference | Sequence["Value"] | Mapping[str, "Value"] | None
)
"""What stands in a body: text strings as `str`, what is written out already as `bytes`."""

_IRREGULAR = re.compile(rb"[^!$-'*-.0-;=?-Z\\^-z|~]")
"""What must be escaped in a name."""
_ESCAPED = re.compile(rb"[\\()\r]")


def written(value: Value) -> bytes:
    """A value as it stands in a file."""
    match value:
        case bytes():
            return value
        case None:
            return b"null"
        case bool():
            return b"true" if value else b"false"
        case Name():
            return name(value)
        case Reference():
            return b"%d 0 R" % value
        case str():
            return text_string(value)
        case int():
            return b"%d" % value
        case float():
            return decimal(value)
        case Mapping():
            return b"<<%s>>" % b"".join(b"%s %s" % (name(key), written(its)) for key, its in value.items())
    return b"[%s]" % b" ".join(map(written, value))


def name(text: str) -> bytes:
    """A name with its solidus."""
    return b"/" + _IRREGULAR.sub(lambda found: b"#%02X" % found[0][0], text.encode())


def text_string(text: str) -> bytes:
    """A text string: ASCII as it reads, anything else in UTF-16."""
    if text.isascii() and (text.isprintable() or not text):
        return byte_string(text.encode())
    return b"<%s>" % (b"\xfe\xff" + text.encode("utf-16-be")).hex().upper().encode()


def byte_string(content: bytes) -> bytes:
    return b"(%s)" % _ESCAPED.sub(lambda found: b"\\r" if found[0] == b"\r" else b"\\" + found[0], content)
