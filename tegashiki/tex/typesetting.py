r"""Where the symbols of a formula stand: boxes from matplotlib's TeX layout, each with its token.

    for glyph in layout(["x", "^", "{", "2", "}"]):
        print(glyph.token, glyph.text, glyph.box)

matplotlib.mathtext sets the formula and ships out glyphs and rules (fraction bars, the bars of
roots) without saying which token they come from. It ships them in a fixed order for each structure,
so the same walk over the formula's tree gives the token of each: a fraction its numerator, bar,
denominator; a base with scripts the base, superscript, subscript (`\sum` and `\lim`, whose limits
stand over and under it: superscript, base, subscript); a root its degree, symbol, bar, radicand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.tex.tree import (
    Accent,
    Binomial,
    Fraction,
    Group,
    Item,
    Matrix,
    Node,
    Root,
    Row,
    Symbol,
    parse,
)

RULE = ""            # the text of a glyph that is a rule, not a letter
SIZE = 100.0         # points; boxes are divided by it

_STACKED = frozenset({r"\sum", r"\lim"})             # limits over and under in mathtext
_WORDS = frozenset({r"\sin", r"\cos", r"\tan", r"\log", r"\lim"})
_PLAIN = {"'": r"\prime"}                            # spelled otherwise for mathtext
_BRACKETS = {"(": ")", "[": "]", r"\{": r"\}"}


@dataclass(frozen=True)
class Glyph:
    r"""One symbol on the page: a letter of `\sin`, a bracket, or a rule."""

    token: int                                 # index into the tokens
    text: str                                  # the character, RULE for a bar
    box: tuple[float, float, float, float]     # left, top, right, bottom of its ink in em, y down
    baseline: float                            # y of the line it stands on, same unit
    size: float                                # em of its font: 1 on the main line, less in scripts


def layout(tokens: Sequence[str]) -> list[Glyph]:
    r"""The glyphs of a formula, with the index of the token that each one renders.

    The unit is the em of the main line, x to the right, y down, baseline of the main line at 0.
    Raises TegashikiError if the tokens are no formula or mathtext cannot set them.

    >>> [(g.token, g.text) for g in layout([r"\frac", "{", "a", "}", "{", r"\log", "b", "}"])]
    [(2, 'a'), (5, 'l'), (5, 'o'), (5, 'g'), (6, 'b'), (0, '')]
    """
    row = parse(tokens)
    page = _set("$" + _spell(row) + "$", " ".join(tokens))
    letters: list[tuple[int, str]] = []
    rules: list[int] = []
    _walk(row, letters, rules)
    if len(letters) != len(page.glyphs) or len(rules) != len(page.rects):
        raise TegashikiError(
            f"formula: {' '.join(tokens)}: set as {len(page.glyphs)} glyphs and {len(page.rects)} "
            f"rules, not {len(letters)} and {len(rules)}; leave it out"
        )
    glyphs = []
    for (token, expected), (font, size, code, *_, x, y) in zip(letters, page.glyphs, strict=True):
        if expected and ord(expected) != code:
            raise TegashikiError(f"formula: token {token}: set as {chr(code)!r}, "
                                 f"not {expected!r}; leave the formula out")
        left, low, right, high = _ink(font, code, size)
        box = _scaled((x + left, -y - high, x + right, -y - low))    # mathtext's y grows upwards
        glyphs.append(Glyph(token, chr(code), box, float(-y) / SIZE, size / SIZE))
    for token, (x, y, width, height) in zip(rules, page.rects, strict=True):
        box = _scaled((x, -y - height, x + width, -y))
        glyphs.append(Glyph(token, RULE, box, float(-y) / SIZE, 1.0))
    return glyphs


def _set(tex: str, name: str) -> Any:
    try:
        return _engine().parse(tex, dpi=72, prop=_font())
    except ValueError as error:
        reason = str(error).strip().splitlines()[-1]
        raise TegashikiError(f"formula: {name}: mathtext: {reason}; leave it out") from error


@lru_cache(maxsize=1)
def _engine() -> Any:
    from matplotlib.mathtext import MathTextParser  # here: half a second that others need not

    return MathTextParser("path")


@lru_cache(maxsize=1)
def _font() -> Any:
    from matplotlib.font_manager import FontProperties

    return FontProperties(size=SIZE, math_fontfamily="dejavuserif")


@lru_cache(maxsize=4096)
def _ink(font: Any, code: int, size: float) -> tuple[float, float, float, float]:
    """left, bottom, right, top of a glyph's outline in points, y up, from its origin."""
    font.set_size(size, 72)
    return tuple(value / 64 for value in font.load_char(code).bbox)


