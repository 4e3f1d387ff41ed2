r"""New examples from one written formula: cut out, shorten, replace, swap; all else stays real.

    one = cut_out(written, dice)                  # a sub-expression
    two = swap(written, bank, hand, dice)         # other digits, other letters of like shape

Each takes a `lines.Written` and returns an Example in the unit of its ink, or None where the
formula offers nothing of the kind.
"""

from collections.abc import Sequence

import numpy as np

from tegashiki.data.example import Example
from tegashiki.ink.format import Ink
from tegashiki.synthesis.glyph_bank import SymbolBank
from tegashiki.synthesis.line_metrics import Written, children, sign_of
from tegashiki.synthesis.rng import Dice
from tegashiki.synthesis.subexpressions import Piece, Pieces, pieces_of
from tegashiki.synthesis.writer_style import Hand
from tegashiki.tex.token_classes import reads_well
from tegashiki.tex.tree import Item, Row, Span, Symbol

# Tokens that may stand for each other: of one shape and one role, so that the layout stays true.
ALIKE = (
    "0123456789",
    ("a", "c", "e", "m", "n", "o", "r", "s", "u", "v", "w", "x", "z", r"\alpha", r"\sigma",
     r"\pi"),
    ("b", "d", "h", "k", "l", "t", r"\theta", r"\lambda", r"\Delta"),
    ("g", "p", "q", "y", "j", r"\mu", r"\gamma", r"\beta", r"\phi"),
    "ABCEFGHILMNPRSTVXY",
    (r"\sin", r"\cos", r"\tan", r"\log"),
    ("=", "<", ">", r"\leq", r"\geq", r"\neq", r"\rightarrow"),
    ("+", "-", r"\times", r"\pm", r"\div", r"\cdot"),
)
GROUP = {token: group for group in ALIKE for token in group}
SQUEEZE = 1.35          # how much wider or narrower ink may be made to fit a place


def cut_out(written: Written, dice: Dice, shortest: int = 3) -> Example | None:
    """A sub-expression with its own ink: a complete run of neighbours, not the whole formula."""
    whole = written.tree.span
    found = [piece for piece in pieces_of(written, longest=64)
             if piece.span != whole and piece.span[1] - piece.span[0] >= shortest]
    if not found:
        return None
    piece = found[dice.below(len(found))]
    numbers = written.strokes(piece.span)
    return _example(written, [written.example.ink.strokes[i] for i in numbers],
                    [int(written.example.alignment[i]) - piece.span[0] for i in numbers],
                    piece.tokens)


def shorten(written: Written, dice: Dice) -> Example | None:
    """The formula without a run of its main row; what stood right of it moves up.

    Only runs without which the formula still reads well: `a + b` may lose `+ b`.
    """
    items = written.tree.items
    runs = [(first, last) for first in range(len(items)) for last in range(first, len(items))
            if last - first < len(items) - 1 and written.box(items[first].span)
            and reads_well(items[:first] + items[last + 1 :])]
    if not runs:
        return None
    first, last = runs[dice.below(len(runs))]
    return _spliced(written, (items[first].span[0], items[last].span[1]), [], [], (), None)


def replace(written: Written, pieces: Pieces, dice: Dice) -> Example | None:
    """A run of the formula replaced by another run of the same hand, scaled to its row.

    On the main row what follows moves; elsewhere the new ink must fit the old place.
    """
    old = list(pieces_of(written))
    if not old:
        return None
    for _ in range(8):
        target, new = old[dice.below(len(old))], pieces.draw(written.style, dice)
        if new is None:
            return None
        if target.row == written.tree.span or _fits(target, new):
            strokes, alignment = new.strokes()
            return _spliced(written, target.span, strokes, alignment, new.tokens, target)
    return None


def _fits(target: Piece, new: Piece) -> bool:
    a, b = target.box, new.box
    return (1 / SQUEEZE < a[2] / max(b[2], 0.01) < SQUEEZE
            and b[1] > a[1] - 0.4 and b[3] < a[3] + 0.4)


