r"""New examples from one written formula: cut out, shorten, replace, swap; all else stays real.

    one = cut_out(formula, random)                  # a sub-expression
    two = swap(formula, bank, writer, random)         # other digits, other letters of like shape

Each takes a `line_metrics.MeasuredFormula` and returns an Example in the unit of its ink, or None
where the formula offers nothing of the kind.
"""

from collections.abc import Sequence

import numpy as np

from tegashiki.data.example import Example
from tegashiki.ink.format import Ink
from tegashiki.synthesis.glyph_bank import GlyphBank
from tegashiki.synthesis.line_metrics import MeasuredFormula, children, own_token
from tegashiki.synthesis.rng import BufferedRng
from tegashiki.synthesis.subexpressions import Subexpression, SubexpressionBank, subexpressions_of
from tegashiki.synthesis.writer_style import WriterStyle
from tegashiki.tex.token_classes import reads_well
from tegashiki.tex.tree import Item, Row, Span, Symbol

# Tokens that may stand for each other: of one shape and one role, so that the layout stays true.
# In a bank without the wide tokens, which stand last in each group, the others are as before.
ALIKE = (
    "0123456789",
    (*"acemnorsuvwxz", r"\alpha", r"\sigma", r"\pi",
     r"\epsilon", r"\omega", r"\nu", r"\tau", r"\kappa", r"\iota", r"\upsilon"),
    (*"bdhklt", r"\theta", r"\lambda", r"\Delta",
     r"\delta", r"\ell", r"\partial", r"\vartheta", r"\hbar"),
    (*"gpqyj", r"\mu", r"\gamma", r"\beta", r"\phi",
     r"\eta", r"\chi", r"\rho", r"\varphi", r"\psi", r"\xi", r"\zeta"),
    (*"ABCEFGHILMNPRSTVXY", *"DJKOQUWZ", r"\Gamma", r"\Lambda", r"\Omega", r"\Phi", r"\Pi",
     r"\Psi", r"\Sigma", r"\Theta", r"\Upsilon", r"\Xi",
     *(rf"\mathbb{{{letter}}}" for letter in "CDEFNPQRZ"),
     *(rf"\mathcal{{{letter}}}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")),
    (r"\sin", r"\cos", r"\tan", r"\log",
     r"\ln", r"\exp", r"\cot", r"\sec", r"\csc", r"\det", r"\dim", r"\ker", r"\arctan", r"\sinh",
     r"\cosh", r"\tanh"),
    ("=", "<", ">", r"\leq", r"\geq", r"\neq", r"\rightarrow",
     r"\approx", r"\equiv", r"\sim", r"\simeq", r"\cong", r"\propto", r"\ll", r"\gg", r"\subset",
     r"\subseteq", r"\supset", r"\supseteq", r"\Rightarrow", r"\Leftrightarrow", r"\mapsto",
     r"\leftrightarrow", r"\leftarrow", r"\perp", r"\vdash", r"\models", r"\ni", r"\notin"),
    ("+", "-", r"\times", r"\pm", r"\div", r"\cdot",
     r"\mp", r"\circ", r"\oplus", r"\otimes", r"\cup", r"\cap", r"\wedge", r"\vee", r"\backslash",
     r"\bullet", r"\star", "*"),
    (r"\prod", r"\bigcup", r"\bigcap", r"\bigoplus", r"\bigvee", r"\bigwedge"),
    (r"\oint", r"\iint"),
)
GROUP = {token: group for group in ALIKE for token in group}
SQUEEZE = 1.35          # how much wider or narrower ink may be made to fit a place


def cut_out(formula: MeasuredFormula, random: BufferedRng, shortest: int = 3) -> Example | None:
    """A sub-expression with its own ink: a complete run of neighbours, not the whole formula."""
    whole = formula.tree.span
    found = [part for part in subexpressions_of(formula, longest=64)
             if part.span != whole and part.span[1] - part.span[0] >= shortest]
    if not found:
        return None
    part = found[random.below(len(found))]
    numbers = formula.strokes(part.span)
    return _example(formula, [formula.example.ink.strokes[i] for i in numbers],
                    [int(formula.example.alignment[i]) - part.span[0] for i in numbers],
                    part.tokens)


