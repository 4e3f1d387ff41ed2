r"""Presentation MathML as it is met in the wild, read into tokens that remember their `xml:id`.

    pairs = read_mathml('<math><msup><mi xml:id="x_1">x</mi><mn>2</mn></msup></math>')
    # [('x', 'x_1'), ('^', None), ('{', None), ('2', None), ('}', None)]

Only tokens that a pen draws carry an id: symbols, the bar of a fraction (`\frac`), the radical
(`\sqrt`) and accents. Tables, accents and letters in fonts are read where the vocabulary has them.
The tokens are TeX with every argument in braces, but not yet in normal form: a base of several
symbols still stands in braces, `clean` decides about those.
"""

import html
import re
from collections.abc import Iterator
from html.entities import html5
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from tegashiki.tex.nodes import CELL, END_MATRIX, MATRIX, NEXT_ROW
from tegashiki.tex.parser import MAX_DEPTH
from tegashiki.tex.problems import CleanError
from tegashiki.tex.symbol_names import symbol_tokens
from tegashiki.tex.tokens import Vocabulary, published

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
# What stands over or under a base, if it is an accent and no script.
_MARKS = {
    "mover": {"^": r"\hat", "ˆ": r"\hat", "\u0302": r"\hat", "~": r"\tilde", "˜": r"\tilde",
              "\u0303": r"\tilde", "¯": r"\overline", "‾": r"\overline", "_": r"\overline",
              "\u0304": r"\overline", "\u0305": r"\overline", "→": r"\vec", "\u20d7": r"\vec",
              "˙": r"\dot", "\u0307": r"\dot", "¨": r"\ddot", "\u0308": r"\ddot"},
    "munder": {"_": r"\underline", "¯": r"\underline", "‾": r"\underline",
               "\u0331": r"\underline", "\u0332": r"\underline"},
}  # fmt: skip
_FONTS = {"double-struck": "mathbb", "script": "mathcal", "bold-script": "mathcal"}
_CHILDREN = {"mfrac": 2, "mroot": 2, **{name: len(m) + 1 for name, m in _SCRIPTS.items()}}


def read_mathml(text: str, degree_first: bool = False, vocabulary: Vocabulary | None = None,
                ) -> list[Pair]:
    r"""Tokens of a MathML text and the `xml:id` each was written with.

    >>> [token for token, _ in read_mathml("<math><msqrt><mi>&pi;</mi></msqrt></math>")]
    ['\\sqrt', '{', '\\pi', '}']

    `vocabulary`: by default the published one. `degree_first` reads `mroot` as the data set MfrDB
    writes some: the degree before the radicand. Raises CleanError if the text is not XML, or uses
    what a formula of this project cannot say.
    """
    if len(text) > MAX_CHARACTERS:
        raise CleanError("mathml too long", f"mathml: {len(text)} characters; give one formula")
    try:
        root = defusedxml.ElementTree.fromstring(_ENTITY.sub(_character, text))
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise CleanError("mathml is not xml", f"mathml: not read as XML ({error})") from error
    return _Reader(vocabulary or published(), degree_first).pairs(root)


def _character(match: re.Match[str]) -> str:
    """A named entity of MathML as the character it is: XML itself knows only five."""
    name = match.group(1)
    if name in _XML_ENTITIES or name + ";" not in html5:
        return match.group(0)
    return html.escape(html5[name + ";"])


class _Reader:
    """Walks the elements; what an element draws is a list of tokens with ids."""

    def __init__(self, vocabulary: Vocabulary, degree_first: bool) -> None:
        self.vocabulary = vocabulary
        self.degree_first = degree_first

    def pairs(self, element: Element, depth: int = 0) -> list[Pair]:
        """The tokens of an element, with ids."""
        name = _name(element)
        if depth > 4 * MAX_DEPTH:       # rows of one child each are common and mean nothing
            raise CleanError("too deep", f"mathml: {name}: nested too deep; write it flatter")
        children = _children(element)
        if len(children) != _CHILDREN.get(name, len(children)):
            raise CleanError(
                "mathml argument missing", f"mathml: {name}: has {len(children)} children, "
                f"not {_CHILDREN[name]}; repair the element",
            )
        if name == "mtable" and MATRIX in self.vocabulary:
            return list(self.table(children, depth))
        parts = [self.pairs(child, depth + 1) for child in children]
        return list(self.element(element, name, children, parts))

    def element(self, element: Element, name: str, children: list[Element],
                parts: list[list[Pair]]) -> Iterator[Pair]:
        own = _id(element)
        if name in _LEAVES:
            yield from ((token, own) for token in self.leaf(element))
        elif name in _ROWS:
            yield from (pair for part in parts for pair in part)
        elif name in _MARKS and (accent := self.accent(name, children[1])):
            yield accent, _id(children[1]) or own
            yield from _braced(parts[0])
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
            degree, radicand = parts if self.degree_first else reversed(parts)
            yield from (("[", None), *degree, ("]", None))
            yield from _braced(radicand)
        elif name == "mfenced":
            yield from self.fenced(element, parts)
        elif name not in _SILENT:
            raise CleanError("mathml element", f"mathml: {name}: is not known here; leave it out")

    def leaf(self, element: Element) -> list[str]:
        """The tokens of an element that holds text."""
        text = (element.text or "").strip()
        font = _FONTS.get(element.get("mathvariant", ""))
        if font and len(text) == 1 and f"\\{font}{{{text}}}" in self.vocabulary:
            return [f"\\{font}{{{text}}}"]
        return symbol_tokens(text, self.vocabulary)

    def accent(self, name: str, mark: Element) -> str | None:
        """The accent that the mark over or under a base is; None if it is a script."""
        accent = _MARKS[name].get("".join(mark.itertext()).strip())
        return accent if accent in self.vocabulary else None

    def table(self, rows: list[Element], depth: int) -> Iterator[Pair]:
        """A matrix; what labels a row is left out."""
        yield MATRIX, None
        for number, row in enumerate(rows):
            if number:
                yield NEXT_ROW, None
            for place, cell in enumerate(c for c in _children(row) if _name(c) == "mtd"):
                if place:
                    yield CELL, None
                for child in _children(cell):
                    yield from self.pairs(child, depth + 1)
        yield END_MATRIX, None

    def fenced(self, element: Element, parts: list[list[Pair]]) -> Iterator[Pair]:
        """Brackets and commas that the element draws itself; they have no ids of their own."""
        def drawn(text: str) -> Iterator[Pair]:
            return ((token, None) for token in symbol_tokens(text, self.vocabulary))

        marks = "".join(element.get("separators", ",").split())
        yield from drawn(element.get("open", "("))
        for number, part in enumerate(parts):
            if number and marks:
                yield from drawn(marks[min(number, len(marks)) - 1])
            yield from part
        yield from drawn(element.get("close", ")"))


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _id(element: Element) -> str | None:
    return element.get(_ID) or element.get("id")


def _children(element: Element) -> list[Element]:
    """The elements in an element, without comments."""
    return [child for child in element if isinstance(child.tag, str)]


def _braced(pairs: list[Pair]) -> list[Pair]:
    return [("{", None), *pairs, ("}", None)]


def _script(base: list[Pair]) -> list[Pair]:
    return base if len(base) == 1 else _braced(base)
