r"""The Hershey fonts as handwriting: single-stroke letters and symbols for every drawn token.

    bank = hershey.glyph_bank()
    for glyph in hershey.samples():
        print(glyph.style, glyph.token, len(glyph.strokes))

A. V. Hershey drew the fonts in 1967 as polylines for plotters: a pen can follow them, which makes
them ink. Four alphabets give four styles; Greek and mathematical symbols are shared. The corners of
the coarse polylines are rounded, so that circles look like circles again. A few symbols that
Hershey drew with doubled lines, as print has them, are drawn here as a pen makes them.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.synthesis.glyph import Glyph
from tegashiki.synthesis.glyph_bank import GlyphBank
from tegashiki.synthesis.layout_statistics import LayoutStatistics

BASELINE, X_HEIGHT = 9.0, 14.0       # in font units: letters stand on y = 9, an x is 14 tall

ALPHABETS = {"plain": "futural", "roman": "rowmans", "script": "scripts", "cursive": "cursive"}
ROUND_ABOVE = -0.5                   # corners blunter than 120 degrees (by cosine) are rounded

# Symbols that no alphabet has for itself: token -> (font, character).
SYMBOLS = {
    "+": ("mathlow", "+"), "-": ("mathlow", "-"), "=": ("mathlow", "="), "/": ("rowmans", "/"),
    "<": ("mathlow", "<"), ">": ("mathlow", ">"), "(": ("rowmans", "("), ")": ("rowmans", ")"),
    "|": ("rowmans", "|"), r"\pm": ("mathlow", "!"), r"\times": ("mathlow", "#"),
    r"\leq": ("mathlow", "&"), r"\geq": ("mathlow", "'"), r"\neq": ("mathlow", "?"),
    r"\infty": ("mathlow", "_"), r"\in": ("mathlow", "h"), r"\rightarrow": ("mathlow", "i"),
    r"\exists": ("mathlow", "v"), r"\alpha": ("greeks", "a"), r"\beta": ("greeks", "b"),
    r"\gamma": ("greeks", "c"), r"\theta": ("greeks", "h"), r"\lambda": ("greeks", "k"),
    r"\mu": ("greeks", "l"), r"\pi": ("greeks", "p"), r"\sigma": ("greeks", "r"),
    r"\phi": ("greeks", "u"), r"\Delta": ("greeks", "D"), r"\sum": ("greeks", "R"),
}

# Drawn here, in x-heights with the baseline at 0 and y DOWN, as a pen makes them.
_DOT = ((0.0, -0.06), (0.05, 0.0))
DRAWN: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    ".": (_DOT,),
    ",": (((0.08, -0.1), (0.1, 0.06), (0.0, 0.3)),),
    "!": (((0.05, -1.5), (0.0, -0.4)), _DOT),
    r"\cdot": (((0.0, -0.55), (0.05, -0.5)),),
    r"\ldots": (_DOT, ((0.4, -0.06), (0.45, 0.0)), ((0.8, -0.06), (0.85, 0.0))),
    r"\cdots": (((0.0, -0.55), (0.05, -0.5)), ((0.4, -0.55), (0.45, -0.5)),
                ((0.8, -0.55), (0.85, -0.5))),
    r"\div": (((0.0, -0.5), (1.0, -0.5)), ((0.5, -0.85), (0.54, -0.8)),
              ((0.5, -0.2), (0.54, -0.15))),
    r"\prime": (((0.15, -1.5), (0.0, -1.0)),),
    "'": (((0.15, -1.5), (0.0, -1.0)),),
    "[": (((0.3, -1.6), (0.0, -1.6), (0.0, 0.4), (0.3, 0.4)),),
    "]": (((0.0, -1.6), (0.3, -1.6), (0.3, 0.4), (0.0, 0.4)),),
    r"\{": (((0.5, -1.6), (0.25, -1.5), (0.22, -0.85), (0.0, -0.6), (0.22, -0.35), (0.25, 0.3),
             (0.5, 0.4)),),
    r"\}": (((0.0, -1.6), (0.25, -1.5), (0.28, -0.85), (0.5, -0.6), (0.28, -0.35), (0.25, 0.3),
             (0.0, 0.4)),),
    r"\int": (((1.0, -2.0), (0.8, -2.2), (0.6, -1.9), (0.45, -0.6), (0.3, 0.7), (0.1, 1.0),
               (-0.1, 0.8)),),
    r"\forall": (((0.0, -1.5), (0.5, 0.0), (1.0, -1.5)), ((0.2, -0.9), (0.8, -0.9))),
    r"\sqrt": (((0.0, -0.7), (0.2, -0.8), (0.45, 0.1), (0.8, -1.6), (2.0, -1.6)),),
    r"\frac": (((0.0, -0.5), (2.0, -0.5)),),
}


def glyph_bank(layout: str = "print") -> GlyphBank:
    """The bank that comes with the package: single-stroke fonts, no download.

    Its formulas are laid out as in "print", by matplotlib, or as by "hand": with the layout priors
    of an average writer, ten times faster. Raises TegashikiError for any other layout.
    """
    if layout not in ("print", "hand"):
        raise TegashikiError(f"glyph bank: layout {layout!r}: unknown; choose print or hand")
    return GlyphBank(samples(), LayoutStatistics({}, {}) if layout == "hand" else None)


def samples() -> Iterator[Glyph]:
    """One sample for each style and each token that can be drawn, letters of `\\sin` in one."""
    for style, font in ALPHABETS.items():
        letters = _glyphs(font)
        for character in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz":
            yield Glyph(character, _from_font(letters[character]), style)
        for word in (r"\sin", r"\cos", r"\tan", r"\log", r"\lim"):
            yield Glyph(word, _word(letters, word[1:]), style)
        for token, (other, character) in SYMBOLS.items():
            yield Glyph(token, _from_font(_glyphs(other)[character]), style)
        for token, strokes in DRAWN.items():
            arrays = tuple(_rounded(np.array(stroke)) for stroke in strokes)
            left = min(stroke[:, 0].min() for stroke in arrays)
            yield Glyph(token, tuple((s - (left, 0)).astype(np.float32) for s in arrays), style)


_fonts: dict[str, dict] = {}


def _glyphs(font: str) -> dict:
    if font not in _fonts:
        from HersheyFonts import HersheyFonts

        reader = HersheyFonts()
        reader.load_default_font(font)
        _fonts[font] = dict(reader.all_glyphs)
    return _fonts[font]


def _from_font(glyph: Any, left: float | None = None) -> tuple[np.ndarray, ...]:
    """The strokes of a glyph in x-heights, its ink's left edge (or `left`, font units) at 0."""
    strokes = [np.array(stroke, np.float64) for stroke in glyph.strokes]
    if left is None:
        left = min(stroke[:, 0].min() for stroke in strokes)
    return tuple(
        _rounded((stroke - (left, BASELINE)) / X_HEIGHT).astype(np.float32) for stroke in strokes
    )


