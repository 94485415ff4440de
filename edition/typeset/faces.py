"""Faces: which font files a style's families are, and a font configuration that holds nothing else.

Without it a missing letter is taken silently from some other face of the machine, and the same edition looks
different on another machine.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from weakref import finalize

from fontTools.ttLib import TTFont, TTLibError
from weasyprint.text.ffi import ffi, pangoft2
from weasyprint.text.fonts import FontConfiguration

FONT_SUFFIXES = {".otf", ".ttf", ".ttc"}

_DECLARATIONS = """
    typedef struct { int nfont; int sfont; FcPattern **fonts; } EditionFontSet;
    EditionFontSet *FcConfigGetFonts(FcConfig *, int);
    FcConfig *FcInitLoadConfigAndFonts(void);
    int FcPatternGetString(const FcPattern *, const char *, int, unsigned char **);
"""


@dataclass(frozen=True, slots=True)
class Face:
    """A font file of a family; a family's regular, italic and bold are one file each."""

    family: str
    path: Path


@cache
def installed() -> dict[str, tuple[Face, ...]]:
    """All faces that the machine's own font configuration knows, by family name."""
    from cffi import FFI

    own = FFI()
    own.cdef("typedef struct _FcPattern FcPattern; typedef struct _FcConfig FcConfig;" + _DECLARATIONS)
    library = own.dlopen(_fontconfig_name())
    fonts = library.FcConfigGetFonts(library.FcInitLoadConfigAndFonts(), 0)
    families: dict[str, set[Face]] = {}
    for index in range(fonts.nfont if fonts else 0):
        path = _string(own, library, fonts.fonts[index], b"file")
        family = _string(own, library, fonts.fonts[index], b"family")
        if path and family and Path(path).suffix.lower() in FONT_SUFFIXES:
            families.setdefault(family, set()).add(Face(family, Path(path)))
    return {family: tuple(sorted(faces, key=str)) for family, faces in families.items()}


def _string(own: Any, library: Any, pattern: Any, name: bytes) -> str:
    value = own.new("unsigned char **")
    if library.FcPatternGetString(pattern, name, 0, value):
        return ""
    return bytes(own.string(value[0])).decode(errors="replace")


def _fontconfig_name() -> str:
    """The library that the engine has loaded already, by the name that this system gives it."""
    from ctypes.util import find_library

    return find_library("fontconfig") or find_library("fontconfig-1") or "libfontconfig.so.1"


def bundled(folders: Iterable[Path]) -> dict[str, tuple[Face, ...]]:
    """The faces in the `fonts/` folders of a style, by family name. A file that is no font is left out."""
    families: dict[str, list[Face]] = {}
    for folder in folders:
        for path in sorted((folder / "fonts").glob("**/*")):
            if path.suffix.lower() in FONT_SUFFIXES and (family := _family(path)):
                families.setdefault(family, []).append(Face(family, path))
    return {family: tuple(faces) for family, faces in families.items()}


def _family(path: Path) -> str:
    try:
        with TTFont(path, lazy=True, fontNumber=0) as font:
            return font["name"].getBestFamilyName() or ""
    except (TTLibError, OSError, KeyError):
        return ""


def coverage(faces: Iterable[Face]) -> set[int]:
    """All code points that at least one of the faces has a glyph for."""
    return set().union(*(_characters(face.path) for face in faces))


@cache
def _characters(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True, fontNumber=0) as font:
        return frozenset(font.getBestCmap() or ())


@contextmanager
def only(faces: Iterable[Face]) -> Iterator[FontConfiguration]:
    """A font configuration for the engine that knows these faces and no others.

    Fontconfig is told where to look by a file of our own: their folders, all files in them rejected but these.
    """
    files = sorted({face.path.resolve() for face in faces})
    with tempfile.TemporaryDirectory(prefix="edition-") as folder:
        path = Path(folder) / "fonts.conf"
        path.write_text(_configuration(files), encoding="utf-8")
        before = os.environ.get("FONTCONFIG_FILE")
        os.environ["FONTCONFIG_FILE"] = str(path)
        try:
            configuration = FontConfiguration()
            finalize(configuration, _release, configuration.font_map)
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before
        yield configuration


def _release(font_map: Any) -> None:
    """Have a font map let go of its configuration, which it would keep for good: 240 KB a build."""
    pangoft2.pango_fc_font_map_set_config(ffi.cast("PangoFcFontMap *", font_map), ffi.NULL)


def _configuration(files: list[Path]) -> str:
    folders = sorted({str(path.parent) for path in files})
    return "".join(
        [
            '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>',
            *(f"<dir>{escape(folder)}</dir>" for folder in folders),
            '<cachedir prefix="xdg">fontconfig</cachedir>',
            "<selectfont><rejectfont><glob>*</glob></rejectfont>",
            *(f"<acceptfont><glob>{escape(str(path))}</glob></acceptfont>" for path in files),
            "</selectfont></fontconfig>",
        ]
    )