def shorten(formula: MeasuredFormula, random: BufferedRng) -> Example | None:
    """The formula without a run of its main row; what stood right of it moves up.

    Only runs without which the formula still reads well: `a + b` may lose `+ b`.
    """
    items = formula.tree.items
    runs = [(first, last) for first in range(len(items)) for last in range(first, len(items))
            if last - first < len(items) - 1 and formula.box(items[first].span)
            and reads_well(items[:first] + items[last + 1 :])]
    if not runs:
        return None
    first, last = runs[random.below(len(runs))]
    return _spliced(formula, (items[first].span[0], items[last].span[1]), [], [], (), None)


def replace(formula: MeasuredFormula, subexpressions: SubexpressionBank,
            random: BufferedRng) -> Example | None:
    """A run of the formula replaced by another run of the same writer, scaled to its row.

    On the main row what follows moves; elsewhere the new ink must fit the old place.
    """
    old = list(subexpressions_of(formula))
    if not old:
        return None
    for _ in range(8):
        target, new = old[random.below(len(old))], subexpressions.draw(formula.style, random)
        if new is None:
            return None
        if target.row == formula.tree.span or _fits(target, new):
            strokes, alignment = new.strokes()
            return _spliced(formula, target.span, strokes, alignment, new.tokens, target)
    return None


def _fits(target: Subexpression, new: Subexpression) -> bool:
    a, b = target.box, new.box
    return (1 / SQUEEZE < a[2] / max(b[2], 0.01) < SQUEEZE
            and b[1] > a[1] - 0.4 and b[3] < a[3] + 0.4)


def swap(formula: MeasuredFormula, bank: GlyphBank, writer: WriterStyle, random: BufferedRng,
         share: float = 0.5) -> Example | None:
    """Some symbols replaced by others of their group, written by the same writer where it can.

    The new symbol stands on the line of its row, in the middle of the old one's place.
    """
    example = formula.example
    tokens = list(example.tokens)
    strokes: dict[int, list[np.ndarray]] = {}
    for token, row, script in _symbols(formula.tree, False):
        options = [t for t in GROUP.get(tokens[token], ()) if t in bank.index]
        if token not in formula.boxes or not options or random() > share:
            continue
        baseline, unit = formula.rows[row]
        tokens[token] = options[random.below(len(options))]
        number = writer.number(tokens[token], script, random)
        left, _, right, _ = formula.boxes[token]
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
    return _example(formula, ink, alignment, tuple(tokens))


def _symbols(row: Row, script: bool) -> list[tuple[int, Span, bool]]:
    """Token, row and whether in a script, of each symbol."""
    found = []
    for item in row.items:
        if isinstance(item.base, Symbol):
            found.append((own_token(item), row.span, script))
        for relation, inner in children(item):
            found += _symbols(inner, script or relation in ("^", "_", "degree"))
    return found


def _spliced(formula: MeasuredFormula, span: Span, strokes: Sequence[np.ndarray],
             alignment: Sequence[int], tokens: tuple[str, ...], target: Subexpression | None
             ) -> Example:
    """The formula with the ink of `span` replaced by strokes in x-heights of its row.

    With nothing to put there (no target), the next item takes its place.
    """
    example, (first, last) = formula.example, span
    box = formula.box(span)
    on_main = target is None or target.row == formula.tree.span
    after = _next_item(formula, last) if on_main else None
    move = 0.0
    if target is None:
        edge = formula.box(after.span) if after is not None else None
        move = box[0] - edge[0] if edge else 0.0
        new = []
    else:
        baseline, unit = formula.rows[target.row]
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
    return _example(formula, ink, aligned, example.tokens[:first] + tokens + example.tokens[last:])


def _next_item(formula: MeasuredFormula, token: int) -> Item | None:
    return next((item for item in formula.tree.items if item.span[0] >= token), None)


def _example(formula: MeasuredFormula, strokes: Sequence[np.ndarray], alignment: Sequence[int],
             tokens: tuple[str, ...]) -> Example | None:
    if not strokes or not tokens:
        return None
    ink = Ink(strokes=tuple(strokes), writer=formula.style)
    return Example(ink, tokens, np.array(alignment, np.int16))
