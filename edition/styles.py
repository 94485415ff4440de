"""Styles: finding a style's folder, its settings and sheets. Knows neither the text nor the engine.

A style is a folder with a `style.yaml` and CSS files. `styles/NAME/` in the edition's own folder wins over a
built-in one; `extends` starts from another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from edition.files import Folder
from edition.findings import EditionError, Finding, Severity, declare
from edition.model import StyleChoice
from edition.source import Place, Source
from edition.strict_yaml import Node, find, plain, read_yaml

SHEETS = ("page.css", "text.css", "notes.css", "lists.css")
"""The sheets of a style, in the order in which they apply. A style may leave some out.

After them come those that a choice brings in: for the setting `heads: plain|framed` one of `heads-plain.css` and
`heads-framed.css`, where there is such a file.
"""

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

    Each setting has a type: a length such as `10.5pt`, a size such as `6in 9in` or `A4`, a count, a number, a
    colour, a face, or one of some words; counts and numbers may have a range.
    """,
)
BROKEN_STYLE = declare(
    "L004",
    Severity.ERROR,
    """A style.yaml that does not say what a style is.

    It holds `title`, `extends`, `faces` (each a `family` with the `package` that brings it) and `settings`
    (each with `type`, `default` and `help`).
    """,
)

_LENGTH = r"(?:0|(?:\d+\.?\d*|\.\d+)(?:pt|pc|in|cm|mm|px|q))"
_NAMED_SIZES = {
    "a4": "210mm 297mm", "a5": "148mm 210mm", "b5": "176mm 250mm", "letter": "8.5in 11in", "legal": "8.5in 14in",
}  # fmt: skip
_TYPES = {
    "length": re.compile(_LENGTH, re.I),
    "size": re.compile(rf"{_LENGTH}\s+{_LENGTH}", re.I),
    "count": re.compile(r"\d{1,4}"),
    "number": re.compile(r"\d{0,4}(?:\.\d{1,6})?"),
    "colour": re.compile(r"#[0-9a-f]{3}(?:[0-9a-f]{3})?|[a-z]{3,20}|(?:rgb|hsl|device-cmyk)\([\d\s.,%/]*\)", re.I),
    "face": re.compile(r"[\w .+-]{1,80}"),
}


@dataclass(frozen=True, slots=True)
class Family:
    """A family that a style is allowed to use, and the package that brings it."""

    name: str
    package: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting as a style declares it; `type` is a key of `_TYPES` or the words to choose from."""

    name: str
    type: str
    default: str
    help: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSS file of a style."""

    path: Path
    text: str


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

    @property
    def custom_properties(self) -> str:
        """The values as CSS custom properties, those of a size also one by one."""
        types = {setting.name: setting.type for setting in self.settings}
        lines = []
        for name, value in self.values:
            lines.append(f"--{name}: " + (f'"{value}"' if types[name] == "face" else value))
            if types[name] == "size":
                width, height = value.split()
                stem = name.removesuffix("-size")
                lines += [f"--{stem}-width: {width}", f"--{stem}-height: {height}"]
        return ":root { " + "; ".join(lines) + " }"


