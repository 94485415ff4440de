"""The one place that chains the stages: folder → edition → resolved → HTML → pages → PDF.

Heavy stages are imported where they are used, so that what needs no page never waits for the engine.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from edition import manuscript
from edition.allowances import apply_allowances
from edition.files import Folder, write_files
from edition.findings import EditionError, Finding, Severity, declare, has_errors
from edition.model import Document, Edition, Entry, Generated, Image, Text, heads_of
from edition.pages import PagedEdition
from edition.render import render
from edition.render.concordance import concordance_csv, concordance_html
from edition.resolve import concordance_of, depends_on_pages, resolve
from edition.resolved import ResolvedEdition
from edition.source import Place, Source
from edition.styles import Style, load_style
from edition.walk import tables_of, walk

if TYPE_CHECKING:
    from edition.importers.tei import Proven
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
NOT_EMPTY = declare(
    "F021",
    Severity.ERROR,
    """A new edition needs a folder that is not there yet, or is empty.

    Nothing that is there is overwritten.
    """,
)


UNTITLED = declare(
    "I020",
    Severity.INFO,
    """An edition was made around imported documents.

    Raw text does not say what volume it is from. The new `edition.yaml` has a title to be replaced, and the
    documents in the order of their files.
    """,
)
NOT_IN_CONTENTS = declare(
    "I021",
    Severity.INFO,
    """Imported documents are not in the contents yet.

    The edition was there before, and its `edition.yaml` is left as it is. Where its contents name no pattern
    that fits the new files, add them.
    """,
)


@dataclass(frozen=True, slots=True)
class Imported:
    """The files that an import wrote, its report, and what was proven to be in them."""

    files: tuple[Path, ...]
    findings: tuple[Finding, ...]
    found: Proven | None = None
    """Of TEI, which is compared with the files; raw text is not."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made, and what an editor should look at."""

    pdf: Path
    edition: Edition
    pages: PagedEdition
    notes: int
    findings: tuple[Finding, ...]
    proof: Proof


def build(directory: Path, out: Path, *, style: str = "", progress: Progress = lambda _: None) -> Built:
    """Make the PDF of the edition in `directory`, with the map from its pages back to the source beside it.

    Raises EditionError, also where the proof finds that the PDF does not say what the manuscript says, and then
    leaves earlier output alone.
    """
    made = _make(directory, style, progress)
    if has_errors(made.proof.findings):
        raise EditionError(made.findings)
    name = file_name(made.edition)
    output = {f"{name}.places.json": made.proof.places, f"{name}.pdf": made.pdf}
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
        return edition, [*found, *_check_glyphs(edition, style)], style
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


def _make(directory: Path, style_name: str, progress: Progress) -> _Made:
    """All stages up to the proof. An EditionError carries the findings of the stages before it, too."""
    edition, findings, style = _opened(directory, style_name, progress)
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
    return _Made(edition, resolved, paged, pdf, proof, apply_allowances(edition, findings))


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
    paths = [directory / name for name in ("edition.yaml", "persons.yaml", "terms.yaml")]
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


def new(directory: Path) -> tuple[Path, ...]:
    """Write a small edition to start from. Raises EditionError if something is there already."""
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise EditionError([NOT_EMPTY.at(Place(str(directory)), "it is not empty", hint="choose another folder")])
    starter = files("edition").joinpath("starter")
    names = ("edition.yaml", "documents/d1.md", "documents/d2.md")
    return write_files(directory, {name: starter.joinpath(name).read_bytes() for name in names}, force=False)


def import_text(sources: Sequence[Path], into: Path, *, force: bool = False) -> Imported:
    """Turn files of raw text into documents of the edition in `into`, which is made if it is not there.

    Raises EditionError, and then has written nothing.
    """
    from edition.importers import plain_text

    imported = plain_text.read(_raw_texts(sources))
    findings = list(imported.findings)
    if (into / "edition.yaml").exists():
        files = manuscript.save_documents(imported.documents, into, force=force)
        findings.append(
            NOT_IN_CONTENTS.at(Place(str(into / "edition.yaml")), "the contents may not name the new documents")
        )
    else:
        contents: tuple[Entry, ...] = (Generated("title-page"), Generated("contents"), *imported.documents)
        files = manuscript.save(Edition("Untitled Edition", contents), into, force=force)
        findings.append(UNTITLED.at(Place(str(into / "edition.yaml")), "give the new edition its title"))
    return Imported(files, tuple(findings))


def _raw_texts(paths: Sequence[Path]) -> list[Source]:
    """Files of raw text. Raises EditionError with what is wrong with each that cannot be read."""
    problems: list[Finding] = []
    texts = [Folder(path.parent).read(path.name, problems) for path in paths]
    if problems:
        raise EditionError(problems)
    return [text for text in texts if text]


def import_tei(source: Path, into: Path, *, force: bool = False) -> Imported:
    """Turn a TEI volume into an edition in `into`, with the pictures that lie beside it.

    What is going to be written is read again and compared with the TEI file first: see `tei.prove`. Raises
    EditionError, also where something is lost on the way, and then has written nothing.
    """
    from edition.importers import tei

    imported = tei.read(source)
    texts = manuscript.texts_of(imported.edition, into)
    pictures = {name: (source.parent / name).read_bytes() for name in imported.images}
    try:
        loaded = _read_again({**texts, **pictures}, into)
    except EditionError as error:
        raise tei.unreadable(source, error) from error
    found = tei.prove(source, imported.edition, loaded)
    if source.parent.resolve() == into.resolve():
        pictures = {}
    return Imported(write_files(into, {**texts, **pictures}, force=force), imported.findings, found)


def _read_again(contents: Mapping[str, str | bytes], into: Path) -> Edition:
    """The edition that some files make, read from a folder that goes away; findings name them as in `into`."""
    with TemporaryDirectory(prefix="edition-") as folder:
        for name, content in contents.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        edition, _ = manuscript.load(Path(folder), label=into.as_posix())
    return edition


def rules() -> dict[str, str]:
    """Every rule's code and explanation, of all stages."""
    from importlib import import_module

    from edition.findings import RULES

    for stage in ("manuscript", "importers", "resolve", "styles", "typeset", "assemble", "proof"):
        import_module(f"edition.{stage}")
    return {code: rule.explanation for code, rule in sorted(RULES.items())}
