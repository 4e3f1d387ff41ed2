"""An executed notebook as HTML that cannot do anything: nbconvert's filters, then sanitised.

    html = notebook.render(run.folder / "notebook.ipynb")

Cells are rendered one by one and remembered: runs of the same notebook differ in their outputs
only. Scripts, frames, forms, styles and whatever lies on another machine are taken out.
"""

from __future__ import annotations

import base64
import functools
import re
import sys
from html import escape
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.format.notebook import read

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "details", "div", "dl",
    "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "ol", "p",
    "pre", "s", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
_SELF = re.compile(r'<a class="anchor-link" href="[^"]*">[^<]*</a>')
_MARK = "nb-"  # before the names of headings: they cannot be taken for the page's own
_PICTURES = {"image/png": "png", "image/jpeg": "jpeg"}


def render(path: Path) -> str:
    """The cells of the notebook, or a sentence if it cannot be read."""
    try:
        return _mended("".join(_cell(cell) for cell in read(path).cells))
    except (TegashikiError, ValueError, KeyError, TypeError, AttributeError) as error:
        return f"<p>The notebook cannot be read: {escape(type(error).__name__)}.</p>"


def clean(html: str) -> str:
    """HTML without anything that acts or that is fetched; of a remote picture its name is left.

    >>> clean("<p onclick='x()'>a<script>b</script><img alt=c src='http://example.org/x'></p>")
    '<p>a<img alt="c"></p>'
    """
    return _cleaner().clean(html)


def _mended(html: str) -> str:
    """Without links to headings that are not there; a picture that nobody named is decoration."""
    html = re.sub(r"<img(?![^>]*\balt=)", '<img alt=""', html)
    known = set(re.findall(r' id="([^"]*)"', html))

    def kept(match: re.Match[str]) -> str:
        return match[0] if match[1] in known else ""

    return re.sub(r' href="#([^"]*)"', kept, html)


def _cell(cell: dict[str, Any]) -> str:
    text = cell.get("source", "")
    if cell.get("cell_type") == "markdown":
        return f'<div class="cell">{_markdown(text)}</div>'
    if cell.get("cell_type") != "code":
        return f'<div class="cell"><pre>{escape(text)}</pre></div>'
    outputs = "".join(_output(output) for output in cell.get("outputs", []))
    count = cell.get("execution_count")
    mark = f'<span class="count">[{count if isinstance(count, int) else " "}]</span>'
    code = f'<div class="code">{mark}{_highlight(text)}</div>' if text.strip() else ""
    return f'<div class="cell">{code}{outputs}</div>'


def _output(output: dict[str, Any]) -> str:
    kind = output.get("output_type")
    if kind == "stream":
        return f'<pre class="out">{_ansi(_joined(output.get("text", "")))}</pre>'
    if kind == "error":
        return f'<pre class="out error">{_ansi(chr(10).join(output.get("traceback", [])))}</pre>'
    data = output.get("data", {})
    for mime, name in _PICTURES.items():
        if mime in data:
            return _picture(name, _joined(data[mime]).replace("\n", ""), data)
    if "image/svg+xml" in data:  # as a picture, where its scripts do not run
        coded = base64.b64encode(_joined(data["image/svg+xml"]).encode()).decode()
        return _picture("svg+xml", coded, data)
    if "text/html" in data:
        return f'<div class="out">{clean(_joined(data["text/html"]))}</div>'
    if "text/markdown" in data:
        return f'<div class="out">{_markdown(_joined(data["text/markdown"]))}</div>'
    text = _joined(data.get("text/plain", ""))
    return f'<pre class="out">{_ansi(text)}</pre>' if text else ""


def _picture(kind: str, coded: str, data: dict[str, Any]) -> str:
    said = escape(_joined(data.get("text/plain", "picture"))[:80], quote=True)
    safe = escape(coded, quote=True)
    return f'<div class="out"><img alt="{said}" src="data:image/{kind};base64,{safe}"></div>'


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


@functools.lru_cache(maxsize=2000)
def _markdown(text: str) -> str:
    # nbconvert puts a link to itself behind each heading; the page shows none.
    return clean(_SELF.sub("", _filters()["markdown"](text)))


@functools.lru_cache(maxsize=2000)
def _highlight(text: str) -> str:
    return clean(_filters()["highlight"](text))


def _ansi(text: str) -> str:
    # Escapes HTML and turns terminal colours into spans; the plain case needs no nbconvert.
    return _filters()["ansi"](text) if "\x1b" in text else escape(text)


@functools.cache
def _filters() -> dict[str, Any]:
    sys.modules.setdefault("rfc3987_syntax", None)  # see worker.py: two seconds, for nothing here
    from nbconvert.filters import Highlight2HTML, ansi2html, markdown2html

    highlight = Highlight2HTML(pygments_lexer="python")
    return {"ansi": ansi2html, "markdown": markdown2html, "highlight": highlight}


@functools.cache
def _cleaner() -> Any:
    import nh3

    def allowed(tag: str, name: str, value: str) -> str | None:
        if name == "id":
            return _MARK + value if re.fullmatch(r"[\w.-]+", value) else None
        if name == "href" and value.startswith("#"):
            return f"#{_MARK}{value[1:]}"
        if name == "href":
            return value if value.startswith(("https://", "http://")) else None
        if name == "src":  # of an <img>: only what lies in the notebook itself
            known = ("data:image/png;base64,", "data:image/jpeg;base64,")
            return value if value.startswith(known) else None
        return value

    everywhere = {"class", "title", "alt", "colspan", "rowspan", "scope", "start", "id"}
    return nh3.Cleaner(
        tags=_TAGS, attributes={"*": everywhere, "a": {"href"}, "img": {"src"}},
        attribute_filter=allowed, url_schemes={"http", "https", "data"},
    )  # fmt: skip
