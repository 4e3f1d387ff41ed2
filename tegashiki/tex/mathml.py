r"""Presentation MathML as it is met in the wild, read into tokens that remember their `xml:id`.

    pairs = read_mathml('<math><msup><mi xml:id="x_1">x</mi><mn>2</mn></msup></math>')
    # [('x', 'x_1'), ('^', None), ('{', None), ('2', None), ('}', None)]

Only tokens that a pen draws carry an id: symbols, the bar of a fraction (`\frac`) and the radical
(`\sqrt`). The tokens are TeX with every argument in braces, but not yet in normal form: a base of
several symbols still stands in braces, `clean` decides about those.
"""

import html
import re
from collections.abc import Iterator
from html.entities import html5
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from tegashiki.tex.parser import MAX_DEPTH
from tegashiki.tex.problems import CleanError
from tegashiki.tex.symbol_names import symbol_tokens

Pair = tuple[str, str | None]

MAX_CHARACTERS = 1_000_000
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_ENTITY = re.compile(r"&([a-zA-Z][a-zA-Z0-9]*);")

# Elements that stand for the row of their children; the others that hold children raise.
_ROWS = frozenset({"math", "mrow", "mstyle", "mpadded", "merror", "mphantom", "semantics"})
_LEAVES = frozenset({"mi", "mn", "mo", "mtext", "ms"})
_SILENT = frozenset({"mspace", "annotation", "annotation-xml", "none", "mprescripts"})
# Scripts: the marks of the second, third, ... child.
_SCRIPTS = {
    "msub": "_", "msup": "^", "msubsup": "_^", "munder": "_", "mover": "^", "munderover": "_^",
}  # fmt: skip
_CHILDREN = {"mfrac": 2, "mroot": 2, **{name: len(m) + 1 for name, m in _SCRIPTS.items()}}


def read_mathml(text: str, degree_first: bool = False) -> list[Pair]:
    r"""Tokens of a MathML text and the `xml:id` each was written with.

    >>> [token for token, _ in read_mathml("<math><msqrt><mi>&pi;</mi></msqrt></math>")]
    ['\\sqrt', '{', '\\pi', '}']

    `degree_first` reads `mroot` as the data set MfrDB writes some: the degree before the radicand.
    Raises CleanError if the text is not XML, or uses what a formula of this project cannot say.
    """
    if len(text) > MAX_CHARACTERS:
        raise CleanError("mathml too long", f"mathml: {len(text)} characters; give one formula")
    try:
        root = defusedxml.ElementTree.fromstring(_ENTITY.sub(_character, text))
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise CleanError("mathml is not xml", f"mathml: not read as XML ({error})") from error
    return list(_element(root, 0, degree_first))


def _character(match: re.Match[str]) -> str:
    """A named entity of MathML as the character it is: XML itself knows only five."""
    name = match.group(1)
    if name in _XML_ENTITIES or name + ";" not in html5:
        return match.group(0)
    return html.escape(html5[name + ";"])


def _element(element: Element, depth: int, degree_first: bool) -> Iterator[Pair]:
    name = element.tag.rpartition("}")[2]
    if depth > 4 * MAX_DEPTH:       # rows of one child each are common and mean nothing
        raise CleanError("too deep", f"mathml: {name}: nested too deep; write it flatter")
    children = [child for child in element if isinstance(child.tag, str)]
    if len(children) != _CHILDREN.get(name, len(children)):
        raise CleanError(
            "mathml argument missing", f"mathml: {name}: has {len(children)} children, "
            f"not {_CHILDREN[name]}; repair the element",
        )
    parts = [list(_element(child, depth + 1, degree_first)) for child in children]
    own = element.get(_ID) or element.get("id")
    if name in _LEAVES:
        yield from ((token, own) for token in symbol_tokens((element.text or "").strip()))
    elif name in _ROWS:
        yield from (pair for part in parts for pair in part)
    elif name in _SCRIPTS:
        yield from _script(parts[0])
        for mark, part in zip(_SCRIPTS[name], parts[1:], strict=True):
            yield mark, None
            yield from _braced(part)
    elif name == "mfrac":
        yield r"\frac", own
        yield from _braced(parts[0])
        yield from _braced(parts[1])
    elif name == "msqrt":
        yield r"\sqrt", own
        yield from _braced([pair for part in parts for pair in part])
    elif name == "mroot":
        yield r"\sqrt", own
        degree, radicand = parts if degree_first else reversed(parts)
        yield from (("[", None), *degree, ("]", None))
        yield from _braced(radicand)
    elif name == "mfenced":
        yield from _fenced(element, parts)
    elif name not in _SILENT:
        raise CleanError("mathml element", f"mathml: {name}: is not known here; leave it out")


def _braced(pairs: list[Pair]) -> list[Pair]:
    return [("{", None), *pairs, ("}", None)]


def _script(base: list[Pair]) -> list[Pair]:
    return base if len(base) == 1 else _braced(base)


def _fenced(element: Element, parts: list[list[Pair]]) -> Iterator[Pair]:
    """Brackets and commas that the element draws itself; they have no ids of their own."""
    marks = "".join(element.get("separators", ",").split())
    yield from ((token, None) for token in symbol_tokens(element.get("open", "(")))
    for number, part in enumerate(parts):
        if number and marks:
            mark = marks[min(number, len(marks)) - 1]
            yield from ((token, None) for token in symbol_tokens(mark))
        yield from part
    yield from ((token, None) for token in symbol_tokens(element.get("close", ")")))
