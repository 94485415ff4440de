"""What the preview shows of a build: plain values, made beside the builder and sent to where pages are served."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from edition.findings import Finding, Severity, ShownFinding
from edition.findings import shown as shown_finding
from edition.pages import Page, PagedEdition, Part, Placed, Rectangle
from edition.pipeline import Glimpsed, Made
from edition.styles import Setting, Style, length


@dataclass(frozen=True, slots=True)
class OriginalStart:
    """Where an original page begins."""

    number: str
    x: float
    y: float


class Areas(NamedTuple):
    """Where text and notes may stand on a page, in points from its top left corner."""

    text: Rectangle
    notes: Rectangle | None


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page; lengths in points, before it is turned."""

    digest: str
    """Of all that is drawn on it: equal digests, equal images."""
    folio: str
    recto: bool
    width: float
    height: float
    turned: bool
    blank: bool
    opens_with: str
    originals: tuple[OriginalStart, ...]


@dataclass(frozen=True, slots=True)
class ShownSetting:
    """A setting of the style, for a control."""

    name: str
    type: str
    """`length`, `count`, … or `choice`."""
    words: tuple[str, ...]
    default: str
    value: str
    low: str
    high: str
    help: str


@dataclass(frozen=True, slots=True)
class ListedFinding(ShownFinding):
    """A finding as it is listed, with where it stands if the pages know that."""

    index: int = -1
    """Of its page, from 0."""
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Shown:
    """A build as it is shown."""

    title: str
    style: str
    pages: tuple[ShownPage, ...]
    findings: tuple[ListedFinding, ...]
    settings: tuple[ShownSetting, ...]
    areas: tuple[Areas | None, ...]
    leading: float
    """The step of the baseline grid in points; 0 if the style does not say it."""
    text_size: float
    """Of what stands on that grid, in points; 0 if the style does not say it."""
    pdf: bytes = field(repr=False)
    places: bytes = field(repr=False)


class Digests:
    """Digests of what the drawings have on each page; those of drawings that stay are not made again."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[bytes, ...]] = {}

    def of(self, paged: PagedEdition) -> list[str]:
        """By page of the book."""
        self.known = {placed.key: self.known.get(placed.key) or _drawn(placed) for placed in paged.placed}
        found: list[str] = []
        for placed in paged.placed:
            bodies = self.known[placed.key]
            rest = repr((sorted(placed.furniture.resources.items()), placed.furniture.objects)).encode()
            for number, furniture in enumerate(placed.furniture.pages):
                drawn = number - placed.blanks
                digest = blake2b(rest, digest_size=12)
                digest.update(repr(placed.boxes[number]).encode())
                if drawn >= 0:
                    digest.update(bodies[drawn])
                    digest.update(repr(placed.shifts[drawn]).encode())
                digest.update(furniture)
                found.append(digest.hexdigest())
        return found


def _drawn(placed: Placed) -> tuple[bytes, ...]:
    drawing = placed.drawing
    contents = {page.content for page in drawing.pages}
    rest = blake2b(digest_size=16)
    for number, (body, data) in enumerate(drawing.objects):
        if data is not None and number not in contents:
            rest.update(body)
            rest.update(data)
    shared = rest.digest()
    return tuple(
        blake2b(
            shared + repr(page.boxes).encode() + (drawing.object(page.content, placed.page_numbers).data or b""),
            digest_size=16,
        ).digest()
        for page in drawing.pages
    )


class AreasOf:
    """Areas by page of each part; those of parts that stay are not looked up again."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, int], tuple[Areas, ...]] = {}

    def of(self, paged: PagedEdition) -> tuple[Areas | None, ...]:
        found: list[Areas | None] = [None] * len(paged.pages)
        known: dict[tuple[str, int], tuple[Areas, ...]] = {}
        for part in paged.parts:
            recto = part.first % 2
            areas = self.known.get((part.key, recto)) or _areas(part)
            known[part.key, recto] = areas
            found[part.first : part.first + part.pages] = areas
        self.known = known
        return tuple(found)