def swap(written: Written, bank: SymbolBank, hand: Hand, dice: Dice,
         share: float = 0.5) -> Example | None:
    """Some symbols replaced by others of their group, written by the same hand where it can.

    The new symbol stands on the line of its row, in the middle of the old one's place.
    """
    example = written.example
    tokens = list(example.tokens)
    strokes: dict[int, list[np.ndarray]] = {}
    for token, row, script in _symbols(written.tree, False):
        options = [t for t in GROUP.get(tokens[token], ()) if t in bank.index]
        if token not in written.boxes or not options or dice() > share:
            continue
        baseline, unit = written.rows[row]
        tokens[token] = options[dice.below(len(options))]
        number = hand.number(tokens[token], script, dice)
        left, _, right, _ = written.boxes[token]
        width = max(bank.boxes[number][2] - bank.boxes[number][0], 0.05) * unit
        squeeze = min(max((right - left) / width, 1 / SQUEEZE), SQUEEZE)
        start = (left + right - width * squeeze) / 2
        scale = np.array([unit * squeeze, unit])
        strokes[token] = [(stroke * scale + (start, baseline)).astype(np.float32)
                          for stroke in bank.strokes(number)]
    if not strokes:
        return None
    ink, alignment, done = [], [], set()
    for stroke, token in zip(example.ink.strokes, example.alignment.tolist(), strict=True):
        new = strokes.get(token)
        if new is None:
            ink.append(stroke)
            alignment.append(token)
        elif token not in done:
            done.add(token)
            ink += new
            alignment += [token] * len(new)
    return _example(written, ink, alignment, tuple(tokens))


def _symbols(row: Row, script: bool) -> list[tuple[int, Span, bool]]:
    """Token, row and whether in a script, of each symbol."""
    found = []
    for item in row.items:
        if isinstance(item.base, Symbol):
            found.append((sign_of(item), row.span, script))
        for relation, inner in children(item):
            found += _symbols(inner, script or relation in ("^", "_", "degree"))
    return found


def _spliced(written: Written, span: Span, strokes: Sequence[np.ndarray],
             alignment: Sequence[int], tokens: tuple[str, ...], target: Piece | None) -> Example:
    """The formula with the ink of `span` replaced by strokes in x-heights of its row.

    With nothing to put there (no target), the next item takes its place.
    """
    example, (first, last) = written.example, span
    box = written.box(span)
    on_main = target is None or target.row == written.tree.span
    after = _next_item(written, last) if on_main else None
    move = 0.0
    if target is None:
        edge = written.box(after.span) if after is not None else None
        move = box[0] - edge[0] if edge else 0.0
        new = []
    else:
        baseline, unit = written.rows[target.row]
        width = max(max(float(s[:, 0].max()) for s in strokes), 0.05) * unit
        squeeze = 1.0 if on_main else (box[2] - box[0]) / width
        new = [(s * (unit * squeeze, unit) + (box[0], baseline)).astype(np.float32)
               for s in strokes]
        move = width - (box[2] - box[0]) if on_main else 0.0
    ink, aligned = [], []
    shift, placed = len(tokens) - (last - first), False
    for stroke, token in zip(example.ink.strokes, example.alignment.tolist(), strict=True):
        if first <= token < last:
            if not placed:
                placed = True
                ink += new
                aligned += [first + index for index in alignment]
            continue
        right_of = token >= last and on_main
        ink.append(stroke + np.float32([move, 0]) if right_of else stroke)
        aligned.append(token + shift if token >= last else token)
    return _example(written, ink, aligned, example.tokens[:first] + tokens + example.tokens[last:])


def _next_item(written: Written, token: int) -> Item | None:
    return next((item for item in written.tree.items if item.span[0] >= token), None)


def _example(written: Written, strokes: Sequence[np.ndarray], alignment: Sequence[int],
             tokens: tuple[str, ...]) -> Example | None:
    if not strokes or not tokens:
        return None
    ink = Ink(strokes=tuple(strokes), writer=written.style)
    return Example(ink, tokens, np.array(alignment, np.int16))
