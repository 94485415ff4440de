"""Proofreading: comparison, comments, divided words, galley and report, from finished PDFs and what made them."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from edition import manuscript
from edition.files import MISSING, Folder, write_files
from edition.findings import EditionError, Finding, Severity, declare
from edition.pipeline.building import Builder, Made, file_name, sources_of
from edition.pipeline.proofreading import Reading
from edition.pipeline.settling import Progress
from edition.source import Place

if TYPE_CHECKING:
    from edition.proof.book import PrintedBook
    from edition.proof.comments import Comment
    from edition.proof.comparison import Compared
    from edition.proof.lines import Divided
    from edition.proof.places import Places

NO_PLACES = declare(
    "D010",
    Severity.WARNING,
    """The places of a PDF in the source are not known.

    Beside each PDF a build writes `NAME.places.json`, the way from its pages back to the source. It is not
    there, or is that of another build. Put the file that was written with this PDF beside it, or name it. """,
)
GONE = declare(
    "D011",
    Severity.INFO,
    """What a comment is about was changed since.

    The words that were commented on stand in the PDF, but no longer in the source as it is now. The place is
    that of what stands there instead. """,
)


def compare(
    old: Path,
    new: Path,
    *,
    pictures: Path | None = None,
    look: bool = False,
    progress: Progress = lambda _: None,
) -> Compared:
    """Compare two PDFs; with `pictures` write pages that differ there, and a page of HTML for reading them.

    With `look` also those are pictured that only look different. Raises EditionError for what is no PDF.
    """
    from edition.proof.book import read_book
    from edition.proof.comparison import compare_books

    with _nothing_thrown_away():
        progress("reading")
        books = read_book(old), read_book(new)
        progress("comparing")
        compared = compare_books(*books)
    if pictures is not None:
        progress("drawing")
        write_comparison(compared, pictures, look)
    return compared


def write_comparison(compared: Compared, folder: Path, look: bool, name: str = "comparison.html") -> Path:
    """Write pictures of pages that differ, and the page of HTML that shows them, last."""
    from edition.proof.comparison.pictures import pictures_of
    from edition.proof.comparison.telling import comparison_html

    shown = {}
    for pair, names, files in pictures_of(compared, look):
        write_files(folder, files, force=True)
        shown[pair] = names
    (page,) = write_files(folder, {name: comparison_html(compared, shown)}, force=True)
    return page


@contextmanager
def _nothing_thrown_away() -> Iterator[None]:
    """Let Python not look for garbage meanwhile: among a million words that stay that costs a quarter."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Comments:
    """The comments in a PDF, and what is to be said about their places."""

    comments: tuple[Comment, ...]
    findings: tuple[Finding, ...]


def comments(
    pdf: Path,
    directory: Path | None = None,
    *,
    places: Path | None = None,
    progress: Progress = lambda _: None,
) -> Comments:
    """What proofreaders wrote into a PDF, with the places of what they wrote about.

    `places` is the file written beside the PDF; by default one is looked for beside it. With the edition's
    `directory` places are those in its files as they are now. Raises EditionError for what is no PDF.
    """
    from edition.proof.annotations import read_annotations
    from edition.proof.book import opened, read_book
    from edition.proof.comments import bind
    from edition.proof.relocation import attached_sources

    if directory is not None and not (directory / manuscript.VOLUME).is_file():
        raise EditionError([MISSING.at(Place(directory.as_posix()), f"there is no `{manuscript.VOLUME}` in it")])
    progress("reading")
    book = read_book(pdf)
    with opened(book) as file:
        annotations = read_annotations(file)
        sources = attached_sources(file) if directory else {}
    if not annotations:
        return Comments((), ())
    known, findings = _places_of(book, places)
    found = list(bind(annotations, book, known))
    if directory is not None:
        found, moved = _in_files_of_now(found, sources, directory)
        findings += moved
    return Comments(tuple(found), tuple(findings))


