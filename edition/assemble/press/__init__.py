"""A finished PDF becomes a print file: PDF/X-4 with bleed, crop marks, colours of the press, greys of black ink.

The pages stay where they are: coordinates, fonts and glyphs of the print file are those of the archive PDF. What
only a screen needs (links, outline, structure, attachments) is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import pikepdf

from edition.assemble.press.colours import convert_colours
from edition.assemble.press.profiles import Profile
from edition.assemble.press.sheet import add_sheets
from edition.assemble.press.standard import declare_standard

SCREEN_ONLY = (
    "Outlines", "Names", "AF", "StructTreeRoot", "MarkInfo", "OpenAction", "AcroForm", "Threads", "PageMode",
)  # fmt: skip
"""What of a document's root is not for the press, some of it forbidden there (ISO 15930-7, 6.16 and 6.17)."""


@dataclass(frozen=True, slots=True)
class Press:
    """What a print file is made for."""

    profile: Profile
    bleed: float
    """In points."""
    crop_marks: bool
    year: str = ""
    """Of the edition, for the dates that the standard wants."""


def for_press(content: bytes, press: Press) -> bytes:
    """The print file of a finished PDF. The same arguments give the same bytes."""
    with pikepdf.open(BytesIO(content)) as pdf:
        for key in SCREEN_ONLY:
            if f"/{key}" in pdf.Root:
                del pdf.Root[f"/{key}"]
        for page in pdf.pages:
            for key in ("/Annots", "/StructParents", "/Tabs"):
                if key in page.obj:
                    del page.obj[key]
        add_sheets(pdf, press.bleed, marks=press.crop_marks)
        convert_colours(pdf, press.profile)
        declare_standard(pdf, press.profile, press.year)
        pdf.remove_unreferenced_resources()
        target = BytesIO()
        mode = pikepdf.ObjectStreamMode.generate
        pdf.save(target, deterministic_id=True, object_stream_mode=mode, force_version="1.6")
        return target.getvalue()
