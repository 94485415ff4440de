"""WeasyPrint as this house uses it: the one place that changes it, and the list of what is relied on in it.

Other modules of this package give hooks (dotted name → function that is given the original and gives its
replacement) and mixins for the layout context; only `install` puts them in place. All state of a document is on
its layout context and dies with it.
"""

from __future__ import annotations

import hashlib
import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import Any
from xml.etree import ElementTree

import cssselect2
import weasyprint
from weasyprint import HTML
from weasyprint.layout import LayoutContext

from edition.typeset import facsimile, furniture, notes, tagging

VERSION = "70.0"
"""The only version of WeasyPrint whose private names are known to be what this package takes them for."""

if weasyprint.__version__ != VERSION:
    raise ImportError(f"WeasyPrint {VERSION} is needed, not {weasyprint.__version__}")

Hook = Callable[[Callable[..., Any]], Callable[..., Any]]

XHTML = "{http://www.w3.org/1999/xhtml}"


class EngineContext(notes.NotesMixin, furniture.FurnitureMixin, LayoutContext):  # type: ignore[misc]
    """The engine's layout context with all that this package adds to it."""


_originals: dict[str, Any] = {}
"""What stood in the engine before, by dotted name."""


def install() -> None:
    """Put all hooks in place. Once for all documents, and before any fork; calling it again does nothing."""
    if _originals:
        return
    _replace("weasyprint.document.LayoutContext", partial(_instead, EngineContext))
    for hooks in (notes.HOOKS, furniture.HOOKS, facsimile.HOOKS):
        for name, hook in hooks.items():
            _replace(name, hook)
    for name, replacement in tagging.HOOKS.items():
        _replace(name, partial(_instead, replacement))


def _replace(name: str, hook: Hook) -> None:
    owner, attribute = _owner(name)
    current = getattr(owner, attribute)
    _originals.setdefault(name, current)
    setattr(owner, attribute, hook(current))


def _instead(replacement: Any, _original: Any) -> Any:
    return replacement


def _owner(name: str) -> tuple[Any, str]:
    """The module or class that holds a dotted name, and the name in it."""
    path, attribute = name.rsplit(".", 1)
    try:
        return import_module(path), attribute
    except ModuleNotFoundError:
        module, class_name = path.rsplit(".", 1)
        return getattr(import_module(module), class_name), attribute


@contextmanager
def without(*names: str) -> Iterator[None]:
    """The engine with its own functions under the given names: to see what a hook is there for."""
    install()
    hooked = {name: getattr(*_owner(name)) for name in names}
    for name in names:
        owner, attribute = _owner(name)
        setattr(owner, attribute, _originals[name])
    try:
        yield
    finally:
        for name, value in hooked.items():
            owner, attribute = _owner(name)
            setattr(owner, attribute, value)


def html_from(xhtml: str, base_url: str, fetcher: Any = None) -> HTML:
    """A document from XHTML, taken as it is: a `<p>` may hold block notes, which an HTML parser would tear.

    No document type is allowed, so that there are no entities. Raises ElementTree.ParseError for what is not
    well-formed: the XHTML is made by this program.
    """
    root = ElementTree.fromstring(xhtml, ElementTree.XMLParser(target=_XHTMLBuilder()))
    html = HTML(string="<html></html>", base_url=base_url, url_fetcher=fetcher)
    html.etree_element = root
    html.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
    return html


class _XHTMLBuilder(ElementTree.TreeBuilder):
    """Elements without the XHTML namespace, as the engine expects them."""

    def start(self, tag: Any, attrs: Any, /) -> Any:
        return super().start(tag.removeprefix(XHTML), attrs)

    def end(self, tag: Any, /) -> Any:
        return super().end(tag.removeprefix(XHTML))

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise ElementTree.ParseError("a document type is not allowed")


def fingerprint(name: str) -> tuple[str, str]:
    """The signature of a function or class of the engine, and a hash of its source: both change with it."""
    owner, attribute = _owner(name)
    value = _originals.get(name, getattr(owner, attribute))
    source = textwrap.dedent(inspect.getsource(value))
    return str(inspect.signature(value)), hashlib.sha256(source.encode()).hexdigest()[:16]
