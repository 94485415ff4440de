"""What a style says of its lines: custom properties, inherited and not the same for all elements."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

MODES = ("off", "spaces", "full")


@dataclass(frozen=True, slots=True)
class Settings:
    """How lines are broken and set."""

    mode: str = "off"
    stretch: float = 0.5
    """How far a space may well be widened, as a part of its width."""
    shrink: float = 1 / 3
    """How far a space may be narrowed, never more."""
    expansion: float = 0.02
    """How far letters may be widened and narrowed, as a part of their width."""
    spacing: float = 0.004
    """How far letters may stand further apart or nearer together, in em."""
    hanging: float = 1.0
    """How far points, commas, hyphens and quotes hang into the margins: 0 not at all, 1 as far as they may."""
    hyphen_penalty: float = 140.0
    """What a hyphen of ours costs in a measure of 30 em and more: the root of its demerits."""
    hyphens_in_a_row: float = 2.0
    shortest_last_line: float = 2.0
    """In em."""
    balanced: float = 0.0
    """Above 0, lines of text that is not justified are as long as one another, the last one too."""
    justified: bool = True
    """Whether lines fill the measure."""


NUMBERS = {
    "stretch": "__lines_space_stretch",
    "shrink": "__lines_space_shrink",
    "expansion": "__lines_letter_expansion",
    "spacing": "__lines_letter_spacing",
    "hanging": "__lines_hanging",
    "hyphen_penalty": "__lines_hyphen_penalty",
    "hyphens_in_a_row": "__lines_hyphens_in_a_row",
    "shortest_last_line": "__lines_shortest_last_line",
    "balanced": "__lines_balanced",
}
"""Those of the settings that are numbers, and the custom properties that say them, as the engine writes them."""


def settings_of(style: Any, known: dict[Any, Settings]) -> Settings:
    """The settings of a style of the engine's; `known` are those found before, by their tokens."""
    tokens = [style["__lines"], *(style[name] for name in NUMBERS.values())]
    justified = style["text_align_all"] == "justify"
    key = justified, *(value_of(found) for found in tokens)
    if key not in known:
        _, mode, *numbers = key
        given = {name: value for name, value in zip(NUMBERS, numbers, strict=True) if isinstance(value, float)}
        made = Settings(mode=mode if mode in MODES else "off", justified=justified, **given)
        gives = made.mode == "full" and justified
        known[key] = made if gives else replace(made, expansion=0.0, spacing=0.0, hanging=0.0)
    return known[key]


def value_of(tokens: Any) -> str | float | None:
    """The first word or number of a custom property; a percentage is a part of one."""
    for token in tokens:
        if token.type == "ident":
            return str(token.value)
        if token.type == "number":
            return float(token.value)
        if token.type == "percentage":
            return float(token.value) / 100
    return None
