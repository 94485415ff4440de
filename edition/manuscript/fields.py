"""The fields of front matter, edition.yaml, persons.yaml and terms.yaml: names, shapes, allowed words.

Turns what does not fit into findings that name the nearest known key. Knows no file and no Markdown.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from edition.findings import Finding, Severity, declare
from edition.manuscript.attributes import nearest
from edition.model import DivisionKind, GeneratedKind, NewPages, NotesAt, Numbering, OriginalPages
from edition.source import Source
from edition.strict_yaml import Mapping, Node, Scalar, find, plain, read_yaml

UNKNOWN_KEY = declare(
    "Y020",
    Severity.ERROR,
    """A key is not known.

    docs/content-format.md lists the keys of edition.yaml and of the front matter. A misspelt key would be
    a value that silently does nothing.""",
)
MISSING_KEY = declare(
    "Y021",
    Severity.ERROR,
    """A key is missing, or it has no value.

    A document needs an `id`, a volume a `title`, a person or term an `id` and a `name`.""",
)
WRONG_SHAPE = declare(
    "Y022",
    Severity.ERROR,
    """A value has the wrong shape.

    Text stands after its key; a list has items with `- ` or stands in brackets; a mapping has keys.""",
)
WRONG_WORD = declare(
    "Y023",
    Severity.ERROR,
    """A value is none of the words allowed there.""",
)

Shape = TypeVar("Shape", bound=BaseModel)


def _named_style(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


def _pages_with_mode(value: Any) -> Any:
    return {"mode": value} if isinstance(value, str) else value


def _list_if_empty(value: Any) -> Any:
    return [] if value == "" else value


def _mapping_if_empty(value: Any) -> Any:
    return {} if value == "" else value


YesOrNo = Literal["yes", "no"]
Needed = Annotated[str, Field(min_length=1)]
Texts = Annotated[list[str], BeforeValidator(_list_if_empty)]
Settings = Annotated[dict[str, str], BeforeValidator(_mapping_if_empty)]


class _Fields(BaseModel):
    model_config = ConfigDict(
        extra="forbid", strict=True, alias_generator=lambda name: name.rstrip("_").replace("_", "-")
    )


class FrontMatter(_Fields):
    """The fields of a document; `title`, `source-note` and `headnote` hold inline Markdown."""

    id: Needed
    number: str = ""
    type: str = ""
    title: str = ""
    running_title: str = ""
    source_note: str = ""
    headnote: str = ""
    date: str = ""
    place: str = ""
    from_: str = ""
    to: str = ""
    start_page: str = ""
    language: str = ""
    persons: Texts = []
    allow: Settings = {}


class NoteFields(_Fields):
    numbering: Numbering = "source"
    place: NotesAt = "foot"


class OriginalPagesFields(_Fields):
    mode: OriginalPages = "inline"
    new_pages: NewPages = "index"
    outline: YesOrNo = "no"


class VolumeFields(_Fields):
    """The fields of edition.yaml."""

    title: Needed
    id: str = ""
    subtitle: str = ""
    volume: str = ""
    running_title: str = ""
    editors: Texts = []
    place: str = ""
    publisher: str = ""
    year: str = ""
    imprint: str = ""
    language: str = "en"
    style: Annotated[dict[str, str], BeforeValidator(_named_style)] = {"name": "reading"}
    notes: Annotated[NoteFields, BeforeValidator(_mapping_if_empty)] = NoteFields()
    original_pages: Annotated[OriginalPagesFields, BeforeValidator(_pages_with_mode)] = OriginalPagesFields()
    contents: Annotated[list[Any], BeforeValidator(_list_if_empty)] | None = None


class GeneratedFields(_Fields):
    generated: GeneratedKind
    title: str = ""
    depth: Annotated[str, Field(pattern="^[1-9]?$")] = ""


class DivisionFields(_Fields):
    """A division of the contents; `title` holds inline Markdown, `notes` definitions of the notes it calls."""

    division: DivisionKind
    id: str = ""
    title: str = ""
    running_title: str = ""
    notes: str = ""
    contents: Annotated[list[Any], BeforeValidator(_list_if_empty)] = []


class NamedFields(_Fields):
    """A person or a term."""

    id: Needed
    name: Needed
    description: str = ""


def read_mapping(source: Source, start: int, end: int, findings: list[Finding]) -> Mapping | None:
    """The mapping between two offsets of a source; empty if nothing stands there, None if it is none."""
    before = len(findings)
    root = read_yaml(source, start, end, findings)
    if isinstance(root, Mapping):
        return root
    if root is not None:
        findings.append(WRONG_SHAPE.at(source.place(root.start), "this must be a mapping of keys to values"))
    return Mapping(start) if len(findings) == before else None


def read_fields(shape: type[Shape], node: Node, source: Source, findings: list[Finding]) -> Shape | None:
    """The fields that a node holds, or None if they do not fit; then the findings say why."""
    try:
        return TypeAdapter(shape).validate_python(plain(node))
    except ValidationError as error:
        known = [field.alias or name for name, field in shape.model_fields.items()]
        findings += [_finding(details, node, known, source) for details in error.errors()]
        return None


def _finding(details: ErrorDetails, node: Node, known: list[str], source: Source) -> Finding:
    path, kind = details["loc"], details["type"]
    key, found = (str(path[-1]) if path else ""), find(node, path)
    place = source.place(found.start)
    if len(path) > 1 and isinstance(find(node, path[:-1]), Scalar):  # a word stands for a mapping
        key = str(path[-2])
    if kind == "extra_forbidden":
        parent = find(node, path[:-1])
        if isinstance(parent, Mapping) and key in parent.entries:
            place = source.place(parent.entries[key][0].start)
        choices = known if len(path) == 1 else list(_alias_names(path))
        return UNKNOWN_KEY.at(place, f"`{key[:60]}` is no known key", hint=nearest(key, choices))
    if kind in ("missing", "string_too_short"):
        return MISSING_KEY.at(place, f"`{key}` is missing", hint=f"add `{key}: …`")
    if kind == "string_pattern_mismatch":
        return WRONG_WORD.at(place, f"`{key}` is a number from 1 to 9")
    if kind == "literal_error":
        word = found.text if isinstance(found, Scalar) else "this"
        words = [part.strip(" '") for part in details["ctx"]["expected"].replace(" or ", ",").split(",")]
        return WRONG_WORD.at(place, f"`{word[:60]}` is not possible for `{key}`", hint=nearest(word, words))
    return WRONG_SHAPE.at(place, _shape_message(kind, key))


def _alias_names(path: tuple[int | str, ...]) -> tuple[str, ...]:
    shapes: dict[str, type[BaseModel]] = {"notes": NoteFields, "original-pages": OriginalPagesFields}
    shape = shapes.get(str(path[0]))
    return tuple(field.alias or name for name, field in shape.model_fields.items()) if shape else ()


def _shape_message(kind: str, key: str) -> str:
    name = f"`{key[:60]}`" if key else "this"
    if kind == "string_type":
        return f"{name} must be text"
    if kind == "list_type":
        return f"{name} must be a list"
    word = "a name or " if key == "style" else "a word or " if key == "original-pages" else ""
    return f"{name} must be {word}a mapping of keys to values"
