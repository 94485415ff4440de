"""A face of the style made ready to be embedded for what a proof writes in its margins: digits, names, messages.

The style's own faces are the only ones that are surely there. Glyphs keep their numbers, which serve as codes.
"""

from __future__ import annotations

from io import BytesIO

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from edition.pages import EmbeddedFace
from edition.styles import Style
from edition.typeset.faces import Face
from edition.typeset.preparing import faces_of

REGULAR = ("Regular", "Roman", "Book", "Medium")

KEPT = ("GlyphOrder", "head", "hhea", "maxp", "OS/2", "hmtx", "cmap", "post", "name", "CFF ", "glyf", "loca")
"""Tables that a reader of PDF needs."""


def embedded_face(style: Style, characters: set[str]) -> EmbeddedFace:
    """The regular face of a style's first family, with the glyphs for these characters that it has.

    Raises EditionError if the style's faces are not there.
    """
    first = style.families[0].name
    path = min((face for face in faces_of(style) if face.family == first), key=_order).path
    with TTFont(path, fontNumber=0) as font:
        known = font.getBestCmap() or {}
        wanted = {ord(char) for char in characters} & set(known)
        options = Options(retain_gids=True, notdef_outline=True, layout_features=[], name_IDs=[], hinting=False)
        options.drop_tables = [tag for tag in font.keys() if tag not in KEPT]  # noqa: SIM118
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=wanted)
        numbers = {chr(code): font.getGlyphID(known[code]) for code in wanted}
        widths = {chr(code): font["hmtx"][known[code]][0] for code in wanted}
        upright, head = font["hhea"], font["head"]
        subsetter.subset(font)
        target = BytesIO()
        font.save(target)
        thousandths = 1000 / head.unitsPerEm
        return EmbeddedFace(
            name=first.replace(" ", ""),
            content=target.getvalue(),
            is_cff="CFF " in font,
            numbers=numbers,
            widths={char: round(width * thousandths) for char, width in widths.items()},
            ascent=round(upright.ascent * thousandths),
            descent=round(upright.descent * thousandths),
            box=tuple(round(edge * thousandths) for edge in (head.xMin, head.yMin, head.xMax, head.yMax)),
        )


def _order(face: Face) -> tuple[int, str]:
    with TTFont(face.path, lazy=True, fontNumber=0) as font:
        subfamily = font["name"].getBestSubFamilyName() or ""
    return REGULAR.index(subfamily) if subfamily in REGULAR else len(REGULAR), str(face.path)
