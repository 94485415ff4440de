"""What the faces of a style can do: files, features, and which characters of a text they lack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError

from edition.findings import Finding, Severity, declare
from edition.styles import Family, Style
from edition.typeset import faces

NO_SMALL_CAPITALS = declare(
    "L011",
    Severity.WARNING,
    """A face has no small capitals, and the style or the text uses them.

    They would be capitals made smaller: too thin beside the text. Choose a face that has them, or other letterings
    than `small-caps`.
    """,
)
NO_OLD_STYLE = declare(
    "L012",
    Severity.INFO,
    """A face has one kind of figures only, and the style asks for the other.

    Figures stand as the face has them. `figures` set to the other kind says so.
    """,
)

FEATURES = {
    "smcp": "small capitals", "c2sc": "small capitals of capitals", "onum": "old-style figures",
    "lnum": "lining figures", "tnum": "figures of one width", "frac": "fractions", "sups": "superior figures",
    "liga": "ligatures", "dlig": "rare ligatures", "kern": "kerning",
}  # fmt: skip
"""Features of OpenType that styles use, by their tags, and what one calls them."""
HEADS = (
    "part-head-lettering", "chapter-head-lettering", "subchapter-head-lettering", "document-head-lettering",
)  # fmt: skip
"""The settings whose lettering is of the face of heads."""


@dataclass(frozen=True, slots=True)
class FaceFile:
    """A font file of a family."""

    path: Path
    name: str
    """Regular, Italic …, as the file says."""
    features: tuple[str, ...]
    """Those of `FEATURES` that it has."""


@dataclass(frozen=True, slots=True)
class FamilyReport:
    """A family of a style: its files, or the package that would bring them."""

    family: Family
    files: tuple[FaceFile, ...]
    bundled: bool
    """Whether the files are in the style's `fonts/` folder."""


def family_reports(style: Style) -> tuple[FamilyReport, ...]:
    """All families that a style names; those that are not there have no files."""
    own = faces.bundled(style.folders)
    known = {**faces.installed(), **own}
    return tuple(
        FamilyReport(
            family,
            tuple(sorted((_face_file(face.path) for face in known.get(family.name, ())), key=lambda f: f.name)),
            family.name in own,
        )
        for family in style.families
    )


def check_features(style: Style, *, has_small_capitals: bool) -> Iterator[Finding]:
    """Findings of what the faces of text and heads lack, as far as they are there.

    `has_small_capitals` says whether the text itself has some.
    """
    written, values = dict(style.written), dict(style.values)
    known = {**faces.installed(), **faces.bundled(style.folders)}
    letterings: dict[str, list[str]] = {}
    """By family, the settings that want small capitals of it."""
    for name, value in style.values:
        if name.endswith("-lettering") and "small-caps" in value.split():
            face = "head-face" if name in HEADS else "text-face"
            letterings.setdefault(values.get(face, ""), []).append(name)
    if has_small_capitals:
        letterings.setdefault(values.get("text-face", ""), []).append("the text")
    for family in dict.fromkeys(values[name] for name in ("text-face", "head-face") if name in values):
        if family not in known:
            continue
        setting = next(name for name in ("text-face", "head-face") if values.get(name) == family)
        features = _regular_features(known[family])
        if (wanted := letterings.get(family)) and "smcp" not in features:
            message = f"{family} has no small capitals for {', '.join(wanted)}"
            yield NO_SMALL_CAPITALS.at(written[setting], message, hint="choose a face that has them")
        if setting == "text-face" and values.get("figures") == "oldstyle" and "onum" not in features:
            message = f"{family} has no old-style figures to choose"
            yield NO_OLD_STYLE.at(written[setting], message, hint="set `figures: lining`")


def _regular_features(of: Iterable[faces.Face]) -> frozenset[str]:
    """The features of a family's regular file; of all its files if none is called so."""
    files = [_face_file(face.path) for face in of]
    regular = [file for file in files if file.name.lower() in ("regular", "roman", "book")] or files
    return frozenset(feature for file in regular for feature in file.features)


@cache
def _face_file(path: Path) -> FaceFile:
    try:
        with TTFont(path, lazy=True, fontNumber=0) as font:
            tags: set[str] = set()
            for table in ("GSUB", "GPOS"):
                if table in font and font[table].table.FeatureList:
                    tags |= {record.FeatureTag for record in font[table].table.FeatureList.FeatureRecord}
            name = font["name"].getBestSubFamilyName() or path.stem
            return FaceFile(path, name, tuple(tag for tag in FEATURES if tag in tags))
    except (TTLibError, OSError, KeyError):
        return FaceFile(path, path.stem, ())