def built_in_folder() -> Path:
    """Where the styles are that come with the builder: in the package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "styles"
    return inside if (inside / "reading").is_dir() else package.parent / "styles"


def style_names(folder: Path) -> list[str]:
    """The names of all styles that an edition in `folder` can use."""
    found = {
        path.parent.name for place in (folder / "styles", built_in_folder()) for path in place.glob("*/style.yaml")
    }
    return sorted(found)


def load_style(choice: StyleChoice, folder: Path) -> Style:
    """The style that an edition in `folder` chose. Raises EditionError with every mistake in it."""
    chain = _chain(choice, folder)
    problems: list[Finding] = []
    settings: dict[str, Setting] = {}
    families: dict[str, Family] = {}
    for description in reversed(chain):
        for setting in description.settings:
            settings[setting.name] = setting
        for name, value in description.defaults:
            extended = StyleChoice(description.extends, at=description.at("settings", name))
            if problem := _problem(extended, name, value, settings):
                problems.append(problem)
            else:
                settings[name] = replace(settings[name], default=value)
        for family in description.families:
            families[family.name] = family
    values = {name: setting.default for name, setting in settings.items()}
    for name, value in choice.settings:
        problem = _problem(choice, name, value, settings)
        if problem:
            problems.append(problem)
        else:
            values[name] = _normal(settings[name], value)
    if problems:
        raise EditionError(problems)
    chosen = [values[name] for name, setting in settings.items() if setting.type == "face"]
    return Style(
        name=choice.name,
        folders=tuple(description.folder for description in chain),
        families=tuple(families.get(name, Family(name)) for name in dict.fromkeys([*chosen, *families])),
        sheets=tuple(
            sheet
            for description in reversed(chain)
            for sheet in _sheets(description.folder, _chosen_sheets(settings.values(), values))
        ),
        settings=tuple(settings.values()),
        values=tuple(values.items()),
    )


@dataclass(frozen=True, slots=True)
class _Description:
    """What one `style.yaml` says."""

    folder: Path
    extends: str
    families: tuple[Family, ...]
    settings: tuple[Setting, ...]
    defaults: tuple[tuple[str, str], ...]
    """Other defaults for settings of the style that it extends."""
    source: Source
    root: Node

    def at(self, *path: str | int) -> Place:
        """The place of what stands at a path of keys and indices."""
        return self.source.place(find(self.root, path).start)


def _chain(choice: StyleChoice, folder: Path) -> list[_Description]:
    """The style's description, then those of the styles that it extends, the nearest first."""
    chain: list[_Description] = []
    seen: set[Path] = set()
    name, at = choice.name, choice.at
    while name:
        found = _find(name, folder, seen)
        if found is None:
            near = get_close_matches(name, style_names(folder), 1)
            hint = f"try `{near[0]}`" if near else f"there are {', '.join(style_names(folder))}"
            raise EditionError([UNKNOWN_STYLE.at(at, f"no style is named `{name}`", hint=hint)])
        seen.add(found)
        description = _describe(found)
        chain.append(description)
        name, at = description.extends, Place(str(found / "style.yaml"))
    return chain


def _find(name: str, folder: Path, seen: set[Path]) -> Path | None:
    """The folder of a style; one of the same name that is extended already is passed over."""
    if not re.fullmatch(r"[\w-]+", name):
        return None
    for place in (folder / "styles", built_in_folder()):
        path = (place / name).resolve()
        inside = path.is_relative_to(place.resolve())
        if inside and path not in seen and (path / "style.yaml").is_file():
            return path
    return None


def _describe(folder: Path) -> _Description:
    """Read a style's `style.yaml`. Raises EditionError."""
    problems: list[Finding] = []
    source = Folder(folder).read("style.yaml", problems)
    root = read_yaml(source, 0, len(source.text), problems) if source else None
    if source is not None and root is None and not problems:
        problems.append(BROKEN_STYLE.at(source.place(0), "it is empty"))
    if problems or source is None or root is None:
        raise EditionError(problems)
    reader = _Reader(source, root)
    description = reader.description(folder)
    if reader.problems:
        raise EditionError(reader.problems)
    return description


