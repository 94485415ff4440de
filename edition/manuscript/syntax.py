"""The signs of the content format, once for the reader and the writer. Knows no model and reads no file.

The format looks like Markdown and leaves out whatever would change what was written: no ordered lists, no
indented or fenced code, no HTML, no entities, no autolinks, no reference definitions, `_` is a letter.
"""

from __future__ import annotations

import re

DEEPEST = 32
"""How deep blocks may stand in blocks, and inlines in inlines. Real volumes need ten."""

ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
"""A backslash makes the ASCII punctuation after it a plain character, and nothing else."""

_ATTRIBUTES = r'\{(?:[^{}"\n]|\n|"(?:\\.|[^"\\]){0,500}"){0,500}\}'
ATTRIBUTES = re.compile(_ATTRIBUTES)

PAGE_BREAK = re.compile(
    r"\[Page (?:\[(?P<unprinted>[^\[\]\n]{0,60})\]|(?P<printed>[^\[\]\n]{0,60}))\]"
    r"(?!\{[ \t]*\.|\([^()\s]{0,1500}[#:][^()\s]{0,1500}\))"  # a span or a reference whose words are `Page 404`
    rf"(?P<attributes>{_ATTRIBUTES})?"
)
PAGE_NUMBER = re.compile(r"(?=\D*\d)\S+|[ivxlcdm]+|[IVXLCDM]+")
"""What a page break may hold without attributes, so that `[Page torn]` stays a remark."""

NOTE_CALL = re.compile(rf"\[\^(?P<label>[^\]\s]{{1,60}})\](?P<attributes>{_ATTRIBUTES})?")
NOTE_DEFINITION = re.compile(NOTE_CALL.pattern + ":")
IMAGE = re.compile(r"!\[(?P<alternative>(?:\\.|[^\[\]\\]){0,2000})\](?=\()", re.DOTALL)
TARGET = re.compile(
    r"\((?:<(?P<fenced>(?:\\.|[^<>\\\n]){0,1500})>|(?P<bare>(?:\\.|\([^()\\\s<>]{0,200}\)|[^()\\\s<>]){0,1500}))\)"
)
"""Where a reference leads or an image lies: no spaces, parentheses in pairs; or anything in `<` and `>`."""

FENCE = re.compile(
    r"(?P<colons>:{3,})[ \t]*(?P<kind>[A-Za-z][\w-]*)?[ \t]*(?P<attributes>" + _ATTRIBUTES + r")?[ \t]*$"
)
HEADING = re.compile(r"(?P<level>#{1,6})(?:[ \t]+|$)")
HEADING_ID = re.compile(r"(?:^|[ \t]+)\{#(?P<id>[^{}\s]*)\}$")
BULLET = re.compile(r"-(?:[ \t]|$)")
LABELLED = re.compile(r":(?:[ \t]|$)")
"""The line under a label: it begins the item of that label. Under a pipe table: its caption."""

ATTRIBUTE_LINE = re.compile(r"\{[ \t]*[.#][^{}]*\}$")
"""A line that says how the paragraph below it stands, `{.center}`, or that a new list begins, `{.list}`."""

DELIMITER_ROW = re.compile(r"\|(?:[ \t]*:?-+:?[ \t]*\|)*[ \t]*:?-+:?[ \t]*\|?$")
ONLY_PAGE_BREAKS = re.compile(rf"(?:[ \t]*{re.sub(r'[(][?]P<[a-z]+>', '(?:', PAGE_BREAK.pattern)})+[ \t]*$")

BLOCK_START = re.compile(
    rf":::|#{{1,6}}(?:[ \t]|$)|>|-(?:[ \t]|$)|\[\^[^\]\s]{{1,60}}\](?:{_ATTRIBUTES})?:"
    r"|\{[ \t]*[.#][^{}]*\}$"
)
"""What ends a paragraph without a blank line: everything that begins another block but a table or a label."""

NUMBERED = re.compile(r"\d{1,9}[.)][ \t]")
"""What other Markdown takes for a numbered item; here it is text."""

IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


def unescape(text: str) -> str:
    """The text with its backslash escapes resolved."""
    return ESCAPE.sub(r"\1", text) if "\\" in text else text
