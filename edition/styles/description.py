"""What one `style.yaml` says, and what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from edition.files import Folder
from edition.findings import EditionError, Finding, Severity, declare
from edition.source import Place, Source
from edition.strict_yaml import Mapping, Node, find, plain, read_yaml
from edition.styles.style import Family
from edition.styles.values import TYPES, Setting, amount, has_range

DESCRIPTION = "style.yaml"

BROKEN_STYLE = declare(
    "L004",
    Severity.ERROR,
    """A style.yaml that does not say what a style is.

    It holds `title`, `extends`, `faces` (each a `family` with the `package` that brings it) and `settings`
    (each with `type`, `default` and `help`).
    """,
)


@dataclass(frozen=True, slots=True)
class Description:
    """What one `style.yaml` says."""

    folder: Path
    title: str
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


def describe(folder: Path) -> Description:
    """Read the `style.yaml` of a style's folder. Raises EditionError."""
    problems: list[Finding] = []
    source = Folder(folder).read(DESCRIPTION, problems)
    root = read_yaml(source, 0, len(source.text), problems) if source else None
    if source is not None and root is None and not problems:
        problems.append(BROKEN_STYLE.at(source.place(0), "it is empty"))
    elif source is not None and root is not None and not isinstance(root, Mapping):
        message = "this must be a mapping of keys to values"
        problems.append(BROKEN_STYLE.at(source.place(root.start), message, hint="begin with `title: …`"))
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

    def description(self, folder: Path) -> Description:
        self.known((), "title", "extends", "faces", "settings")
        settings = self.part("settings", dict)
        families = self.part("faces", list)
        return Description(
            folder,
            self.text("title", default=folder.name),
            self.text("extends", default=""),
            tuple(self.family(index) for index in range(len(families))),
            tuple(self.setting(name) for name, value in settings.items() if not isinstance(value, str)),
            tuple((name, value) for name, value in settings.items() if isinstance(value, str)),
            self.source,
            self.root,
        )

    def report(self, path: tuple[str | int, ...], message: str) -> None:
        self.problems.append(BROKEN_STYLE.at(self.place(*path), message))

    def place(self, *path: str | int) -> Place:
        return self.source.place(find(self.root, path).start)

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
        if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
            self.report(path, f"`{name[:60]}` is no name of a setting: small letters, figures and hyphens")
        kind, default = self.text(*path, "type"), self.text(*path, "default")
        low, high = self.range(path, kind)
        place = self.place(*path, "default") if default else self.place(*path)
        setting = Setting(name, kind, default, self.text(*path, "help"), low, high, place)
        if not setting.accepts(default) and not self.names_another(default):
            self.report(path, f"`{default}` is no {kind}{self.near(kind)}")
        return setting

    def names_another(self, value: str) -> bool:
        """Whether a default may be the name of a setting: whose, the whole chain of styles says."""
        return value in self.part("settings", dict) or bool(self.value("extends"))

    def near(self, kind: str) -> str:
        """A type that a mistyped one was meant to be."""
        close = [] if "|" in kind or kind in TYPES else get_close_matches(kind, TYPES, 1)
        return f"; try `type: {close[0]}`" if close else ""

    def range(self, path: tuple[str | int, ...], kind: str) -> tuple[str, str]:
        """The ends of the range, or two empty texts."""
        limits = self.text(*path, "range", default="")
        if not limits:
            return "", ""
        low, dots, high = limits.partition("..")
        try:
            fits = bool(dots) and has_range(kind) and amount(low) <= amount(high)
        except ValueError:
            fits = False
        if not fits:
            example = "6pt..30pt" if kind == "length" else "10..80"
            wrong = f"is not like `{example}`" if has_range(kind) else f"does not suit the type {kind}"
            self.report((*path, "range"), f"the range `{limits}` {wrong}")
            return "", ""
        return low, high