def _scaled(box: tuple[float, ...]) -> tuple[float, float, float, float]:
    return tuple(float(value) / SIZE for value in box)


def _spell(node: Node) -> str:
    """The formula for mathtext: the same symbols in the same order, every argument in braces."""
    match node:
        case Row(items):
            growing = _growing(items)
            return "".join(growing.get(i, "") + _spell(item) for i, item in enumerate(items))
        case Item(base, scripts):
            text = _spell(base)
            for script in scripts:
                text += f"{script.mark}{{{_spell(script.row)}}}"
            return text
        case Symbol(token):
            token = _PLAIN.get(token, token)
            return token + " " if token[:1] == "\\" else token
        case Fraction(upper, lower):
            return rf"\frac{{{_spell(upper)}}}{{{_spell(lower)}}}"
        case Root(radicand, degree):
            index = f"[{_spell(degree)}]" if degree is not None else ""
            return rf"\sqrt{index}{{{_spell(radicand)}}}"
        case Group(row):
            return f"{{{_spell(row)}}}"
        case Accent() | Matrix() | Binomial():
            raise TegashikiError("formula: accents and matrices are not set with mathtext; leave "
                                 "the formula out")
    raise TypeError(f"not a node: {node!r}")


def _growing(items: Sequence[Item]) -> dict[int, str]:
    r"""`\left` and `\right` for the brackets that match in a row and hold something tall."""
    marks: dict[int, str] = {}
    opened: list[int] = []
    for i, item in enumerate(items):
        token = item.base.token if isinstance(item.base, Symbol) else ""
        if token in _BRACKETS and not item.scripts:
            opened.append(i)
        elif opened and token == _BRACKETS[items[opened[-1]].base.token]:
            first = opened.pop()
            if any(map(_is_tall, items[first + 1 : i])):
                marks[first], marks[i] = r"\left", r"\right"
    return marks


def _is_tall(item: Item) -> bool:
    tall = not isinstance(item.base, Symbol) or item.base.token in (r"\sum", r"\int")
    return tall or any(_is_tall(inner) for s in item.scripts for inner in s.row.items)


def _walk(node: Node, letters: list[tuple[int, str]], rules: list[int]) -> None:
    """Appends the tokens in the order in which mathtext ships glyphs and rules."""
    match node:
        case Row(items) | Group(Row(items)):
            for item in items:
                _walk(item, letters, rules)
        case Item(base, scripts):
            above, below = (
                [s.row for s in scripts if s.mark == mark] for mark in ("^", "_"))
            stacked = isinstance(base, Symbol) and base.token in _STACKED
            for part in (*above, base, *below) if stacked else (base, *above, *below):
                _walk(part, letters, rules)
        case Symbol(token, span):
            if token in _WORDS:
                letters += [(span[0], letter) for letter in token[1:]]
            else:
                plain = token.isascii() and token.isalnum()
                letters.append((span[0], token if plain else ""))
        case Fraction(upper, lower, span):
            _walk(upper, letters, rules)
            rules.append(span[0])
            _walk(lower, letters, rules)
        case Root(radicand, degree, span):
            if degree is not None:
                _walk(degree, letters, rules)
            letters.append((span[0], ""))
            rules.append(span[0])
            _walk(radicand, letters, rules)
