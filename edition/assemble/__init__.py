"""Pages become the finished PDF: labels, outline, destinations, metadata, sources. The only user of pikepdf.

It takes the engine's file as it is, tagged and PDF/A-3a but for what is added here, and gives a file that is
PDF/UA-1, too. It sees the resolved edition and the pages; of manuscripts, HTML and styles it knows nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name

from edition.assemble.attachments import attach
from edition.assemble.destinations import destinations, name_tree, rename_links
from edition.assemble.metadata import describe
from edition.assemble.outline import Branch, add_outline, contents_branches, original_page_branches
from edition.assemble.page_labels import page_labels
from edition.pages import Page, PagedEdition
from edition.resolved import ResolvedEdition


def assemble(
    resolved: ResolvedEdition,
    paged: PagedEdition,
    *,
    sources: Sequence[tuple[str, bytes]] = (),
    original_pages: str = "",
) -> bytes:
    """The finished PDF. The same arguments give the same bytes, wherever and whenever.

    `sources` are attached under their names, paths from the edition's folder with `/`. With `original_pages`
    the outline has a branch of that title with the original pages. Raises ValueError where two sources have
    one name: a mistake of the caller.
    """
    with pikepdf.open(BytesIO(paged.pdf)) as pdf:
        places = destinations(paged.pages)
        attached = attach(pdf, sources, resolved.edition.year)
        pdf.Root.Names = Dictionary(Dests=name_tree(pdf, places))
        rename_links(pdf)
        if attached:
            pdf.Root.Names.EmbeddedFiles = name_tree(pdf, attached)
            pdf.Root.AF = Array([attached[name] for name, _ in sources])
        pdf.Root.PageLabels = Dictionary(Nums=page_labels([page.folio for page in paged.pages]))
        branches = contents_branches(resolved, places)
        if original_pages:
            branches.append(Branch(original_pages, None, original_page_branches(resolved, places)))
        add_outline(pdf, branches)
        turn_pages(pdf, paged.pages)
        describe(pdf, resolved.edition)
        _set_view(pdf, recto_first=not paged.pages or paged.pages[0].side == "recto")
        return _saved(pdf)


def turn_pages(pdf: pikepdf.Pdf, pages: Sequence[Page]) -> None:
    """Show pages with turned tables as the book has them, as high as the others: their top is at the left."""
    for page in pages:
        if page.turned:
            pdf.pages[page.index].obj.Rotate = 270


def _set_view(pdf: pikepdf.Pdf, *, recto_first: bool) -> None:
    """Open as a book lies: facing pages, the outline beside them, the title in the window."""
    pdf.Root.PageLayout = Name.TwoPageRight if recto_first else Name.TwoPageLeft
    pdf.Root.PageMode = Name.UseOutlines if "/Outlines" in pdf.Root else Name.UseNone
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True, PrintScaling=Name("/None"))


def _saved(pdf: pikepdf.Pdf) -> bytes:
    """The file's bytes, its identifier made from what it says and nothing else."""
    if "/ID" in pdf.trailer:
        del pdf.trailer["/ID"]
    target = BytesIO()
    pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()