class _Reader:
    """Turns a `style.yaml` into a description, and keeps what is wrong with it."""

    def __init__(self, source: Source, root: Node) -> None:
        self.source, self.root = source, root
        self.content = plain(root)
        self.problems: list[Finding] = []

    def description(self, folder: Path) -> _Description:
        self.known((), "title", "extends", "faces", "settings")
        settings = self.part("settings", dict)
        families = self.part("faces", list)
        return _Description(
            folder,
            self.text("extends", default=""),
            tuple(self.family(index) for index in range(len(families))),
            tuple(self.setting(name) for name, value in settings.items() if not isinstance(value, str)),
            tuple((name, value) for name, value in settings.items() if isinstance(value, str)),
            self.source,
            self.root,
        )

    def report(self, path: tuple[str | int, ...], message: str) -> None:
        self.problems.append(BROKEN_STYLE.at(self.source.place(find(self.root, path).start), message))

    def value(self, *path: str | int) -> Any:
        """What stands at a path of keys and indices, or None."""
        value: Any = self.content
        for step in path:
            fits = step in value if isinstance(value, dict) else isinstance(value, list)
            if not fits:
                return None
            value = value[step]
        return value

    def known(self, path: tuple[str | int, ...], *keys: str) -> None:
        """Report keys that mean nothing here."""
        content = self.value(*path)
        for key in content if isinstance(content, dict) else ():
            if key not in keys:
                near = get_close_matches(key, keys, 1)
                self.report((*path, key), f"`{key[:60]}` is no known key; try `{near[0] if near else keys[0]}`")

    def part(self, key: str, kind: type[Any]) -> Any:
        value = self.value(key)
        if value is not None and not isinstance(value, kind):
            self.report((key,), f"`{key}` is no {'list' if kind is list else 'mapping'}")
        return value if isinstance(value, kind) else kind()

    def text(self, *path: str | int, default: str | None = None) -> str:
        value = self.value(*path)
        if value is None and default is not None:
            return default
        if isinstance(value, str):
            return value
        self.report(path, f"`{path[-1]}` is missing or not a text")
        return ""

    def family(self, index: int) -> Family:
        path = ("faces", index)
        self.known(path, "family", "package")
        return Family(self.text(*path, "family"), self.text(*path, "package", default=""))

    def setting(self, name: str) -> Setting:
        path = ("settings", name)
        self.known(path, "type", "default", "help", "range")
        kind, default = self.text(*path, "type"), self.text(*path, "default")
        setting = Setting(name, kind, default, self.text(*path, "help"), *self.range(path))
        if not _fits(setting, default):
            self.report(path, f"`{default}` is no {kind}")
        return setting

    def range(self, path: tuple[str | int, ...]) -> tuple[float | None, float | None]:
        limits = self.text(*path, "range", default="")
        if not limits:
            return None, None
        match = re.fullmatch(r"(\d+\.?\d*)\.\.(\d+\.?\d*)", limits)
        if match is None:
            self.report((*path, "range"), f"the range `{limits}` is not like `10..80`")
            return None, None
        return float(match[1]), float(match[2])


def _normal(setting: Setting, value: str) -> str:
    return _NAMED_SIZES.get(value.lower(), value) if setting.type == "size" else value


def _fits(setting: Setting, value: str) -> bool:
    """Whether a value is of the setting's type and in its range."""
    pattern = _TYPES.get(setting.type)
    if pattern is None:
        return value in setting.type.split("|")
    if not pattern.fullmatch(_normal(setting, value)) or not value:
        return False
    if setting.type in ("count", "number"):
        return (setting.low or 0) <= float(value) <= (setting.high or float("inf"))
    return True


def _problem(choice: StyleChoice, name: str, value: str, settings: dict[str, Setting]) -> Finding | None:
    """What is wrong with a setting that the edition gives."""
    if name not in settings:
        near = get_close_matches(name, settings, 1)
        hint = f"try `{near[0]}`" if near else f"it has {', '.join(settings)}"
        return UNKNOWN_SETTING.at(choice.at, f"style `{choice.name}` has no setting `{name}`", hint=hint)
    setting = settings[name]
    if _fits(setting, value):
        return None
    limits = f" from {setting.low:g} to {setting.high:g}" if setting.low is not None else ""
    wanted = setting.type.replace("|", ", ") + limits
    return WRONG_SETTING.at(
        choice.at, f"`{name}: {value}` is no {wanted}", hint=f"the default is `{setting.default}`"
    )


def _chosen_sheets(settings: Iterable[Setting], values: dict[str, str]) -> list[str]:
    """The sheets that settings with a choice of words bring in: `running-heads-none.css`."""
    return [f"{setting.name}-{values[setting.name]}.css" for setting in settings if setting.type not in _TYPES]


def _sheets(folder: Path, chosen: Iterable[str]) -> list[Sheet]:
    """The sheets of one folder that are there. Raises EditionError for one that cannot be read as text."""
    problems: list[Finding] = []
    style = Folder(folder)
    sources = [(name, style.read(name, problems)) for name in (*SHEETS, *chosen) if style.has(name)]
    if problems:
        raise EditionError(problems)
    return [Sheet(folder / name, source.text) for name, source in sources if source]