def _word(letters: dict, word: str) -> tuple[np.ndarray, ...]:
    strokes: list[np.ndarray] = []
    pen = 0.0
    for letter in word:
        glyph = letters[letter]
        for stroke in _from_font(glyph, left=glyph.left_offset):
            strokes.append(stroke + np.float32([pen, 0]))
        pen += glyph.char_width / X_HEIGHT
    left = min(stroke[:, 0].min() for stroke in strokes)
    return tuple(stroke - np.float32([left, 0]) for stroke in strokes)


def _rounded(stroke: np.ndarray, passes: int = 2) -> np.ndarray:
    """Chaikin's corner cutting (1974) at blunt corners only: sharp ones are meant.

    Of a corner p between neighbours a and c remain p + (a - p)/4 and p + (c - p)/4.
    """
    for _ in range(passes):
        if len(stroke) < 3:
            break
        kept: list[Sequence[float]] = [stroke[0]]
        for a, p, c in zip(stroke, stroke[1:], stroke[2:], strict=False):
            u, v = a - p, c - p
            lengths = float(np.hypot(*u) * np.hypot(*v))
            if lengths > 0 and float(u @ v) / lengths < ROUND_ABOVE:
                kept += [p + u / 4, p + v / 4]
            else:
                kept.append(p)
        kept.append(stroke[-1])
        stroke = np.array(kept)
    return stroke
