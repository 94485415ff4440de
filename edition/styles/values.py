"""The types of settings: what a value may be, and which custom properties of CSS it becomes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from edition.source import Place

_UNITS = {"pt": 1.0, "pc": 12.0, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "px": 0.75, "q": 72 / 101.6}
"""Points of each unit of length."""
_NUMBER = r"(?:\d+\.?\d*|\.\d+)"
_LENGTH = rf"(?:0|{_NUMBER}(?:{'|'.join(_UNITS)}))"
_LETTERINGS = ("roman", "italic", "bold", "small-caps", "capitals")

NAMED_SIZES = {
    "a4": "210mm 297mm", "a5": "148mm 210mm", "b5": "176mm 250mm", "letter": "8.5in 11in", "legal": "8.5in 14in",
}  # fmt: skip

TYPES = {
    "length": re.compile(_LENGTH, re.I),
    "space": re.compile(rf"{_LENGTH}|{_NUMBER}em", re.I),
    "size": re.compile(rf"{_LENGTH}\s+{_LENGTH}", re.I),
    "count": re.compile(r"\d{1,4}"),
    "number": re.compile(r"\d{0,4}(?:\.\d{1,6})?"),
    "colour": re.compile(r"#[0-9a-f]{3}(?:[0-9a-f]{3})?|[a-z]{3,20}|(?:rgb|hsl|device-cmyk)\([\d\s.,%/]*\)", re.I),
    "face": re.compile(r"[\w .+-]{1,80}"),
    "lettering": re.compile(rf"(?:{'|'.join(_LETTERINGS)})(?:\s+(?:{'|'.join(_LETTERINGS)}))*"),
    "file": re.compile(r"(?!/)(?!.*\.\.)[\w ./+-]{0,200}"),
}
"""What a value of each type looks like; any other type is the words to choose from, `left|right`."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting as a style declares it; `type` is a key of `TYPES` or the words to choose from."""

    name: str
    type: str
    default: str
    help: str
    low: str = ""
    high: str = ""
    """The ends of its range, as they are written."""
    at: Place | None = None
    """Where its default is written."""

    @property
    def words(self) -> tuple[str, ...]:
        """The words to choose from, if there are any."""
        return () if self.type in TYPES else tuple(self.type.split("|"))

    @property
    def wanted(self) -> str:
        """What a value must be, in words."""
        return self.type.replace("|", ", ") + (f" from {self.low} to {self.high}" if self.low else "")

    def accepts(self, value: str) -> bool:
        """Whether a value is of the setting's type and in its range."""
        if self.words:
            return value in self.words
        if not TYPES[self.type].fullmatch(normal(self, value)) or not (value or self.type == "file"):
            return False
        return not self.low or amount(self.low) <= amount(value) <= amount(self.high)


def has_range(type: str) -> bool:
    """Whether settings of a type can have a range."""
    return type in ("count", "number", "length")


def amount(value: str) -> float:
    """A number as it is, a length in points."""
    match = re.fullmatch(rf"({_NUMBER})([a-z]*)", value, re.I)
    if match is None:
        raise ValueError(f"{value} is no number and no length")
    return float(match[1]) * _UNITS.get(match[2].lower(), 1.0)


def normal(setting: Setting, value: str) -> str:
    """A value as the sheets are given it: a named size by its lengths."""
    return NAMED_SIZES.get(value.lower(), value) if setting.type == "size" else value


def custom_properties(setting: Setting, value: str) -> Iterator[tuple[str, str]]:
    """The custom properties that a setting with a value gives, without dashes; of compounds also their parts.

    `page-size` also gives `page-width` and `page-height`; `head-lettering` gives `head-slant`, `-weight`,
    `-caps`, `-case` and `-spacing`, values of `font-style`, `font-weight`, `font-variant-caps`,
    `text-transform` and `letter-spacing`.
    """
    if setting.type == "file":
        return
    yield setting.name, f'"{value}"' if setting.type == "face" else value
    if setting.type == "size":
        stem = setting.name.removesuffix("-size")
        width, height = value.split()
        yield from ((f"{stem}-width", width), (f"{stem}-height", height))
    if setting.type == "lettering":
        stem, words = setting.name.removesuffix("-lettering"), value.split()
        small, capitals = "small-caps" in words, "capitals" in words
        yield f"{stem}-slant", "italic" if "italic" in words else "normal"
        yield f"{stem}-weight", "bold" if "bold" in words else "normal"
        yield f"{stem}-caps", "small-caps" if small else "normal"
        yield f"{stem}-case", "uppercase" if capitals else "none"
        yield f"{stem}-spacing", ".07em" if capitals else ".045em" if small else "normal"
