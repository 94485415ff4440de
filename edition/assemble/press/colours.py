"""Colours of the screen become those of the press: greys of black ink alone, all others by the output profile.

Vector colours are converted in the content streams of pages, forms and patterns. Pictures and gradients keep their
values and say that they are sRGB, which PDF/X-4 allows: the press converts them with all they hold.
"""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from edition.assemble.press.profiles import Profile

GREY = 0.004
"""Red, green and blue that differ by less are one grey: a step of eight bits."""

_NUMBER = rb"[+-]?(?:\d+\.?\d*|\.\d+)"
_STRING = rb"\((?:\\.|[^()\\])*\)|<[^<>]*>"
_RGB = rb"(?P<rgb>(?:" + _NUMBER + rb"\s+){3})(?P<of_rgb>rg|RG)"
_GREY = rb"(?P<grey>" + _NUMBER + rb"\s+)(?P<of_grey>[gG])"
_COLOUR = re.compile(rb"%b|(?<![^\s\]>)])(?:%b|%b)(?![^\s\[<(/])" % (_STRING, _RGB, _GREY), re.S)


def convert_colours(pdf: pikepdf.Pdf, profile: Profile) -> None:
    """Convert all that a PDF draws."""
    converter = _Converter(pdf, profile)
    for page in pdf.pages:
        converter.convert_stream(page.obj.Contents)
        if "/Group" in page.obj:
            page.obj.Group.CS = Name.DeviceCMYK
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream):
            converter.convert_object(thing)
        elif isinstance(thing, Dictionary) and "/ShadingType" in thing:
            converter.name_space(thing)


class _Converter:
    def __init__(self, pdf: pikepdf.Pdf, profile: Profile) -> None:
        self.pdf = pdf
        self.to_inks = cache(_transform(profile))
        self.srgb: pikepdf.Object | None = None

    def convert_stream(self, stream: pikepdf.Object) -> None:
        content = stream.read_bytes()
        converted = _COLOUR.sub(self.converted, content)
        if converted != content:
            stream.write(converted)

    def converted(self, match: re.Match[bytes]) -> bytes:
        """An operator of the press for one of the screen; strings are left alone."""
        if match["rgb"]:
            red, green, blue = map(float, match["rgb"].split())
            return _operator(self.inks(red, green, blue), match["of_rgb"] == b"rg")
        if match["grey"]:
            return _operator((0.0, 0.0, 0.0, 1 - float(match["grey"])), match["of_grey"] == b"g")
        return match[0]

    def inks(self, red: float, green: float, blue: float) -> tuple[float, ...]:
        """Cyan, magenta, yellow and black, from 0 to 1."""
        if max(red, green, blue) - min(red, green, blue) < GREY:
            return 0.0, 0.0, 0.0, 1 - (red + green + blue) / 3
        inks: tuple[float, ...] = self.to_inks(round(red * 255), round(green * 255), round(blue * 255))
        return inks

    def convert_object(self, stream: pikepdf.Stream) -> None:
        """A form, a pattern, a picture or a gradient with data."""
        if stream.get("/Subtype") == "/Form" or stream.get("/PatternType") == 1:
            self.convert_stream(stream)
            if "/Group" in stream and "/CS" in stream.Group:
                stream.Group.CS = Name.DeviceCMYK
        elif stream.get("/Subtype") == "/Image" or "/ShadingType" in stream:
            self.name_space(stream)

    def name_space(self, thing: Any) -> None:
        if thing.get("/ColorSpace") == Name.DeviceRGB:
            thing.ColorSpace = self.srgb_space()

    def srgb_space(self) -> pikepdf.Object:
        """sRGB by its profile, once for the file."""
        if self.srgb is None:
            stream = self.pdf.make_stream(_srgb_profile(), N=3, Alternate=Name.DeviceRGB)
            self.srgb = self.pdf.make_indirect(Array([Name.ICCBased, stream]))
        return self.srgb


def _operator(inks: tuple[float, ...], is_fill: bool) -> bytes:
    return f"{' '.join(f'{round(ink, 4):g}' for ink in inks)} {'k' if is_fill else 'K'}".encode()


def _transform(profile: Profile) -> Any:
    """A function from red, green and blue, 0 to 255, to the inks: relative colorimetric, with the black point."""
    from PIL import Image, ImageCms

    transform = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"),
        ImageCms.ImageCmsProfile(BytesIO(profile.content)),
        "RGB",
        "CMYK",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )

    def to_inks(red: int, green: int, blue: int) -> tuple[float, ...]:
        point = ImageCms.applyTransform(Image.new("RGB", (1, 1), (red, green, blue)), transform)
        return tuple(ink / 255 for ink in point.tobytes()) if point else (0.0, 0.0, 0.0, 1.0)

    return to_inks


def _srgb_profile() -> bytes:
    """The profile that pikepdf brings for PDF/A."""
    from importlib.resources import files

    return files("pikepdf.pdfa").joinpath("data/sRGB.icc").read_bytes()
