"""Styles for those who choose and make them: listed, shown, copied, and set as a specimen."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from edition import manuscript
from edition.files import Folder, write_files
from edition.findings import EditionError, Finding, Severity, declare, inside
from edition.model import Edition, StyleChoice
from edition.pages import PagedEdition, PageLabels
from edition.pipeline.building import Built, build
from edition.pipeline.coverage import first_places
from edition.pipeline.settling import Progress
from edition.source import Place
from edition.styles import EXTRA_SHEET, Style, length, load_style, style_folder, style_names, title_of

if TYPE_CHECKING:
    from edition.typeset.face_report import FamilyReport

STYLE_THERE = declare(
    "L013",
    Severity.ERROR,
    """A style of that name is there already, or the name is none.

    A copy gets a folder of its own in `styles/` of the edition. Its name has letters, figures and hyphens.
    """,
)

SAME_PHASE = 0.05
"""Points by which baselines of the grid may differ."""
IN_GALLERY = ("_title-page", "building", "d5")
"""Parts of the specimen that the gallery shows: the pages where they begin."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A style that an edition can use."""

    name: str
    title: str
    folder: Path
    is_own: bool
    """Whether it is in the edition's own folder."""


@dataclass(frozen=True, slots=True)
class ShownStyle:
    """A style with the edition's settings, its faces, and the characters of the text that they lack."""

    style: Style
    families: tuple[FamilyReport, ...]
    missing: tuple[str, ...]
    characters: int
    """Different characters of the edition's text; 0 where there is no edition."""


def list_styles(directory: Path) -> tuple[Listed, ...]:
    """All styles that the edition in `directory` can use. Raises EditionError for a broken one."""
    own = (directory / "styles").resolve()
    found = []
    for name in style_names(directory):
        folder = style_folder(name, directory)
        if folder is not None:
            found.append(Listed(name, title_of(folder), folder, folder.is_relative_to(own)))
    return tuple(found)


def show_style(name: str, directory: Path) -> ShownStyle:
    """A style as the edition in `directory` would use it; without a name its own, with the settings it gives.

    Raises EditionError.
    """
    from edition.typeset import missing_glyphs
    from edition.typeset.face_report import family_reports

    edition = _edition(directory)
    style = load_style(_choice(name, edition), directory)
    reports = family_reports(style)
    characters = set(first_places(edition)) if edition else set()
    there = all(report.files for report in reports)
    missing = tuple(sorted(missing_glyphs(characters, style))) if there else ()
    return ShownStyle(style, reports, missing, len(characters))


def copy_style(name: str, new_name: str, directory: Path) -> tuple[Path, ...]:
    """Copy a style into `styles/` of the edition, to be changed there. Raises EditionError."""
    source = style_folder(name, directory)
    if source is None:
        load_style(StyleChoice(name), directory)
        raise AssertionError("a style without a folder cannot be loaded")
    target = directory / "styles" / new_name
    if style_folder(new_name, directory) is not None or target.exists() or not new_name.replace("-", "").isalnum():
        place = Place(target.as_posix())
        if target.exists():
            message = f"there is a folder `styles/{new_name}` already"
        elif style_folder(new_name, directory) is not None:
            message = f"a built-in style is named `{new_name}`"
        else:
            message = f"`{new_name}` is no name for a folder: it may have letters, figures and hyphens"
        raise EditionError([STYLE_THERE.at(place, message, hint="try another name")])
    source_folder = Folder(source)
    names = [path.relative_to(source).as_posix() for path in sorted(source.rglob("*")) if path.is_file()]
    contents = {file: (source / file).read_bytes() for file in names if source_folder.trouble(file) is None}
    return write_files(target, contents, force=False)


def specimen(
    name: str, directory: Path, out: Path, *, grid: bool = False, progress: Progress = lambda _: None
) -> Built:
    """Set every construct in a style, as the edition in `directory` would use it: `specimen-NAME.pdf` in `out`.

    With `grid` the baseline grid and the boxes of text and notes are drawn. Raises EditionError.
    """
    edition = _edition(directory)
    choice = _choice(name, edition)
    load_style(choice, directory)
    with TemporaryDirectory(prefix="edition-") as temporary:
        folder = Path(temporary, "specimen")
        _write_specimen(folder, choice, directory)
        try:
            built = build(folder, Path(temporary, "out"), progress=progress)
        except EditionError as error:
            raise EditionError(_as_kept(error.findings, folder, directory)) from None
        content = built.pdf.read_bytes()
        if grid:
            content = _with_grid(content, built, load_style(choice, directory))
    (path,) = write_files(out, {f"specimen-{choice.name}.pdf": content}, force=True)
    findings = _as_kept(built.findings, folder, directory)
    return Built(path, built.edition, built.pages, built.notes, findings, built.proof)


