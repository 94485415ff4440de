"""A build: folder → edition → resolved → HTML → pages → PDF, and its proof."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache as cached
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from edition import manuscript
from edition.cache import Disk, Layered, default_folder
from edition.files import write_files
from edition.findings import EditionError, Finding, Severity, declare, has_errors
from edition.model import Edition
from edition.pages import PagedEdition
from edition.pipeline.coverage import check_coverage
from edition.pipeline.pressing import press_for, print_file
from edition.pipeline.proofreading import BUILD, Reading
from edition.pipeline.settling import Progress, Settled, settle
from edition.pipeline.unchanged import Found, LastBuild, Report
from edition.render.concordance import concordance_csv, concordance_html
from edition.resolve import concordance_of
from edition.resolved import ResolvedEdition
from edition.styles import EXTRA_SHEET, Style, load_style
from edition.workers import usable_cores

if TYPE_CHECKING:
    from edition.proof import Proof
    from edition.typeset import Typesetting


NOTHING = declare(
    "F111",
    Severity.ERROR,
    """There is nothing to print.

    The edition's contents are empty, so that there is not even a title page. """,
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
    output: tuple[Path, ...] = ()
    """All files that were written, the PDF last."""
    faces: tuple[Path, ...] = ()
    """The files of the style's faces."""

    @property
    def report(self) -> Report:
        found = Found(self.proof.words, self.proof.notes, self.proof.page_breaks)
        unplanned = self.pages.lines.unplanned
        return Report(str(self.pdf), len(self.pages.pages), self.notes, found, self.findings, unplanned)


@dataclass(frozen=True, slots=True)
class How:
    """How a build goes about its work; what it makes is the same."""

    jobs: int = 0
    """How many processes lay out; 0 for as many as can work at once."""
    cache: bool = True
    """Whether what was made before is made use of, and what is made is kept."""

    def keep(self) -> Layered:
        return Layered(Disk(default_folder()) if self.cache else None)


def rebuild(
    directory: Path,
    out: Path,
    *,
    style: str = "",
    for_print: bool = False,
    only: Sequence[str] = (),
    how: How = How(),
    progress: Progress = lambda _: None,
) -> Report:
    """Make the PDF as `build` does, unless it is there already and nothing changed; raises what `build` raises."""
    cache = how.keep()
    last = LastBuild(cache, directory, str(out.resolve()), style, *(["print"] if for_print else []), *only)
    if how.cache and (report := last.report()) is not None:
        progress("nothing changed")
        return report
    built = build(directory, out, style=style, for_print=for_print, only=only, how=how, progress=progress)
    if how.cache:
        last.keep(built.report, built.output, built.faces)
    return built.report


def build(
    directory: Path,
    out: Path,
    *,
    style: str = "",
    for_print: bool = False,
    only: Sequence[str] = (),
    how: How = How(),
    progress: Progress = lambda _: None,
) -> Built:
    """Make the PDF of the edition in `directory`, with the map from its pages back to the source beside it.

    `for_print` makes the print file, too; `only` are ids of documents and divisions, where not all are wanted.
    Raises EditionError, also where the proof finds that the PDF does not say what the manuscript says, and then
    leaves earlier output alone.
    """
    with Builder(directory, style=style, how=how, for_print=for_print, only=only, progress=progress) as builder:
        return builder.build(out)


