"""The book's HTML cut where pages begin anew: what is laid out by itself, and with what around it.

A **stretch** is a run of the HTML between two places where every style's pages must end. It stands inside copies
of the elements around it: one that began earlier is marked `data-continues` and has no id, one that ends later
`data-goes-on`, and an element beside it is there as an empty `data-elsewhere`, so that selectors find neighbours
where there are some. Knows the elements that the templates make, and nothing of CSS.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

_TAG = re.compile(r"<(/?)(html|body|main|section|nav|article)\b([^>]*)>")
_OPENING = re.compile(r"\s*<([a-z][a-z0-9]*)((?:\s[^>]*)?)>")
_ID = re.compile(r'\s(?:id|data-page)="[^"]*"')
_ENDED = re.compile(r"</([a-z0-9]+)>\s*\Z")
HEAD = re.compile(r"<h([1-6])\b")
_CONTENT = re.compile(r"\S")
_HEADS = re.compile(r'\sdata-heads="[^"]*"')
_BLOCK = re.compile(
    r"<(/?)(article|aside|blockquote|div|dl|figure|h[1-6]|header|li|nav|ol|p|section|table|ul)\b([^>]*)>"
)
_LISTS = frozenset(("ol", "ul"))
_HOLDS_BLOCKS = _LISTS | {"article", "blockquote", "nav", "section"}
"""What may go on in a later fragment; an item may, too, in a list that is in it."""
NEIGHBOURS = 3
"""So many elements on each side of one are there as empty ones for selectors to find."""
FIRST_ELEMENTS = 4
"""So many elements that begin a part are kept in the skeleton: page names and breaks of first children count."""


@dataclass(slots=True)
class Node:
    """An element that a fragment may begin with, or that has such elements in it."""

    tag: str
    attributes: str
    start: int
    """Offsets in the HTML: of its start tag, what follows that, its end tag, what follows that."""
    inside: int
    end: int = -1
    after: int = -1
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)

    @property
    def path(self) -> list[Node]:
        """The elements around it, outermost first, and itself."""
        return [*(self.parent.path if self.parent else ()), self]

    def opening(self, *marks: str, anonymous: bool = False, number: int | None = None) -> str:
        """Its start tag, with marks for styles; without its id, or with its number in the outline."""
        attributes = _ID.sub("", self.attributes) if anonymous else self.attributes
        marked = "".join(f' {mark}=""' for mark in marks if f" {mark}=" not in attributes)
        numbered = "" if number is None else f' data-node="{number}"'
        return f"<{self.tag}{attributes}{marked}{numbered}>"

    def stub(self) -> str:
        return f"{self.opening('data-elsewhere', anonymous=True)}</{self.tag}>"


def outline_of(html: str, documents: bool = False) -> Node:
    """The elements of a book that stretches may begin with, as a tree under its root element.

    Those are the parts of the front matter and the sections of the text; with `documents` those in a section, too.
    """
    root: Node | None = None
    here: Node | None = None
    ignored = 0
    for found in _TAG.finditer(html):
        closing, tag, attributes = found[1] == "/", found[2], found[3]
        if attributes.endswith("/"):
            continue
        if ignored or (not closing and not _is_part(tag, attributes, here, documents)):
            ignored += -1 if closing else 1
        elif closing:
            assert here is not None
            here.end, here.after = found.start(), found.end()
            here = here.parent
        else:
            node = Node(tag, attributes, found.start(), found.end(), parent=here)
            if here is None:
                root = node
            else:
                here.children.append(node)
            here = node
    assert root is not None, "the book has a root element"
    return root


def _is_part(tag: str, attributes: str, parent: Node | None, documents: bool) -> bool:
    """Whether an element is one of an outline; what is in one that is not, is not either."""
    if parent is None or parent.tag in ("html", "body"):
        return True
    in_front = parent.tag == "section" and parent.parent is not None and parent.parent.tag == "body"
    if tag == "article" and not documents:
        return in_front
    return in_front or parent.tag == "main" or 'class="division' in parent.attributes


def add_blocks(html: str, part: Node) -> None:
    """Put the blocks under a part that has no parts in it: as deep as it may be that a fragment begins with them."""
    here, ignored = part, 0
    for found in _BLOCK.finditer(html, part.inside, part.end):
        closing, tag = found[1] == "/", found[2]
        if ignored or (not closing and not _holds(here.tag, tag)):
            ignored += -1 if closing else 1
        elif closing:
            assert here.parent is not None
            here.end, here.after = found.start(), found.end()
            here = here.parent
        else:
            node = Node(tag, found[3], found.start(), found.end(), parent=here)
            here.children.append(node)
            here = node


def _holds(tag: str, inner: str) -> bool:
    return tag in _HOLDS_BLOCKS or (tag == "li" and inner in _LISTS)


def nodes(root: Node) -> Iterator[Node]:
    """A node and all under it, in the order of the HTML."""
    yield root
    for child in root.children:
        yield from nodes(child)


def skeleton(html: str, root: Node) -> str:
    """The book without its text: the outline with the elements that each part begins with, for styles to match.

    Each element has its number among `nodes` as `data-node`.
    """
    numbers = {id(node): number for number, node in enumerate(nodes(root))}

    def shell(node: Node) -> str:
        inner = "".join(map(shell, node.children))
        first_text = node.children[0].start if node.children else node.end
        begins = _first_elements(html, node.inside, first_text)
        ends = "" if not node.children or not html[node.children[-1].after : node.end].strip() else "<p>.</p>"
        return f"{node.opening(number=numbers[id(node)])}{begins}{inner}{ends}</{node.tag}>"

    body = "".join(map(shell, root.children))
    return f"{root.opening()}<head></head>{body}</{root.tag}>"


def _first_elements(html: str, start: int, end: int) -> str:
    """The start tags right after a place, one in the other, around a letter of text; nothing if there is none."""
    tags: list[str] = []
    opened = ""
    while len(tags) < FIRST_ELEMENTS and (found := _OPENING.match(html, start, end)):
        if found[2].endswith("/"):
            break
        opened += f"<{found[1]}{found[2]}>"
        tags.append(found[1])
        start = found.end()
    if not tags and html[start:end].strip():
        return "<p>.</p>"
    return opened + ("." if tags else "") + "".join(f"</{tag}>" for tag in reversed(tags))


def shell(root: Node, elements: str = "") -> str:
    """The book's HTML with its root and body and, instead of a text, some elements."""
    body = root.children[0]
    return f"{root.opening()}<head></head>{body.opening()}{elements}</body></html>"


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a fragment begins: the outermost element that begins there, and how the break before it is forced."""

    start: int
    """The offset in the HTML where its content begins."""
    node: Node
    side: str
    """`right` or `left` if it must begin on that side; empty for any page."""
    blank_name: str
    """The CSS page name of a page that is left blank before it."""


def cut_html(html: str, root: Node, cuts: Sequence[Cut], all_siblings: bool) -> Iterator[str]:
    """The HTML of each stretch, as a document of its own.

    With `all_siblings` every element beside one of its path is there as an empty one, otherwise the nearest only.
    """
    head = html[: root.children[0].start]  # the document's own head
    body = root.children[0]
    ends = [cut.start for cut in cuts[1:]] + [body.end]
    above: list[int] = []
    for cut, end in zip(cuts, ends, strict=True):
        levels = head_levels(html, cut.start, end)
        heads = heads_above(above, levels)
        around = Around(html, cut.node, cut.start, heads, cut is not cuts[0], all_siblings)
        yield head + around.fragment(end) + html[body.after :]
        above = after_heads(above, levels)


def head_levels(html: str, start: int, end: int) -> list[int]:
    """The levels of the heads between two places."""
    return [int(found[1]) for found in HEAD.finditer(html, start, end)]


def after_heads(above: Sequence[int], levels: Iterable[int]) -> list[int]:
    """The levels of heads above what follows some heads, outermost first; `above` are those above them."""
    now = list(above)
    for level in levels:
        now = [*(other for other in now if other < level), level]
    return now


def heads_above(above: Iterable[int], levels: Sequence[int]) -> str:
    """Those of the levels above that matter for heads of some levels."""
    return " ".join(str(level) for level in above if level < max(levels, default=0))


@dataclass(frozen=True, slots=True)
class Around:
    """What is around a run of the HTML that begins with an element, at a place right inside the body or deeper."""

    html: str
    node: Node
    start: int
    heads: str
    """The levels of heads above it."""
    continues: bool = True
    """Whether something of the book comes before it."""
    all_siblings: bool = False

    def opening(self, open_at_end: Sequence[Node] = (), end: int = -1) -> str:
        """The elements that are open where it begins, marked by whether they go on past its end."""
        outer = self.node.path[1:-1]  # without the root element, whose tag is in the head
        parts: list[str] = []
        for depth, node in enumerate(outer):
            marks = ["data-continues"] if self.continues and node.start < self.start else []
            marks += ["data-goes-on"] if node in open_at_end and _CONTENT.search(self.html, end, node.end) else []
            begun = "data-continues" in marks
            opening = node.opening(*marks, anonymous=begun)
            if node.tag == "body":
                opening = _HEADS.sub("", opening)
                opening = f'{opening[:-1]} data-heads="{self.heads}">' if self.heads else opening
            parts.append(opening)
            if begun:
                parts += self._beside(node, outer[depth + 1] if depth + 1 < len(outer) else self.node)
        return "".join(parts)

    def _beside(self, node: Node, inner: Node) -> Iterator[str]:
        """Stubs of what stands in an open element before the one that is begun with, or that is open in it, too."""
        before = node.children[: node.children.index(inner)]
        yield from (sibling.stub() for sibling in (before if self.all_siblings else before[-NEIGHBOURS:]))
        if not before and (ended := _ENDED.search(self.html, node.inside, inner.start)):
            yield f'<{ended[1]} data-elsewhere=""></{ended[1]}>'

    def fragment(self, end: int) -> str:
        """The run up to a place, inside the body's copy."""
        open_at_end = open_at(self.node.path[0], end)
        return self.opening(open_at_end, end) + until(
            self.html, self.start, end, open_at_end, all_siblings=self.all_siblings
        )


def until(html: str, start: int, end: int, open_at_end: Sequence[Node], *, all_siblings: bool) -> str:
    """The HTML from one place to another, what is open there marked and closed."""
    position = start
    parts: list[str] = []
    for node in open_at_end:
        if node.start >= start and _CONTENT.search(html, end, node.end):
            parts += [html[position : node.start], node.opening("data-goes-on")]
            position = node.inside
    parts.append(html[position:end])
    for node in reversed(open_at_end):
        parts += [sibling.stub() for sibling in _after(node, end, all_siblings)] + [f"</{node.tag}>"]
    return "".join(parts)


def open_at(root: Node, end: int) -> list[Node]:
    """The elements under the root that are open at an offset, outermost first."""
    found: list[Node] = []
    node = root
    while inner := next((child for child in node.children if child.inside <= end <= child.end), None):
        found.append(inner)
        node = inner
    return found


def _after(node: Node, end: int, all_siblings: bool) -> list[Node]:
    following = [child for child in node.children if child.start >= end]
    return following if all_siblings else following[:NEIGHBOURS]
