"""For the press: the print file of a finished PDF, and pages imposed on sheets. All is proven first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from edition.files import OUTSIDE, Folder, write_files
from edition.findings import EditionError, Severity, declare
from edition.model import Edition
from edition.source import Place
from edition.styles import Style, length

if TYPE_CHECKING:
    from edition.assemble.press import Press
    from edition.assemble.press.profiles import Profile

NO_PROFILE = declare(
    "A010",
    Severity.ERROR,
    """There is no output profile for the print file.

    A print file says by an ICC profile for which press its colours are made. The setting `output-profile` names
    one in the edition's or the style's folder: ask the printer for it. Without it an installed one is taken.
    """,
)
UNFIT_PROFILE = declare(
    "A011",
    Severity.ERROR,
    """The output profile is no profile of a press.

    PDF/X-4 needs an ICC profile of an output device for the four process colours, of version 2 or 4.
    """,
)
NOT_IMPOSABLE = declare(
    "A012",
    Severity.ERROR,
    """These pages cannot be imposed.

    A signature has 4, 8, 12, 16 or more pages, and all pages are of one size.
    """,
)


def press_for(edition: Edition, style: Style, directory: Path) -> Press:
    """What the print file of an edition is made for, by the settings of its style. Raises EditionError."""
    from edition.assemble.press import Press

    profile = _profile(edition, style, directory)
    return Press(profile, length(style.value("bleed")), style.value("crop-marks") == "yes", edition.year)


def _profile(edition: Edition, style: Style, directory: Path) -> Profile:
    from edition.assemble.press import profiles

    name, at = style.value("output-profile"), dict(style.written).get("output-profile") or edition.at
    if not name:
        installed = profiles.installed_profile()
        if installed is None:
            hint = f"set `output-profile`, or install the package {profiles.PACKAGE}"
            raise EditionError([NO_PROFILE.at(edition.at, "no profile for a press is installed", hint=hint)])
        return installed
    for folder in (directory, *style.folders):
        inside = Folder(folder)
        if trouble := inside.trouble(name):
            raise EditionError([OUTSIDE.at(at, trouble)])
        if (folder / name).is_file():
            try:
                return profiles.read_profile((folder / name).read_bytes())
            except (profiles.UnfitProfileError, OSError) as error:
                raise EditionError([UNFIT_PROFILE.at(at, f"`{name}`: {error}")]) from error
    raise EditionError([NO_PROFILE.at(at, f"`{name}` is neither in the edition's folder nor in the style's")])


def print_file(pdf: bytes, press: Press) -> bytes:
    """The print file of a finished PDF. Raises EditionError where it does not say the same."""
    from edition.assemble.press import for_press
    from edition.proof.press import prove_print

    made = for_press(pdf, press)
    if findings := prove_print(pdf, made):
        raise EditionError(findings)
    return made


def impose(source: Path, target: Path, signature: int) -> int:
    """Write the pages of a print file on sheets, in signatures or (0) as one booklet; the number of sheets.

    Raises EditionError where that is not possible, and where not every page stands on its side.
    """
    from edition.assemble.press import imposition
    from edition.proof.press import prove_imposed

    try:
        pages = source.read_bytes()
        made, sides = imposition.impose(pages, signature)
    except (imposition.NotImposableError, OSError) as error:
        trouble = (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)
        raise EditionError([NOT_IMPOSABLE.at(Place(source.as_posix()), trouble)]) from error
    if findings := prove_imposed(pages, made, sides):
        raise EditionError(findings)
    write_files(target.parent, {target.name: made}, force=True)
    return len(sides) // 2