class Builder:
    """Builds one edition, again and again if need be: what builds share is loaded once."""

    def __init__(
        self,
        directory: Path,
        *,
        style: str = "",
        how: How = How(),
        reading: Reading = BUILD,
        for_print: bool = False,
        only: Sequence[str] = (),
        progress: Progress = lambda _: None,
    ) -> None:
        self.directory = directory
        self.only = tuple(only)
        """Ids of the documents that are built; all if there are none."""
        self.reading = reading
        self.for_print = for_print
        self.style_name = style
        self.how = how
        self.progress = progress
        self.cache = how.keep()
        self.setting: Typesetting | None = None
        self.documents = manuscript.KeptDocuments()
        self.changes: Mapping[str, str] = {}
        """Settings of the style that count instead of the edition's own."""
        self.glimpsed: Callable[[Glimpsed], None] | None = None
        """Is shown pages that changed before the rest of the book is made."""
        self.looked_at = 0
        """The page of the last book whose part is shown first if it changed."""

    @property
    def jobs(self) -> int:
        """How many processes work."""
        return self.how.jobs or usable_cores()

    def __enter__(self) -> Builder:
        return self

    def __exit__(self, *_: object) -> None:
        if self.setting is not None:
            self.setting.__exit__()
            self.setting = None

    def build(self, out: Path) -> Built:
        """Write the PDF and its map. Raises EditionError, and then leaves earlier output alone."""
        from edition.typeset import faces_of

        made = self.make()
        if has_errors(made.proof.findings):
            raise EditionError(made.findings)
        name = ".".join([file_name(made.edition), *(["-".join(self.only)[:60]] if self.only else ())])
        output = {f"{name}.places.json": made.proof.places, f"{name}.pdf": made.pdf}
        if made.print_file:
            output = {f"{name}.print.pdf": made.print_file, **output}
        written = write_files(out, output, force=True)
        self.cache.tidy()
        faces = tuple(face.path for face in faces_of(made.style))
        notes = len(made.resolved.notes)
        return Built(written[-1], made.edition, made.pages, notes, made.findings, made.proof, written, faces)

    def make(self) -> Made:
        """All stages up to the proof. An EditionError carries the findings of the stages before it, too."""
        edition, findings, style = self.opened()
        press = press_for(edition, style, self.directory) if self.for_print else None
        of_manuscript = cached(partial(self.reading.manuscript, edition, self.directory, self.cache, self.jobs))

        def before_pages(resolved: ResolvedEdition, html: str) -> None:
            self.glimpse(resolved, html)  # whoever looks waits for no rule
            of_manuscript()

        try:
            settled = settle(edition, self.typesetting(style), self.progress, self.only, before_pages)
        except EditionError as error:
            raise EditionError([*findings, *of_manuscript(), *error.findings]) from error
        findings += of_manuscript()
        resolved, paged = settled.resolved, settled.paged
        edition = resolved.edition
        self.progress("assembling")
        from edition.assemble import assemble

        branch = "Original Pages" if edition.outline_pages else ""
        sources = sources_of(edition, self.directory)
        pdf = assemble(resolved, paged, sources=sources, original_pages=branch, cache=self.cache)
        self.progress("proving")
        proof = _prove(settled, pdf, self.typesetting(style))
        findings += [*resolved.findings, *paged.findings, *settled.findings, *proof.findings]
        made = print_file(pdf, press) if press and not has_errors(proof.findings) else b""
        return Made(style, edition, resolved, paged, pdf, proof, self.reading.all(edition, proof, findings), made)

    def glimpse(self, resolved: ResolvedEdition, html: str) -> None:
        """Show pages of a part that changed, if somebody looks, before the rest of the book is made."""
        if self.glimpsed is None or self.setting is None:
            return
        from edition.assemble import pages_alone

        with suppress(EditionError):  # whatever is wrong, the whole book will tell
            found = self.setting.glimpse(html, self.looked_at)
            if found is not None:
                self.glimpsed(
                    Glimpsed(found.first, found.replaced, resolved, found.paged, pages_alone(found.paged))
                )

    def pages(self) -> tuple[Edition, PagedEdition]:
        """The edition and its pages, neither assembled nor proven. Raises EditionError."""
        edition, _, style = self.opened()
        return edition, settle(edition, self.typesetting(style), self.progress).paged

    def opened(self) -> tuple[Edition, list[Finding], Style]:
        """An edition that was read, what was found in it, and its style. An EditionError holds all that was found."""
        self.progress("reading")
        edition, found = manuscript.load(self.directory, documents=self.documents)
        if not edition.contents:
            hint = "list documents there, or leave it out: then all of documents/ are in the edition"
            raise EditionError([*found, NOTHING.at(edition.at, "`contents` is empty", hint=hint)])
        if self.style_name:
            edition = replace(edition, style=replace(edition.style, name=self.style_name, settings=()))
        if self.changes:
            settings = {**dict(edition.style.settings), **self.changes}
            edition = replace(edition, style=replace(edition.style, settings=tuple(sorted(settings.items()))))
        try:
            style = load_style(edition.style, self.directory)
            return edition, [*found, *check_coverage(edition, style)], style
        except EditionError as error:
            raise EditionError([*found, *error.findings]) from error

    def typesetting(self, style: Style) -> Typesetting:
        """That of the last build, if the style is still the same."""
        from edition.typeset import Typesetting

        if self.setting is None or self.setting.style != style:
            before = self.setting.standing if self.setting else ()
            self.__exit__()
            self.setting = Typesetting(style, self.directory, self.cache, self.jobs, self.progress)
            self.setting.standing = before
        return self.setting


def check(directory: Path, *, style: str = "", progress: Progress = lambda _: None) -> tuple[Finding, ...]:
    """All findings of the manuscript, its pages and their proof. What stops a build is among them."""
    try:
        with Builder(directory, style=style, reading=Reading("check"), progress=progress) as builder:
            return builder.make().findings
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
    with Builder(directory, style=style, progress=progress) as builder:
        edition, paged = builder.pages()
    lines = concordance_of(edition, paged)
    folios = [page.folio for page in paged.pages]
    if format == "html":
        title = ", ".join(filter(None, (edition.title, edition.volume)))
        return concordance_html(title, lines, folios, edition.language)
    return concordance_csv(lines, folios, by_page=by_page)


@dataclass(frozen=True, slots=True)
class Made:
    """Everything that a build makes, before it is written."""

    style: Style
    edition: Edition
    resolved: ResolvedEdition
    pages: PagedEdition
    pdf: bytes
    proof: Proof
    findings: tuple[Finding, ...]
    print_file: bytes = b""


@dataclass(frozen=True, slots=True)
class Glimpsed:
    """Pages of a part that changed, made before the rest of the book."""

    first: int
    """The index in the last book of the first page that they take the place of."""
    replaced: int
    """How many pages they take the place of."""
    resolved: ResolvedEdition
    pages: PagedEdition
    """Counted from 0."""
    pdf: bytes


def _prove(settled: Settled, pdf: bytes, setting: Typesetting) -> Proof:
    """Compare the finished PDF with the manuscript, whose files say where each character was written."""
    from edition.pipeline.proving import prove_build

    directory = setting.folder
    names = {str(directory / name): name for name, _ in sources_of(settled.resolved.edition, directory)}
    return prove_build(
        settled.resolved,
        settled.paged,
        pdf,
        style=setting.style,
        directory=directory,
        names=names,
        cache=setting.cache,
        jobs=setting.jobs,
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
