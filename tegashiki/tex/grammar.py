r"""Which packed token may stand next: a decoder that asks cannot write a broken formula.

    grammar = Grammar()
    state = grammar.step(grammar.start, grammar.vocabulary.index[r"\frac{"])
    grammar.allowed(state)              # bool (113,): no closing yet, the numerator is still empty
    Grammar(packed_vocabulary(wide()))  # the same for the wide vocabulary: accents and matrices
    grammar.within({"x", "+"})          # the same with an alphabet: no other tokens may stand

A pushdown automaton. Its state is a tuple of frames, one for each row that is open, the innermost
last; a frame is the slot that the row fills and how far the row is. The mask depends on the
innermost frame, on the number of frames, and on the room that is left, so there are few different
masks and each is computed once. Formulas that it accepts are exactly the canonical ones of the
packed vocabulary, up to `max_depth`: balanced, no empty row, no script without a base or twice at
one base, and a subscript before a superscript, so that no two accepted ones differ in order only.
Cells and rows are written inside a matrix only; a cell may be empty, but not the last of its row.
Two things that a stack of frames cannot see are let through: a matrix of a single cell, and a
column that is empty in every row; `tree.canonical` drops them.
"""

from collections.abc import Collection
from typing import NamedTuple

import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.tex.nodes import CELL, END_MATRIX, MATRIX, NEXT_ROW
from tegashiki.tex.packing import STRUCTURE, packed_vocabulary
from tegashiki.tex.tokens import END, SPECIAL, Vocabulary

# How far a row is: nothing yet, or which scripts its last item already has.
EMPTY, BARE, SUB, SUP = range(4)
FORMULA = ""                            # the slot of the outermost row


class Frame(NamedTuple):
    """One open row."""

    slot: str       # the packed token that opened it; FORMULA for the whole
    phase: int      # EMPTY, BARE (no script yet), SUB (has a subscript), SUP (may have no more)


State = tuple[Frame, ...]               # () once the formula has ended

# The least that closes a slot whose row has something in it: `}{ x }` for a numerator.
_CLOSING = {r"\frac{": 3, r"\sqrt[": 3}
# The token that ends the row of a slot, and with it the slot or the first half of it.
_ENDS = {FORMULA: SPECIAL[END], r"\frac{": "}{", r"\sqrt[": "]{", MATRIX: END_MATRIX}
# What every alphabet has: scripts, and the ends of what it can begin.
_ALWAYS = frozenset({*SPECIAL, "_{", "^{", "}", "}{", "]{"})
_ALL_ENDS = frozenset({*_ENDS.values(), "}"})


class Grammar:
    """The automaton over the packed vocabulary; has no state of its own but a cache of masks."""

    def __init__(self, vocabulary: Vocabulary | None = None, max_depth: int = 12,
                 alphabet: Collection[str] | None = None) -> None:
        """`vocabulary`: packed, by default the published one. At most `max_depth` rows inside
        each other, the formula itself included. `alphabet`: the tokens, before packing, that may
        be written; None for all. Raises TegashikiError for an alphabet without a symbol.
        """
        if max_depth < 1:
            raise TegashikiError(f"grammar: max_depth: is {max_depth}; give at least 1")
        self.vocabulary = vocabulary or packed_vocabulary()
        self.max_depth = max_depth
        self.start: State = (Frame(FORMULA, EMPTY),)
        self._known = np.array([
            alphabet is None or token in _ALWAYS or STRUCTURE.get(token, (token,))[0] in alphabet
            for token in self.vocabulary.tokens
        ])
        symbols = (token for token, known in zip(self.vocabulary.tokens, self._known, strict=True)
                   if known and token not in STRUCTURE and token not in SPECIAL and token != "]")
        if not any(symbols):
            raise TegashikiError("alphabet: has no symbol that this model can write; add some")
        self._masks: dict[tuple[Frame | None, bool, int | None], np.ndarray] = {}

    def within(self, alphabet: Collection[str] | None) -> "Grammar":
        """This grammar over fewer tokens: see `alphabet` of the constructor."""
        return Grammar(self.vocabulary, self.max_depth, alphabet)

    def step(self, state: State, token: int) -> State:
        """The state after one more token id; raises TegashikiError if it may not stand here."""
        if not 0 <= token < len(self.vocabulary) or not self.allowed(state)[token]:
            raise TegashikiError(f"formula: token id {token} may not stand here; ask allowed()")
        return self.advance(state, token)

    def advance(self, state: State, token: int) -> State:
        """As `step`, for a token that `allowed` has just let through."""
        text = self.vocabulary.tokens[token]
        *outer, (slot, _) = state
        if token == END:
            return ()
        if text in ("}", END_MATRIX):
            return tuple(outer)
        if text in ("}{", "]{"):
            return (*outer, Frame(text, EMPTY))
        if text in (CELL, NEXT_ROW):
            return (*outer, Frame(slot, EMPTY))
        if text in ("_{", "^{"):
            return (*outer, Frame(slot, SUB if text == "_{" else SUP), Frame(text, EMPTY))
        if text in STRUCTURE:
            return (*outer, Frame(slot, BARE), Frame(text, EMPTY))
        return (*outer, Frame(slot, BARE))

    def need(self, state: State) -> int:
        """The fewest tokens that end the formula from here, the end token included.

        >>> grammar = Grammar()
        >>> grammar.need(grammar.start)                     # x </s>
        2
        """
        if not state:
            return 0
        return sum(_CLOSING.get(slot, 1) for slot, _ in state) + (state[-1].phase == EMPTY)

    def allowed(self, state: State, room: int | None = None) -> np.ndarray:
        """Which token ids may stand next: bool (vocabulary size,), read only.

        With `room`, the number of tokens that may still be written, the end token included, only
        tokens after which the formula can still be ended; there always is one if room >= need.
        """
        if not state:
            return self._mask(None, False, None)
        spare = None
        if room is not None:
            # What may be spent beyond the shortest way to the end; beyond 5 nothing changes.
            spare = max(-1, min(room - self.need(state), 5))
        return self._mask(state[-1], len(state) < self.max_depth, spare)

    def _mask(self, frame: Frame | None, deeper: bool, spare: int | None) -> np.ndarray:
        key = (frame, deeper, spare)
        if key not in self._masks:
            mask = np.zeros(len(self.vocabulary), bool)
            for token, text in enumerate(self.vocabulary.tokens):
                if not self._known[token]:
                    continue
                extra = None if frame is None else _extra(frame, deeper, text)
                mask[token] = extra is not None and (spare is None or extra <= spare)
            mask.setflags(write=False)
            self._masks[key] = mask
        return self._masks[key]


def _extra(frame: Frame, deeper: bool, text: str) -> int | None:
    """By how much this token makes the shortest way longer; None if it may not stand here."""
    slot, phase = frame
    begun = phase != EMPTY
    if text in _ALL_ENDS:
        return 0 if begun and text == _ENDS.get(slot, "}") else None
    if text in (CELL, NEXT_ROW):
        fits = slot == MATRIX and (begun or text == CELL)
        return 1 + begun if fits else None                          # & x
    if text in ("_{", "^{"):
        free = phase == BARE or (phase == SUB and text == "^{")
        return 3 if free and deeper else None                       # _{ x }
    if text in STRUCTURE:
        # `x` alone would fill an empty row; most have one row as \sqrt{ x }, some have two.
        return (5 if text in _CLOSING else 3) - (not begun) if deeper else None
    if text in SPECIAL or (text == "]" and slot == r"\sqrt["):
        return None
    return int(begun)
