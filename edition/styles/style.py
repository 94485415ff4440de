"""What a style is, once it is read: folders, families, sheets, settings with their values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from edition.source import Place
from edition.styles.values import Setting, custom_properties


@dataclass(frozen=True, slots=True)
class Family:
    """A family that a style is allowed to use, and the package that brings it."""

    name: str
    package: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSS file of a style, or the edition's own."""

    path: Path
    text: str
    of_edition: bool = False
    """Whether it is `style.css` of the edition, whose URLs are relative to the edition's folder."""


@dataclass(frozen=True, slots=True)
class Style:
    """A style with the edition's settings: all that typesetting needs to know of the look."""

    name: str
    folders: tuple[Path, ...]
    """The style's own folder, then those that it extends."""
    families: tuple[Family, ...]
    sheets: tuple[Sheet, ...]
    settings: tuple[Setting, ...]
    values: tuple[tuple[str, str], ...]
    """Every setting's value, by name."""
    written: tuple[tuple[str, Place | None], ...] = ()
    """Where each value is written, by the setting's name: in the edition, or in the style whose default it is."""

    @property
    def custom_properties(self) -> str:
        """The values as CSS custom properties, those of compounds also one by one."""
        values = dict(self.values)
        properties = [
            f"--{name}: {value}"
            for setting in self.settings
            for name, value in custom_properties(setting, values[setting.name])
        ]
        return ":root { " + "; ".join(properties) + " }"

    def value(self, setting: str) -> str:
        """A setting's value; KeyError if there is no such setting."""
        return dict(self.values)[setting]
