"""ICC profiles of printing conditions: the one that is named, or one that is installed; nothing else is fit."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

INSTALLED = (
    Path("/usr/share/color/icc/ghostscript/default_cmyk.icc"),
    Path("/usr/share/ghostscript/iccprofiles/default_cmyk.icc"),
    Path("/opt/homebrew/share/ghostscript/iccprofiles/default_cmyk.icc"),
    Path("/usr/local/share/ghostscript/iccprofiles/default_cmyk.icc"),
    Path("/System/Library/ColorSync/Profiles/Generic CMYK Profile.icc"),
)
"""Where a profile for the process colours is looked for, if none is named."""
PACKAGE = "libgs-common"
"""The package of Debian and Ubuntu that brings the first of these."""
LARGEST = 20_000_000


class UnfitProfileError(ValueError):
    """What is wrong with a file that should be a profile."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile of an output device with the four process colours."""

    content: bytes
    name: str


def installed_profile() -> Profile | None:
    """The first installed profile that is fit."""
    for path in INSTALLED:
        if path.is_file():
            return read_profile(path.read_bytes())
    return None


def read_profile(content: bytes) -> Profile:
    """Raises UnfitProfileError unless the file is a profile of an output device for CMYK, of version 2 or 4.

    The header is that of ICC.1, 7.2: the version in byte 8, class and colour space from 12, `acsp` from 36.
    """
    if len(content) < 132 or content[36:40] != b"acsp":
        raise UnfitProfileError("it is no ICC profile")
    if len(content) > LARGEST:
        raise UnfitProfileError(f"it is larger than {LARGEST // 1_000_000} MB")
    if content[12:16] != b"prtr" or content[16:20] != b"CMYK":
        kind, space = (content[start : start + 4].decode("ascii", "replace").strip() for start in (12, 16))
        raise UnfitProfileError(
            f"it is a profile of the class `{kind}` for {space}, not of a press (`prtr`) for CMYK"
        )
    if content[8] not in (2, 4):
        raise UnfitProfileError(f"its version is {content[8]}, not 2 or 4")
    return Profile(content, _description(content) or "CMYK")


def _description(content: bytes) -> str:
    """The text of the tag `desc`, plain (ICC.1:2001, 6.5.17) or in many languages (ICC.1:2010, 10.13)."""
    (count,) = struct.unpack_from(">I", content, 128)
    for index in range(min(count, 200)):
        tag, offset, size = struct.unpack_from(">4sII", content, 132 + 12 * index)
        data = content[offset : offset + size]
        if tag == b"desc" and data[:4] == b"desc":
            (length,) = struct.unpack_from(">I", data, 8)
            return data[12 : 12 + length].decode("latin-1").strip("\0 \n")
        if tag == b"desc" and data[:4] == b"mluc" and len(data) >= 28:
            length, start = struct.unpack_from(">II", data, 20)
            return data[start : start + length].decode("utf-16-be", "replace").strip("\0 \n")
    return ""
