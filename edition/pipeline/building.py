"""A build: folder → edition → resolved → HTML → pages → PDF, and its proof."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from edition import manuscript
from edition.allowances import apply_allowances
from edition.files import write_files
from edition.findings import EditionError, Finding, Severity, declare, has_errors
from edition.model import Document, Edition, Image, Span, Text, heads_of
from edition.pages import PagedEdition
from edition.pipeline.pressing import press_for, print_file
from edition.render import render
from edition.render.concordance import concordance_csv, concordance_html
from edition.resolve import concordance_of, depends_on_pages, resolve
from edition.resolved import ResolvedEdition
from edition.source import Place, Source
from edition.styles import EXTRA_SHEET, Style, load_style
from edition.walk import tables_of, walk

if TYPE_CHECKING:
    from edition.proof import Proof

Progress = Callable[[str], None]
"""Is told what is being done, in a word or two."""

ROUNDS = 5
"""How often pages are made again at most until what depends on pages stays the same."""

UNSETTLED = declare(
    "T020",
    Severity.WARNING,
    """What depends on pages did not settle.

    Notes numbered by page, the index, lists of names and the concordance say on which page something stands, and
    a longer or shorter number can move it to another. After five rounds the last one is printed, and the finding
    names what would change once more.
    """,
)


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made, and what an editor should look at."""

    pdf: Path
    edition: Edition
    pages: PagedEdition
    notes: int
    findings: tuple[Finding, ...]
    proof: Proof


def build(
    directory: Path,
    out: Path,
    *,
    style: str = "",
    for_print: bool = False,
    progress: Progress = lambda _: None,
) -> Built:
    """Make the PDF of the edition in `directory`, with the map from its pages back to the source beside it.

    `for_print` makes the print file, too.

    Raises EditionError, also where the proof finds that the PDF does not say what the manuscript says, and then
    leaves earlier output alone.
    """
    made = _make(directory, style, progress, for_print=for_print)
    if has_errors(made.proof.findings):
        raise EditionError(made.findings)
    name = file_name(made.edition)
    output = {f"{name}.places.json": made.proof.places, f"{name}.pdf": made.pdf}
    if made.print_file:
        output = {f"{name}.print.pdf": made.print_file, **output}
    *_, path = write_files(out, output, force=True)
    return Built(path, made.edition, made.pages, len(made.resolved.notes), made.findings, made.proof)


def check(directory: Path, *, style: str = "", progress: Progress = lambda _: None) -> tuple[Finding, ...]:
    """All findings of the manuscript, its pages and their proof. What stops a build is among them."""
    try:
        return _make(directory, style, progress).findings
    except EditionError as error:
        return error.findings


def concordance(
    directory: Path,
    *,
    style: str = "",
    format: str = "csv",
    by_page: bool = False,
    progress: Progress = lambda _: None,
) -> str:
    """The concordance of an edition's original pages and ours as `csv`, in either direction, or as `html`.

    Raises EditionError as `build` does, but proves nothing.
    """
    edition, _, chosen = _opened(directory, style, progress)
    paged = _settle(edition, chosen, directory, progress).paged
    lines = concordance_of(edition, paged)
    folios = [page.folio for page in paged.pages]
    if format == "html":
        title = ", ".join(filter(None, (edition.title, edition.volume)))
        return concordance_html(title, lines, folios, edition.language)
    return concordance_csv(lines, folios, by_page=by_page)


def _opened(directory: Path, style_name: str, progress: Progress) -> tuple[Edition, list[Finding], Style]:
    """An edition that was read, what was found in it, and its style. An EditionError holds all that was found."""
    progress("reading")
    edition, found = manuscript.load(directory)
    if style_name:
        edition = replace(edition, style=replace(edition.style, name=style_name, settings=()))
    try:
        style = load_style(edition.style, directory)
        return edition, [*found, *_check_glyphs(edition, style), *_check_features(edition, style)], style
    except EditionError as error:
        raise EditionError([*found, *error.findings]) from error


@dataclass(frozen=True, slots=True)
class _Made:
    """Everything that a build makes, before it is written."""

    edition: Edition
    resolved: ResolvedEdition
    pages: PagedEdition
    pdf: bytes
    proof: Proof
    findings: tuple[Finding, ...]
    print_file: bytes = b""


def _make(directory: Path, style_name: str, progress: Progress, *, for_print: bool = False) -> _Made:
    """All stages up to the proof. An EditionError carries the findings of the stages before it, too."""
    edition, findings, style = _opened(directory, style_name, progress)
    press = press_for(edition, style, directory) if for_print else None
    try:
        settled = _settle(edition, style, directory, progress)
    except EditionError as error:
        raise EditionError([*findings, *error.findings]) from error
    resolved, paged = settled.resolved, settled.paged
    progress("assembling")
    from edition.assemble import assemble

    branch = "Original Pages" if edition.outline_pages else ""
    pdf = assemble(resolved, paged, sources=sources_of(edition, directory), original_pages=branch)
    progress("proving")
    proof = _prove(settled, pdf, style, directory)
    findings += [*resolved.findings, *paged.findings, *settled.findings, *proof.findings]
    made = print_file(pdf, press) if press and not has_errors(proof.findings) else b""
    return _Made(edition, resolved, paged, pdf, proof, apply_allowances(edition, findings), made)


def _prove(settled: _Settled, pdf: bytes, style: Style, directory: Path) -> Proof:
    """Compare the finished PDF with the manuscript, whose files say where each character was written."""
    from edition.proof import prove

    names = {str(directory / name): name for name, _ in sources_of(settled.resolved.edition, directory)}
    return prove(
        settled.resolved,
        settled.paged,
        pdf,
        html=settled.html,
        families=[family.name for family in style.families],
        sources=[Source(path, Path(path).read_text("utf-8-sig", errors="replace")) for path in names],
        names=names,
    )


