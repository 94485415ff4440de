"""A finished PDF as a value: its pages with their lines, and where its names lead.

Files of ours are read glyph by glyph, with their structure. Of any other file pdfium gives the text, line by line,
and nothing is known of documents and notes. What cannot be read at all is a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf

from edition.findings import EditionError, Rule, Severity, declare
from edition.proof.drawing import DrawnPage, UnreadableError
from edition.proof.fonts import Fonts
from edition.proof.lines import PrintedPage, printed_page
from edition.proof.reader import read_page
from edition.proof.structure import read_structure
from edition.source import Place

NO_PDF = declare(
    "D001",
    Severity.ERROR,
    """A file is no PDF that can be read.

    It is missing, damaged, or something else under that name. Open it in a viewer; if that shows it, save it from
    there under another name, and try again.
    """,
)
ENCRYPTED = declare(
    "D002",
    Severity.ERROR,
    """A PDF is encrypted.

    It can be read only with a password. Save it without one, and try again.
    """,
)
ENORMOUS = declare(
    "D003",
    Severity.ERROR,
    """A PDF is too large.

    It has more bytes or pages than any volume, or unpacks to more than this machine should be asked to hold.
    """,
)

LARGEST = 2**30
"""Bytes of a file. A volume of 900 pages has 6 MB; one of facsimiles has hundreds."""
HEAD = 1024
"""Bytes within which a PDF says that it is one."""
MOST_PAGES = 20_000
DAMAGE = pikepdf.PdfError, ValueError, TypeError, AttributeError, KeyError, IndexError
"""What pikepdf raises where an object of a file is missing or another one than it should be."""
MOST_NODES = 100_000
"""Nodes of a name tree."""
MEMORY = 4 * 2**30
"""Bytes that reading files of strangers may take beyond what is in use."""


class Spot(NamedTuple):
    """Where a name leads: the page from 0, and a point from its top left corner."""

    page: int
    x: float
    y: float


@dataclass
class PrintedBook:
    """A PDF that was read."""

    path: Path
    content: bytes = field(repr=False)
    pages: list[PrintedPage] = field(default_factory=list)
    drawn: list[DrawnPage] = field(default_factory=list, repr=False)
    """What each page draws; empty where the file is not of ours."""
    spots: dict[str, Spot] = field(default_factory=dict, repr=False)
    """Where its named destinations lead."""
    is_ours: bool = True
    title: str = ""

    def folio(self, page: int) -> str:
        return self.pages[page].folio


def read_book(path: Path, content: bytes | None = None) -> PrintedBook:
    """Read a PDF, from its bytes where they are at hand. Raises EditionError with what is wrong with the file."""
    content = _bytes_of(path) if content is None else content
    with _trouble(path), bounded_memory():
        with pikepdf.open(BytesIO(content)) as pdf:
            if not pdf.pages:
                raise _refused(NO_PDF, path, "it has no pages")
            if len(pdf.pages) > MOST_PAGES:
                raise _refused(ENORMOUS, path, f"it has {len(pdf.pages)} pages")
            book = PrintedBook(path, content, title=_title(pdf), spots=_spots(pdf))
            folios = folios_of(pdf)
            with suppress(UnreadableError, ValueError):
                structure = read_structure(pdf)
                if any(structure):
                    fonts = Fonts()
                    book.drawn = [read_page(page, index, fonts) for index, page in enumerate(pdf.pages)]
                    turned = [int(page.obj.get("/Rotate", 0)) % 360 == 270 for page in pdf.pages]
                    book.pages = [
                        printed_page(index, *of_page)
                        for index, of_page in enumerate(zip(book.drawn, structure, folios, turned, strict=True))
                    ]
        if not book.pages:
            from edition.proof.foreign import foreign_pages

            book.drawn, book.is_ours = [], False
            book.pages = foreign_pages(content, folios)
    return book


@contextmanager
def opened(book: PrintedBook) -> Iterator[pikepdf.Pdf]:
    """The file of a book, to look for what is no text. Raises EditionError for what is broken in it."""
    with _trouble(book.path), bounded_memory(), pikepdf.open(BytesIO(book.content)) as pdf:
        yield pdf


def _bytes_of(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise _refused(NO_PDF, path, "it is a folder" if path.is_dir() else "there is no such file")
        if (size := path.stat().st_size) > LARGEST:
            raise _refused(ENORMOUS, path, f"it has {size // 2**20} MB")
        content = path.read_bytes()
    except OSError as error:
        raise _refused(NO_PDF, path, (error.strerror or "it cannot be read").lower()) from error
    if b"%PDF-" not in content[:HEAD]:
        raise _refused(NO_PDF, path, "it is no PDF" if content else "it is empty")
    return content


def _refused(rule: Rule, path: Path, reason: str) -> EditionError:
    return EditionError([rule.at(Place(path.as_posix()), reason)])


@contextmanager
def _trouble(path: Path) -> Iterator[None]:
    """What goes wrong in a file, as a finding."""
    try:
        yield
    except pikepdf.PasswordError as error:
        raise _refused(ENCRYPTED, path, "it is encrypted with a password") from error
    except MemoryError as error:
        raise _refused(ENORMOUS, path, "it unpacks to more than can be held") from error
    except (*DAMAGE, RuntimeError) as error:
        raise _refused(NO_PDF, path, f"it cannot be read: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """What a library says is wrong, without what only it knows by name."""
    first = next(iter(str(error).splitlines()), "")
    return re.sub(r"^stream <.*?>: ", "", first)[:200] or "it is damaged"


@contextmanager
def bounded_memory() -> Iterator[None]:
    """Let this process take only so much more meanwhile, where the system can hold it to that."""
    try:
        import resource
    except ImportError:  # Windows
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    try:
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:  # elsewhere than on Linux the limit is not kept anyway
        yield
        return
    limit = used + MEMORY
    if soft != resource.RLIM_INFINITY:
        limit = min(limit, soft)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def folios_of(pdf: pikepdf.Pdf) -> list[str]:
    """The page labels; numbers from 1 where a file has none."""
    if "/PageLabels" not in pdf.Root:
        return [str(number + 1) for number in range(len(pdf.pages))]
    try:
        return [page.label for page in pdf.pages]
    except (ValueError, RuntimeError, pikepdf.PdfError):
        return [str(number + 1) for number in range(len(pdf.pages))]


def _title(pdf: pikepdf.Pdf) -> str:
    with suppress(Exception):  # whatever a stranger's metadata is: it is only shown
        return str(pdf.docinfo.get("/Title", ""))[:200]
    return ""


def _spots(pdf: pikepdf.Pdf) -> dict[str, Spot]:
    """All named destinations. What is no destination on a page is left out."""
    numbers = {page.objgen: index for index, page in enumerate(pdf.pages)}
    boxes = [[float(edge) for edge in page.trimbox] for page in pdf.pages]
    found: dict[str, Spot] = {}
    target: Any
    for name, target in _names(pdf.Root.get("/Names", pikepdf.Dictionary()).get("/Dests")):
        array: Any = target.get("/D") if isinstance(target, pikepdf.Dictionary) else target
        with suppress(*DAMAGE):
            page = numbers[array[0].objgen]
            left, _, _, top = boxes[page]
            found[name] = Spot(page, float(array[2]) - left, top - float(array[3]))
    return found


def _names(tree: pikepdf.Object | None) -> Iterator[tuple[str, pikepdf.Object]]:
    """All entries of a name tree; a stranger's may go round in circles."""
    waiting: list[Any] = [tree]
    seen: set[tuple[int, int]] = set()
    while waiting:
        node = waiting.pop()
        if (
            node is None
            or not isinstance(node, pikepdf.Dictionary)
            or node.objgen in seen
            or len(seen) > MOST_NODES
        ):
            continue
        if node.is_indirect:
            seen.add(node.objgen)
        names = node.get("/Names", pikepdf.Array()).as_list()
        yield from ((str(name), target) for name, target in zip(names[::2], names[1::2], strict=False))
        waiting += reversed(node.get("/Kids", pikepdf.Array()).as_list())