def _areas(part: Part) -> tuple[Areas, ...]:
    return tuple(Areas(page.text_area, page.note_area) for page in part.labels.pages)


def shown(made: Made, directory: Path, digests: Digests, areas: AreasOf) -> Shown:
    """A build as it is shown."""
    paged = made.pages
    number_of = _by_folio(paged.pages)
    about = {anchor: (page.index, *point) for page in paged.pages for anchor, point in page.anchors.items()}
    edition = made.edition
    return Shown(
        title=", ".join(filter(None, (edition.title, edition.volume))),
        style=made.style.name,
        pages=_shown_pages(paged, made.resolved.page_anchors, digests),
        findings=shown_findings(made.findings, directory, number_of, about.get),
        settings=shown_settings(made.style),
        areas=areas.of(paged),
        leading=_points(made.style, "leading"),
        text_size=_points(made.style, "text-size"),
        pdf=made.pdf,
        places=made.proof.places,
    )


def _points(style: Style, name: str) -> float:
    value = dict(style.values).get(name, "")
    return length(value) if value else 0.0


@dataclass(frozen=True, slots=True)
class ShownGlimpse:
    """Pages that are shown instead of some of the last book until the next is made."""

    first: int
    replaced: int
    pages: tuple[ShownPage, ...]
    pdf: bytes = field(repr=False)


def shown_glimpse(glimpsed: Glimpsed) -> ShownGlimpse:
    pages = _shown_pages(glimpsed.pages, glimpsed.resolved.page_anchors, Digests())
    return ShownGlimpse(glimpsed.first, glimpsed.replaced, pages, glimpsed.pdf)


def _shown_pages(paged: PagedEdition, anchors: Container[str], digests: Digests) -> tuple[ShownPage, ...]:
    return tuple(
        ShownPage(
            digest,
            page.folio,
            page.side == "recto",
            page.width,
            page.height,
            page.turned,
            page.blank,
            page.opens_with,
            tuple(
                OriginalStart(anchor.removeprefix("page-"), *page.anchors[anchor])
                for anchor in page.anchors
                if anchor in anchors
            ),
        )
        for page, digest in zip(paged.pages, digests.of(paged), strict=True)
    )


def _by_folio(pages: Iterable[Page]) -> Callable[[str], int]:
    numbers = {page.folio: page.index for page in pages}
    return lambda folio: numbers.get(folio, -1)


def shown_findings(
    findings: Iterable[Finding],
    directory: Path,
    number_of: Callable[[str], int] = lambda folio: -1,
    about: Callable[[str], tuple[int, float, float] | None] = lambda anchor: None,
) -> tuple[ListedFinding, ...]:
    """Findings, errors first. `number_of` gives a folio's page, `about` an anchor's place, if pages are known."""
    listed = []
    for finding in sorted(findings, key=lambda finding: list(Severity).index(finding.severity)):
        index, x, y = about(finding.about) or (number_of(finding.folio or ""), 0.0, 0.0)
        listed.append(ListedFinding(**asdict(shown_finding(finding, directory)), index=index, x=x, y=y))
    return tuple(listed)


_TYPES = {"length", "space", "size", "count", "number", "colour", "face", "lettering", "file"}


def shown_settings(style: Style) -> tuple[ShownSetting, ...]:
    values = dict(style.values)
    return tuple(_shown_setting(setting, values[setting.name]) for setting in style.settings)


def _shown_setting(setting: Setting, value: str) -> ShownSetting:
    words = () if setting.type in _TYPES else tuple(setting.type.split("|"))
    low, high = ("" if limit is None else str(limit) for limit in (setting.low, setting.high))
    return ShownSetting(
        setting.name, "choice" if words else setting.type, words, setting.default, value, low, high, setting.help
    )