def _places_of(book: PrintedBook, given: Path | None) -> tuple[Places | None, list[Finding]]:
    """The places file of a book: the one that is given, the one beside it, or any in its folder that is of it."""
    from edition.proof.comments import fits
    from edition.proof.places import read_places

    beside = book.path.with_suffix(".places.json")
    others = sorted(book.path.parent.glob("*.places.json"))
    wrong = ""
    for path in [given] if given else [beside, *(path for path in others if path != beside)]:
        try:
            places = read_places(path.read_bytes())
        except FileNotFoundError:
            continue
        except OSError as error:
            wrong = wrong or f"`{path.name}` cannot be read: {(error.strerror or 'it is none').lower()}"
            continue
        except ValueError:
            wrong = wrong or f"`{path.name}` is no places file, or one of another version"
            continue
        if fits(places, book):
            return places, []
        wrong = wrong or f"`{path.name}` is that of another build"
    message = wrong or f"there is no `{(given or beside).name}`"
    hint = "put the one written with this PDF beside it, or give it with --places"
    return None, [NO_PLACES.at(Place(book.path.as_posix()), message, hint=hint)]


def _in_files_of_now(
    found: list[Comment], sources: dict[str, str], directory: Path
) -> tuple[list[Comment], list[Finding]]:
    """Comments with their places in a folder's files, however much these were edited since."""
    from edition.proof.relocation import Relocation

    moved: list[Comment] = []
    findings: list[Finding] = []
    relocated: dict[str, Relocation | None] = {}
    for comment in found:
        place = comment.place
        if place is None:
            moved.append(comment)
            continue
        if place.path not in relocated:
            text = _text_of(directory, place.path)
            old = sources.get(place.path)
            relocated[place.path] = Relocation(old, text) if old is not None and text is not None else None
        path = (directory / place.path).as_posix()
        relocation = relocated[place.path]
        at, stands = relocation.find(place) if relocation else (place, True)
        at = Place(path, at.line, at.column)
        if not stands:
            findings.append(GONE.at(at, f'"{comment.words[:60]}" no longer stands here', folio=comment.folio))
        moved.append(replace(comment, place=at))
    return moved, findings


def _text_of(directory: Path, name: str) -> str | None:
    """The text of a file of an edition; None where it is not in its folder, or is no text."""
    folder = Folder(directory)
    if folder.trouble(name):
        return None
    source = folder.read(name, [])
    return source.text if source else None


def hyphens(
    what: Path, *, style: str = "", progress: Progress = lambda _: None
) -> tuple[tuple[Divided, str], ...]:
    """Every word divided at a line's end, with its page's folio, in an edition's folder or in a PDF of ours.

    Of a PDF the places are those of the file beside it. Raises EditionError for what stops a build, or is no PDF.
    """
    from edition.proof.book import read_book
    from edition.proof.lines import divided_words
    from edition.proof.places import read_places

    if what.is_file():
        book = read_book(what)
        places, _ = _places_of(book, None)
    else:
        made = _made(what, style, progress)
        book = read_book(what, made.pdf)
        places = read_places(made.proof.places) if made.proof.places else None
    return tuple((divided, book.folio(divided.line.page)) for divided in divided_words(book.pages, places))


@dataclass(frozen=True, slots=True)
class Proofs:
    """What was written for proofreading, and what was found."""

    files: tuple[Path, ...]
    findings: tuple[Finding, ...]
    pages: int
    compared: Compared | None = None


