"""Styles: finding a style's folder, its settings and sheets. Knows neither the text nor the engine.

A style is a folder with a `style.yaml` and CSS files. `styles/NAME/` in the edition's own folder wins over a
built-in one; `extends` starts from another. A file `style.css` beside the `edition.yaml` has the last word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from os.path import isfile
from pathlib import Path

from edition.files import OUTSIDE, Folder
from edition.findings import EditionError, Finding, Severity, declare
from edition.model import StyleChoice
from edition.source import Place
from edition.styles.conditions import with_conditions
from edition.styles.description import DESCRIPTION, Description, describe
from edition.styles.limits import too_much
from edition.styles.style import Family, Sheet, Style
from edition.styles.values import Setting, amount, normal

__all__ = [
    "EXTRA_SHEET",
    "SHEETS",
    "Family",
    "Setting",
    "Sheet",
    "Style",
    "built_in_folder",
    "length",
    "load_style",
    "style_folder",
    "style_names",
    "title_of",
]

SHEETS = ("page.css", "text.css", "notes.css", "lists.css")
"""The sheets of a style, in the order in which they apply. A style may leave some out."""

EXTRA_SHEET = "style.css"
"""The edition's own sheet, for small changes. It comes after all sheets of the style."""

UNKNOWN_STYLE = declare(
    "L001",
    Severity.ERROR,
    """A style that is not there.

    The edition names a style that is neither in its own `styles/` folder nor built in, or a style extends such
    a one.
    """,
)
UNKNOWN_SETTING = declare(
    "L002",
    Severity.ERROR,
    """A setting that the style does not have.

    A style declares its settings in its `style.yaml`; only those can be set in `edition.yaml`.
    """,
)
WRONG_SETTING = declare(
    "L003",
    Severity.ERROR,
    """A setting with a value of the wrong kind.

    Each setting has a type: a length such as `10.5pt`, a space such as `12pt` or `1.4em`, a size such as `6in 9in`
    or `A4`, a count, a number, a colour, a face, a lettering such as `italic` or `bold small-caps`, a file, or one
    of some words. Counts, numbers and lengths may have a range. The name of another setting of the same type
    stands for its value. `edition style show` lists them all.
    """,
)
TOO_MUCH = declare(
    "L014",
    Severity.ERROR,
    """A sheet that is too much for the engine.

    Brackets are nested deeper than any style needs, or a number, a string or a custom property with those that it names
    is so large that a build might never end.
    """,
)


def length(value: str) -> float:
    """A length in points."""
    return amount(value)


def built_in_folder() -> Path:
    """Where the styles are that come with the builder: in the package, or beside it in a checkout."""
    inside = Path(__file__).resolve().parent
    return inside if (inside / "reading").is_dir() else inside.parent.parent / "styles"


def style_names(folder: Path) -> list[str]:
    """The names of all styles that an edition in `folder` can use."""
    found = {
        path.parent.name
        for place in (folder / "styles", built_in_folder())
        for path in place.glob(f"*/{DESCRIPTION}")
    }
    return sorted(found)


def style_folder(name: str, folder: Path) -> Path | None:
    """The folder of the style that an edition in `folder` gets by a name, or None."""
    return _find(name, folder, set())


def title_of(folder: Path) -> str:
    """The title of the style in a folder. Raises EditionError if its description is broken."""
    return describe(folder).title


def load_style(choice: StyleChoice, folder: Path) -> Style:
    """The style that an edition in `folder` chose. Raises EditionError with every mistake in it."""
    chain = _chain(choice, folder)
    problems: list[Finding] = []
    settings: dict[str, Setting] = {}
    families: dict[str, Family] = {}
    for description in reversed(chain):
        settings |= {setting.name: setting for setting in description.settings}
        families |= {family.name: family for family in description.families}
        places = tuple((name, description.at("settings", name)) for name, _ in description.defaults)
        extended = StyleChoice(description.extends, description.defaults, places=places)
        settings |= _settled(extended, settings, problems)
    chosen = settings | _settled(choice, settings, problems)
    values = {name: _value(setting, chosen, problems) for name, setting in chosen.items()}
    sheets = [] if problems else [
        sheet for description in reversed(chain) for sheet in _sheets(description.folder, SHEETS, values, problems)
    ]  # fmt: skip
    sheets += [] if problems else _sheets(folder, (EXTRA_SHEET,), values, problems, of_edition=True)
    if problems:
        raise EditionError(problems)
    named = [values[name] for name, setting in settings.items() if setting.type == "face"]
    return Style(
        name=choice.name,
        folders=tuple(description.folder for description in chain),
        families=tuple(families.get(name, Family(name)) for name in dict.fromkeys([*named, *families])),
        sheets=tuple(sheets),
        settings=tuple(settings.values()),
        values=tuple(values.items()),
        written=tuple((name, setting.at) for name, setting in chosen.items()),
    )


