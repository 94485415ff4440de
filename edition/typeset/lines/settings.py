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
    hanging: float = 1.0
    """How far points, commas, hyphens and quotes hang into the margins: 0 not at all, 1 as far as they may."""
    hyphen_penalty: float = 80.0
    """What a hyphen of ours costs: as much as a line of such badness."""
    hyphens_in_a_row: int = 2
    shortest_last_line: float = 2.0
    """In em."""

    @property
    def written_hyphen_penalty(self) -> float:
        """For a hyphen or dash that the text has anyway."""
        return 0.6 * self.hyphen_penalty


NUMBERS = ("stretch", "shrink", "expansion", "hanging", "hyphen_penalty", "hyphens_in_a_row", "shortest_last_line")
"""Those of the settings that are numbers: `--lines-stretch` and so on."""


def settings_of(style: Any, known: dict[Any, Settings]) -> Settings:
    """The settings of a style of the engine's; `known` are those found before, by their tokens."""
    tokens = [style["__lines"], *(style[f"__lines_{name}"] for name in NUMBERS)]
    key = tuple(_value(found) for found in tokens)
    if key not in known:
        mode, *numbers = key
        given = {name: value for name, value in zip(NUMBERS, numbers, strict=True) if isinstance(value, float)}
        made = Settings(mode if mode in MODES else "off", **given)  # type: ignore[arg-type]
        known[key] = made if made.mode == "full" else replace(made, expansion=0.0, hanging=0.0)
    return known[key]


def _value(tokens: Any) -> str | float | None:
    """The first word or number of a custom property; a percentage is a part of one."""
    for token in tokens:
        if token.type == "ident":
            return str(token.value)
        if token.type == "number":
            return float(token.value)
        if token.type == "percentage":
            return float(token.value) / 100
    return None
