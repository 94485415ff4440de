"""One font a face for the whole book: what its fragments use of each is united, and written by the engine once."""

from __future__ import annotations

from collections.abc import Iterable
from ctypes.util import find_library
from functools import cache
from typing import Any

import pydyf
from cffi import FFI
from weasyprint import DEFAULT_OPTIONS
from weasyprint.pdf.fonts import Font, build_fonts_dictionary
from weasyprint.text.ffi import TO_UNITS, ffi, gobject, pango
from weasyprint.text.fonts import get_pango_font_key

from edition.drawings import FontUse, Object
from edition.typeset.collecting import Collecting


def united(uses: Iterable[FontUse]) -> list[FontUse]:
    """What is used of each font, by name. Raises ValueError where two uses do not agree: a fault of the engine."""
    found: dict[str, FontUse] = {}
    for use in uses:
        before = found.get(use.name)
        if before is None:
            found[use.name] = use
            continue
        if any(before.widths.get(glyph, width) != width for glyph, width in use.widths.items()):
            raise ValueError(f"the font {use.description} has two widths for one glyph")
        texts, widths = {**use.texts, **before.texts}, {**use.widths, **before.widths}
        found[use.name] = FontUse(use.name, use.description, before.size, texts, widths)
    return [found[name] for name in sorted(found)]


def written_fonts(uses: Iterable[FontUse], configuration: Any) -> tuple[Object, ...]:
    """The objects of all fonts: the first is the dictionary that names them."""
    fonts = {use.name: _font(use, configuration) for use in united(uses)}
    pdf = pydyf.PDF()
    options = {**DEFAULT_OPTIONS, "pdf_version": "1.7"}
    dictionary = build_fonts_dictionary(pdf, fonts, True, True, options)
    pdf.add_object(dictionary)
    collecting = Collecting(pdf, {})
    collecting.number(dictionary.reference)
    return collecting.finish()


def _font(use: FontUse, configuration: Any) -> Any:
    """The engine's font, with all that is used of it. Raises ValueError if the face is no longer what it was."""
    description = ffi.gc(
        ffi.cast(
            "PangoFontDescription *", int(_own().cast("uintptr_t", _from_string()(use.description.encode())))
        ),
        pango.pango_font_description_free,
    )
    pango.pango_font_description_set_absolute_size(description, int(use.size * TO_UNITS))
    context = ffi.gc(pango.pango_font_map_create_context(configuration.font_map), gobject.g_object_unref)
    loaded = ffi.gc(
        pango.pango_font_map_load_font(configuration.font_map, context, description), gobject.g_object_unref
    )
    _, its_description, size = get_pango_font_key(loaded)
    font = Font(loaded, its_description, size)
    if font.hash != use.name:
        raise ValueError(f"the font {use.description} cannot be found again")
    font.to_unicode = dict(sorted(use.texts.items()))
    font.widths = dict(sorted(use.widths.items()))
    return font


@cache
def _own() -> FFI:
    own = FFI()
    own.cdef("void * pango_font_description_from_string(const char *);")
    return own


@cache
def _from_string() -> Any:
    """Pango's reader of descriptions, which the engine does not declare."""
    name = find_library("pango-1.0") or find_library("pango-1.0-0") or "libpango-1.0.so.0"
    return _own().dlopen(name).pango_font_description_from_string