def _check_glyphs(edition: Edition, style: Style) -> list[Finding]:
    """Raises EditionError with the first place of every character that the style's faces lack."""
    from edition.typeset import MISSING_GLYPH, missing_glyphs

    first = first_places(edition)
    missing = missing_glyphs(set(first), style)
    if missing:
        raise EditionError(
            MISSING_GLYPH.at(
                first[char],
                f"no face of style `{style.name}` has {char!r} (U+{ord(char):04X}, "
                f"{unicodedata.name(char, 'unnamed').lower()})",
                hint="name a family that has it under `faces` of the style",
            )
            for char in sorted(missing)
        )
    return []


def _check_features(edition: Edition, style: Style) -> list[Finding]:
    """What the faces lack that the style or the text asks for."""
    from edition.typeset.face_report import check_features

    spans = (node for document in edition.documents for _, node in walk(document) if isinstance(node, Span))
    return list(check_features(style, has_small_capitals=any(span.kind == "sc" for span in spans)))


def first_places(edition: Edition) -> dict[str, Place | None]:
    """Every character of the edition's text, and where it first stands."""
    first: dict[str, Place | None] = {}
    volume = [getattr(edition, field.name) for field in fields(edition)]
    for char in "".join(value for value in volume if isinstance(value, str)) + "".join(edition.editors):
        first.setdefault(char, edition.at)
    for named in (*edition.persons, *edition.terms):
        for char in named.name + named.description:
            first.setdefault(char, named.at)
    for document in (*heads_of(edition.contents), *edition.documents):
        _add_characters(document, first)
    return first


def _add_characters(document: Document, first: dict[str, Place | None]) -> None:
    for _, node in walk(document):
        if not isinstance(node, Text):
            continue
        for char in set(node.text) - first.keys():
            place = node.at or document.at
            first[char] = place and replace(place, column=place.column + node.text.index(char))


@dataclass(frozen=True, slots=True)
class _Settled:
    """Pages that say what they should of themselves, as far as five rounds could bring that about."""

    resolved: ResolvedEdition
    html: str
    paged: PagedEdition
    findings: tuple[Finding, ...]


def _settle(edition: Edition, style: Style, directory: Path, progress: Progress) -> _Settled:
    """Lay the edition out, again while what it says depends on pages and changes. The PDF is written once."""
    from edition.typeset import typeset

    progress("resolving")
    resolved = resolve(edition)
    if has_errors(resolved.findings):
        raise EditionError(resolved.findings)
    html, again, rounds = render(resolved), resolved, 0

    def is_final(pages: PagedEdition) -> bool:
        nonlocal again
        if not depends_on_pages(edition):
            return True
        progress("resolving")
        again = resolve(edition, paged=pages)
        return render(again) == html or rounds == ROUNDS

    while True:
        rounds += 1
        progress("typesetting")
        try:
            paged = typeset(html, style, directory, is_final)
        except EditionError as error:
            raise EditionError(_located(error.findings, resolved)) from error
        if paged.pdf:
            break
        resolved, html = again, render(again)
    unsettled = (
        [what for what, of in _DEPENDENT.items() if of(again) != of(resolved)] if again is not resolved else []
    )
    message = f"{' and '.join(unsettled)} did not settle in {ROUNDS} rounds"
    found = (UNSETTLED.at(edition.at, message),) if unsettled else ()
    return _Settled(resolved, html, replace(paged, findings=_located(paged.findings, resolved)), found)


_DEPENDENT: dict[str, Callable[[ResolvedEdition], object]] = {
    "marks of notes": lambda resolved: {key: note.mark for key, note in resolved.notes.items()},
    "the index": lambda resolved: resolved.index,
    "lists of persons and terms": lambda resolved: resolved.named_pages,
    "the concordance": lambda resolved: resolved.concordance,
}
"""What depends on pages, by what an editor calls it."""


def _located(findings: Iterable[Finding], resolved: ResolvedEdition) -> tuple[Finding, ...]:
    """Findings of the pages with the places of the notes, pictures and tables that they are about."""
    findings = tuple(findings)
    if all(finding.place or not finding.about for finding in findings):
        return findings
    places = {note.id: note.note.at for note in resolved.notes.values()}
    for document in resolved.edition.documents:
        places |= {node.path: node.at for _, node in walk(document) if isinstance(node, Image)}
        places |= {name: table.at for name, table in tables_of(document).items()}
    return tuple(
        replace(finding, place=finding.place or places.get(finding.about)) if finding.about else finding
        for finding in findings
    )


def sources_of(edition: Edition, directory: Path) -> tuple[tuple[str, bytes], ...]:
    """The files that the edition was read from, by their names in its folder, to go with the PDF."""
    paths = [directory / name for name in ("edition.yaml", "persons.yaml", "terms.yaml", EXTRA_SHEET)]
    paths += [Path(document.at.path) for document in edition.documents if document.at]
    return tuple(
        (path.relative_to(directory).as_posix(), path.read_bytes())
        for path in dict.fromkeys(paths)
        if path.is_file()
    )


def file_name(edition: Edition) -> str:
    """The name of an edition's output without ending: its id, or its title in plain letters."""
    if edition.id:
        return edition.id
    title = unicodedata.normalize("NFKD", f"{edition.title} {edition.volume}").encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:80].rstrip("-") or "edition"