def proof(
    directory: Path,
    out: Path,
    *,
    against: str = "",
    style: str = "",
    progress: Progress = lambda _: None,
) -> Proofs:
    """Write galley, report and collation of an edition, and its comparison with an earlier state, into `out`.

    `against` is a PDF, or a revision of the git repository that the edition is in. What a proof finds to be lost
    is told and does not stop it. Raises EditionError for what stops a build, and for what cannot be compared
    with.
    """
    from edition.proof.account import account_html, account_json, account_of
    from edition.proof.book import read_book
    from edition.proof.comparison import compare_books
    from edition.proof.places import read_places

    old = _earlier(directory, against, style, progress) if against else None
    made = _made(directory, style, progress)
    name = file_name(made.edition)
    progress("reading")
    book = read_book(Path(f"{name}.pdf"), made.pdf)
    places = read_places(made.proof.places) if made.proof.places else None
    compared = compare_books(old, book) if old else None
    progress("writing the galley")
    galley = _galley(made, book, places, directory, compared, against)
    progress("drawing")
    report = _report(made, book, places, directory)
    title = ", ".join(filter(None, (made.edition.title, made.edition.volume)))
    account = account_of(title, f"{name}.pdf", made.pdf, len(book.pages), made.proof.entries, made.findings)
    output: dict[str, str | bytes] = {
        f"{name}.galley.places.json": made.proof.places,
        f"{name}.galley.pdf": galley,
        "report.html": report,
        "collation.json": account_json(account),
        "collation.html": account_html(account),
    }
    files = list(write_files(out, output, force=True))
    if compared is not None:
        files.append(write_comparison(compared, out / "comparison", look=False))
    return Proofs(tuple(files), made.findings, len(book.pages), compared)


def _made(directory: Path, style: str, progress: Progress) -> Made:
    """An edition built and proven, but not written."""
    with Builder(directory, style=style, reading=Reading("check"), progress=progress) as builder:
        return builder.make()


def _galley(
    made: Made,
    book: PrintedBook,
    places: Places | None,
    directory: Path,
    compared: Compared | None,
    against: str,
) -> bytes:
    from edition.proof.galley import Bar, Mark, characters, plan, write
    from edition.proof.spots import Finder
    from edition.typeset import embedded_face

    finder = Finder(book, places, directory.as_posix())
    marks = []
    for finding in made.findings:
        printed = finder.find(finding)
        if printed is not None:
            marks.append(
                Mark(printed.page, printed.line.y if printed.line else 0.0, finding.code, finding.message)
            )
    bars = [
        Bar(page, top, foot, is_gone=not change.new.words)
        for change in (compared.changes if compared else ())
        if change.new is not None
        for page, _, top, _, foot in change.new.boxes
    ]
    sides = [page.side for page in made.pages.pages]
    planned = plan(book, sides, places, marks=marks, bars=bars, against=Path(against).name)
    face = embedded_face(made.style, characters(planned))
    return write(made.pdf, planned, sides, face)


def _report(made: Made, book: PrintedBook, places: Places | None, directory: Path) -> str:
    from edition.proof.report import report
    from edition.proof.spots import Finder

    finder = Finder(book, places, directory.as_posix())
    sources = {
        (directory / name).as_posix(): content.decode("utf-8", "replace")
        for name, content in sources_of(made.edition, directory)
    }
    title = ", ".join(filter(None, (made.edition.title, made.edition.volume)))
    return report(title, book, [(finding, finder.find(finding)) for finding in made.findings], sources)


def _earlier(directory: Path, against: str, style: str, progress: Progress) -> PrintedBook:
    """The earlier state: a PDF, or what a revision's files make. The working tree is not touched."""
    from edition.pipeline.revisions import files_of
    from edition.proof.book import read_book

    if Path(against).is_file() or against.lower().endswith(".pdf"):
        return read_book(Path(against))
    with files_of(directory, against) as earlier:
        progress(f"building {against}")
        try:
            made = _made(earlier, style, progress)
        except EditionError as error:
            label = f"{against}:"
            raise EditionError(_relabelled(error.findings, earlier.as_posix() + "/", label)) from error
        return read_book(Path(against), made.pdf)


def _relabelled(findings: Iterable[Finding], folder: str, label: str) -> list[Finding]:
    """Findings with the paths of a folder that nobody knows as those of the revision."""
    return [
        replace(finding, place=replace(finding.place, path=label + finding.place.path.removeprefix(folder)))
        if finding.place
        else finding
        for finding in findings
    ]