def _as_kept(findings: Iterable[Finding], folder: Path, directory: Path) -> tuple[Finding, ...]:
    """Findings of the specimen, whose files are gone, with the paths of the edition's sheets and the specimen's own."""

    def kept(place: Place) -> Place:
        path = inside(place.path, folder)
        if path == place.path:
            return place
        own = path == EXTRA_SHEET or path.startswith("styles/")
        return replace(place, path=(directory / path).as_posix() if own else f"specimen/{path}")

    return tuple(replace(found, place=found.place and kept(found.place)) for found in findings)


def gallery(directory: Path, out: Path, *, progress: Progress = lambda _: None) -> tuple[Path, ...]:
    """A picture of some pages of every style's specimen, and a page that shows them all, in `out`."""
    from edition.proof.rows import row_of_pages

    listed = list_styles(directory)
    contents: dict[str, str | bytes] = {}
    lines = ["# Gallery", "", "Made by `edition style gallery`: the same pages in every style.", ""]
    for style in listed:
        with TemporaryDirectory(prefix="edition-") as temporary:
            built = specimen(style.name, directory, Path(temporary), progress=progress)
            first = {anchor: page.index for anchor, page in built.pages.first_pages().items()}
            contents[f"{style.name}.png"] = row_of_pages(
                built.pdf.read_bytes(), [first[anchor] for anchor in IN_GALLERY], 1400
            )
        lines += [f"## {style.name}", "", style.title, "", f"![{style.title}]({style.name}.png)", ""]
    return write_files(out, {**contents, "README.md": "\n".join(lines)}, force=True)


def _edition(directory: Path) -> Edition | None:
    """The edition of a folder, if it is one. Raises EditionError for one that cannot be read."""
    return manuscript.load(directory)[0] if (directory / manuscript.VOLUME).is_file() else None


def _choice(name: str, edition: Edition | None) -> StyleChoice:
    """The style that is meant: the edition's own keeps its settings."""
    if edition and name in ("", edition.style.name):
        return edition.style
    return StyleChoice(name or StyleChoice().name)


def _write_specimen(folder: Path, choice: StyleChoice, directory: Path) -> None:
    """The specimen's files, with the style, the edition's own styles and its extra sheet."""
    with as_file(files("edition").joinpath("specimen")) as source:
        shutil.copytree(source, folder)
    volume = folder / manuscript.VOLUME
    style = json.dumps({"name": choice.name, **dict(choice.settings)}, ensure_ascii=False)
    volume.write_text(volume.read_text("utf-8").replace("style: reading", f"style: {style}"), "utf-8")
    if (directory / "styles").is_dir():
        shutil.copytree(directory / "styles", folder / "styles", symlinks=True)
    if (directory / EXTRA_SHEET).is_file():
        shutil.copy(directory / EXTRA_SHEET, folder / EXTRA_SHEET)


def page_labels(paged: PagedEdition) -> dict[int, PageLabels]:
    """Where text and notes may stand on each page, from 0, that is not blank."""
    if paged.labels is not None:
        return dict(enumerate(paged.labels.pages))
    return {part.first + number: page for part in paged.parts for number, page in enumerate(part.labels.pages)}


def _with_grid(content: bytes, built: Built, style: Style) -> bytes:
    """The grid by the leading of the style, where most of the text's lines stand on it."""
    from edition.assemble.grid import with_grid
    from edition.proof.reader import read_pages

    leading, size = length(style.value("leading")), length(style.value("text-size"))
    labels = page_labels(built.pages)
    pages = read_pages(content)
    phases = Counter(
        round((piece.y - page.text_area[1]) % leading / SAME_PHASE)
        for number, page in labels.items()
        for piece in pages[number].pieces
        if abs(piece.size - size) < SAME_PHASE and piece.level
    )
    phase = phases.most_common(1)[0][0] * SAME_PHASE if phases else leading
    return with_grid(content, labels, leading, phase)
