"""What a layout depends on beside the book and its style: the programs that make it. Loads nothing heavy."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from importlib.metadata import version

from edition.cache import program

PACKAGES = ("weasyprint", "pydyf", "fonttools", "pyphen", "cssselect2", "tinycss2", "pillow")
LIBRARIES = (
    ("pango_version", ("libpango-1.0.so.0", "libpango-1.0.0.dylib", "libpango-1.0-0.dll"), ctypes.c_int),
    ("hb_version_string", ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll"), ctypes.c_char_p),
)
"""Functions that say a library's version, the library's names, what they return."""

OWN = ("typeset/**/*.py", "typeset/base.css", "drawings.py", "pages.py", "numerals.py")


@cache
def versions() -> str:
    """Versions of all that has a part in a layout, this package's own sources included."""
    packages = [f"{name} {version(name)}" for name in PACKAGES]
    libraries = [f"{function} {_said_by(names, function, kind)}" for function, names, kind in LIBRARIES]
    python = f"python {sys.version_info.major}.{sys.version_info.minor}"
    return "\n".join([program(*OWN), python, *packages, *libraries])


def _said_by(names: tuple[str, ...], function: str, kind: type[ctypes.c_int | ctypes.c_char_p]) -> str:
    for name in names:
        try:
            call = getattr(ctypes.CDLL(name), function)
        except (OSError, AttributeError):
            continue
        call.restype = kind
        said = call()
        return said.decode() if isinstance(said, bytes) else str(said)
    return "unknown"
