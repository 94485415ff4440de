"""Settings of the style written into an `edition.yaml` that is there: nothing else in it changes, comments included.

The file is edited where its YAML says that things stand. What comes out is read again and compared: it says what the
old text said, but for the settings, or it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping as Values

from edition.files import Folder
from edition.findings import EditionError, Finding, Severity, declare, has_errors
from edition.manuscript.volume import VOLUME, load_as_far_as_possible
from edition.manuscript.write_yaml import write_pair, write_scalar
from edition.model import Edition
from edition.source import Place, Source
from edition.strict_yaml import Mapping, Node, Scalar, plain, read_yaml

CANNOT_SET = declare(
    "Y014",
    Severity.ERROR,
    """Settings cannot be written into this edition.yaml.

    Settings go under `style`, on lines of their own or between braces. Where the file is written in another way
    it stays as it is: write the settings into it by hand.
    """,
)


def set_style(folder: Folder, settings: Values[str, str]) -> tuple[str, Edition]:
    """The text of the folder's `edition.yaml` with these settings of the style, and the edition as it reads then.

    Raises EditionError for a file that cannot be read, or not be edited without risk.
    """
    findings: list[Finding] = []
    source = folder.read(VOLUME, findings)
    root = read_yaml(source, 0, len(source.text), findings) if source else None
    if source is None or root is None or findings:
        raise EditionError(findings or [CANNOT_SET.at(folder.place(VOLUME), "the file is empty")])
    text = _edited(source, root, settings)
    edited = Source(source.path, text)
    again = read_yaml(edited, 0, len(text), findings)
    if findings or again is None or plain(again) != _wanted(plain(root), settings):
        raise EditionError([_refused(source, root)])
    return text, _loaded(folder, edited)


def _loaded(folder: Folder, volume: Source) -> Edition:
    """The edition as it would be. Faults of documents are no reason to write nothing; those of the file are."""
    edition, found = load_as_far_as_possible(folder, volume)
    own = [finding for finding in found if finding.place and finding.place.path == volume.path]
    if edition is None or has_errors(own):
        raise EditionError(own or found)
    return edition


def _wanted(before: dict[str, object], settings: Values[str, str]) -> dict[str, object]:
    style = before.get("style") or {}
    chosen = {"name": style} if isinstance(style, str) else style
    assert isinstance(chosen, dict)
    return {**before, "style": {**chosen, **settings}}


def _refused(source: Source, root: Node) -> Finding:
    at = source.place(root.offset("style")) if isinstance(root, Mapping) else Place(source.path)
    return CANNOT_SET.at(
        at, "the settings cannot be written here safely", hint="write them by hand, under `style`"
    )


def _edited(source: Source, root: Node, settings: Values[str, str]) -> str:
    text = source.text
    style = root.get("style") if isinstance(root, Mapping) else None
    if not isinstance(root, Mapping) or text.startswith("{", root.start):
        raise EditionError([_refused(source, root)])
    if style is None:
        return _with_new_key(text, root, settings)
    if isinstance(style, Scalar):
        return _with_mapping(text, root, style, settings)
    if not isinstance(style, Mapping):
        raise EditionError([_refused(source, root)])
    if text.startswith("{", style.start):
        return _in_braces(text, style, settings)
    return _on_lines(text, style, settings)


def _with_new_key(text: str, root: Mapping, settings: Values[str, str]) -> str:
    """A `style` before the contents, which are long, or at the end."""
    lines = "style:\n" + _lines(settings, "  ")
    if "contents" in root.entries:
        begin = text.rfind("\n", 0, root.entries["contents"][0].start) + 1
        return text[:begin] + lines + text[begin:]
    return text + ("" if text.endswith("\n") else "\n") + lines


def _with_mapping(text: str, root: Mapping, style: Scalar, settings: Values[str, str]) -> str:
    """The name of a style becomes a mapping; a comment after it stays on the line."""
    end = text.find("\n", style.end)
    end = len(text) if end < 0 else end
    key = text[root.entries["style"][0].start : style.start].rstrip()
    comment = text[style.end : end].strip()
    head = f"{key} {comment}" if comment else key
    lines = _lines({"name": style.text, **settings} if style.text else settings, "  ")
    return text[: root.entries["style"][0].start] + head + "\n" + lines + text[end + 1 :]


def _in_braces(text: str, style: Mapping, settings: Values[str, str]) -> str:
    text, new = _with_values(text, style, settings)
    if not new:
        return text
    pairs = ", ".join(f"{key}: {_value(value)}" for key, value in new.items())
    end = _end(style)
    # values before the end may have grown, so the place is counted from the text's end
    if end is None:
        begin = style.start + 1
        return text[:begin] + pairs + text[begin:]
    place = end + _growth(style, settings)
    return f"{text[:place]}, {pairs}{text[place:]}"


def _on_lines(text: str, style: Mapping, settings: Values[str, str]) -> str:
    text, new = _with_values(text, style, settings)
    end = _end(style)
    if not new or end is None:
        return text
    first = next(iter(style.entries.values()))[0].start
    indent = text[text.rfind("\n", 0, first) + 1 : first]
    line_end = text.find("\n", end + _growth(style, settings))
    if line_end < 0:
        return text + "\n" + _lines(new, indent)
    return text[: line_end + 1] + _lines(new, indent) + text[line_end + 1 :]


def _with_values(text: str, style: Mapping, settings: Values[str, str]) -> tuple[str, dict[str, str]]:
    """The text with new values for the settings that it has, and the settings that it lacks."""
    for _, key, node in sorted(_given(style, settings), reverse=True):
        text = text[: node.start] + _value(settings[key]) + text[node.end :]
    return text, {key: value for key, value in settings.items() if key not in style.entries}


def _given(style: Mapping, settings: Values[str, str]) -> list[tuple[int, str, Scalar]]:
    return [
        (node.start, key, node)
        for key, (_, node) in style.entries.items()
        if key in settings and isinstance(node, Scalar)
    ]


def _growth(style: Mapping, settings: Values[str, str]) -> int:
    """By how much the new values are longer than the old ones."""
    return sum(len(_value(settings[key])) - (node.end - node.start) for _, key, node in _given(style, settings))


def _end(style: Mapping) -> int | None:
    """Where the last value ends."""
    ends = [node.end for _, node in style.entries.values() if isinstance(node, Scalar)]
    return max(ends, default=None)


def _value(value: str) -> str:
    return write_scalar(value)[0]


def _lines(settings: Values[str, str], indent: str) -> str:
    return "".join(f"{indent}{line}\n" for key, value in settings.items() for line in write_pair(key, value))