def _settled(choice: StyleChoice, settings: Mapping[str, Setting], problems: list[Finding]) -> dict[str, Setting]:
    """The settings that are given another value, with it as their default."""
    settled = {}
    for name, value in choice.settings:
        at = choice.place_of(name)
        if problem := _problem(choice.name, name, value, at, settings):
            problems.append(problem)
        else:
            settled[name] = replace(settings[name], default=value, at=at)
    return settled


def _problem(
    style: str, name: str, value: str, at: Place | None, settings: Mapping[str, Setting]
) -> Finding | None:
    """What is wrong with a value that is given to a setting."""
    if name not in settings:
        near = get_close_matches(name, settings, 1)
        hint = f"try `{near[0]}`" if near else "`edition style show` lists its settings"
        return UNKNOWN_SETTING.at(at, f"style `{style}` has no setting `{name}`", hint=hint)
    setting = settings[name]
    if setting.accepts(value) or _names(value, setting, settings):
        return None
    near = get_close_matches(value, setting.words, 1)
    hint = f"try `{near[0]}`" if near else f"the default is `{setting.default}`"
    return WRONG_SETTING.at(at, f"`{name}: {value}` is no {setting.wanted}", hint=hint)


def _names(value: str, setting: Setting, settings: Mapping[str, Setting]) -> bool:
    """Whether a value is the name of another setting of the same type, and so stands for its value."""
    return value in settings and value != setting.name and settings[value].type == setting.type


def _value(setting: Setting, settings: Mapping[str, Setting], problems: list[Finding]) -> str:
    """A setting's value; that of another one where it names it."""
    seen, first = {setting.name}, setting
    while _names(setting.default, setting, settings):
        setting = settings[setting.default]
        if setting.name in seen:
            problems.append(WRONG_SETTING.at(first.at, f"`{first.name}` stands for itself in the end"))
            return first.default
        seen.add(setting.name)
    if not first.accepts(setting.default):
        message = f"`{first.name}: {setting.default}` is no {first.wanted}"
        problems.append(WRONG_SETTING.at(first.at, message, hint="or the name of a setting of that type"))
        return first.default
    return normal(setting, setting.default)


def _chain(choice: StyleChoice, folder: Path) -> list[Description]:
    """The style's description, then those of the styles that it extends, the nearest first."""
    chain: list[Description] = []
    seen: set[Path] = set()
    name, at = choice.name, choice.at
    while name:
        found = _find(name, folder, seen)
        if found is None and name in (path.name for path in seen):
            message = (
                f"the styles {' and '.join(f'`{one.folder.name}`' for one in chain)} extend each other in a circle"
            )
            raise EditionError([UNKNOWN_STYLE.at(at, message, hint="let one of them extend a built-in style")])
        if found is None and re.fullmatch(NAME, name) and (folder / "styles" / name).is_dir():
            message = f"the folder `styles/{name}` has no `{DESCRIPTION}` that can be read"
            raise EditionError(
                [UNKNOWN_STYLE.at(at, message, hint="write one, with `extends: reading` for example")]
            )
        if found is None:
            near = get_close_matches(name, style_names(folder), 1)
            hint = f"try `{near[0]}`" if near else f"there are {', '.join(style_names(folder))}"
            raise EditionError([UNKNOWN_STYLE.at(at, f"no style is named `{name}`", hint=hint)])
        seen.add(found)
        description = describe(found)
        chain.append(description)
        name = description.extends
        at = description.at("extends") if name else None
    return chain


NAME = r"[\w-]+"
"""What a style may be named: nothing that leads out of its folder."""


def _find(name: str, folder: Path, seen: set[Path]) -> Path | None:
    """The folder of a style; one of the same name that is extended already is passed over."""
    if not re.fullmatch(NAME, name):
        return None
    for place in (folder / "styles", built_in_folder()):
        path = (place / name).resolve()
        inside = path.is_relative_to(place.resolve())
        if inside and path not in seen and isfile(path / DESCRIPTION):  # which a folder that is locked has not
            return path
    return None


def _sheets(
    folder: Path,
    names: tuple[str, ...],
    values: Mapping[str, str],
    problems: list[Finding],
    *,
    of_edition: bool = False,
) -> list[Sheet]:
    """The sheets of one folder that are there, with the rules that the settings choose."""
    inside = Folder(folder)
    there = [name for name in names if inside.has(name)]
    problems += [OUTSIDE.at(inside.place(name), trouble) for name in there if (trouble := inside.trouble(name))]
    read = [inside.read(name, problems) for name in there if not inside.trouble(name)]
    sources = [source for source in read if source is not None]
    for source in sources:
        if found := too_much(source.text):
            problems.append(TOO_MUCH.at(source.place(found[0]), found[1]))
    return [Sheet(Path(source.path), with_conditions(source, values, problems), of_edition) for source in sources]
