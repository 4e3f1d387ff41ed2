r"""What the browser has to know of the package, generated when the page is built.

    tables("packed")["structure"]["^{"]                 # ['^', '{']
    write(folder / "tables.json", "packed-wide")        # for a model with these tokens

The grammar is written out as tables by asking `Grammar` itself: for each kind of open row and each
token, what the token costs and what it does to the rows. The browser only looks up.
"""

import json
from pathlib import Path
from typing import Any

from tegashiki.ink import format as ink_format
from tegashiki.ink import geometry, inkjson
from tegashiki.networks.features import StrokeFeatures
from tegashiki.tex import alphabets, macros, symbol_names
from tegashiki.tex.grammar import BARE, EMPTY, FORMULA, SUB, SUP, Frame, Grammar, State
from tegashiki.tex.nodes import ACCENTS
from tegashiki.tex.packing import INKLESS, SLOTS, STRUCTURE
from tegashiki.tex.token_classes import token_class
from tegashiki.tex.tokenizer import PackedTokenizer, by_name
from tegashiki.tex.tokens import SPECIAL, Vocabulary
from tegashiki.tex.tree import SAME_DRAWING

SPARE = 5             # beyond so many spare tokens the grammar's masks no longer change
FORBIDDEN = "."
FIRST = ord("0")      # the character of effect 0

DIGITS = frozenset("0123456789.,")
# Of the class of letters on the line, but no letters for a person who wants letters only.
NO_LETTERS = frozenset(r"\partial \nabla \angle \triangle \top \bigcirc".split())


def kinds(vocabulary: Vocabulary) -> dict[str, str]:
    r"""The kind of every symbol: digit, letter or operator; words such as \sin are operators.

    >>> [kinds(by_name("packed").vocabulary)[symbol] for symbol in ("7", "x", r"\pi", "+", r"\sin")]
    ['digit', 'letter', 'letter', 'operator', 'operator']
    """
    found = {}
    for token in vocabulary.tokens[len(SPECIAL):]:
        if token in STRUCTURE:
            continue
        letter = (token_class(token) == "l" and token not in NO_LETTERS) or token == r"\prime"
        found[token] = "digit" if token in DIGITS else "letter" if letter else "operator"
    return found


def tables(name: str = PackedTokenizer.name) -> dict[str, Any]:
    """Everything for a model whose tokenizer has this name, as JSON takes it."""
    tokenizer = by_name(name)
    vocabulary, plain = tokenizer.vocabulary, tokenizer.plain
    return {
        "spelling": name,           # as model.json calls the tokenizer
        "special": list(SPECIAL),
        "structure": {token: list(STRUCTURE[token]) for token in vocabulary.tokens
                      if token in STRUCTURE},
        # Structure that nobody draws: the strokes of a formula belong to the other tokens.
        "undrawn": sorted(token for token in INKLESS if token in vocabulary),
        "plain": list(plain.tokens),
        "accents": sorted(token for token in ACCENTS if token in plain),
        "aliases": aliases(plain),
        "brackets": {table: list(pair) for table, pair in macros.BRACKETS.items()},
        "kinds": kinds(vocabulary),
        "alphabets": {alphabet: sorted(alphabets.read(alphabet) or ())
                      for alphabet in alphabets.NAMES if alphabet != alphabets.ALL},
        "geometry": {"flat": geometry.FLAT, "dot": geometry.DOT},
        "features": {"points": StrokeFeatures.POINTS},
        "ink": {"version": inkjson.VERSION, "maxStrokes": ink_format.MAX_STROKES,
                "maxPoints": ink_format.MAX_POINTS},
        "grammar": automaton(Grammar(vocabulary)),
    }


def aliases(vocabulary: Vocabulary) -> dict[str, list[str]]:
    """Other names of tokens, as people type them: those whose tokens the vocabulary has."""
    found = {}
    for name in (*symbol_names.ALIASES, *symbol_names.WIDE_ALIASES, *SAME_DRAWING):
        tokens = list(symbol_names.resolve(SAME_DRAWING.get(name, name), vocabulary))
        if name not in vocabulary and all(token in vocabulary for token in tokens):
            found[name] = tokens
    return found


def automaton(grammar: Grammar) -> dict[str, Any]:
    """The grammar written out.

    `tokens`: the vocabulary it is about. `frames[i]`: slot and phase of frame i; `closing[i]`: the
    fewest tokens that close it. `cost[deeper][i]`: a character a token, FORBIDDEN or by how much
    the token makes the shortest way to the end longer; `deeper` is 1 where one more row may be
    opened. `effect[i]`: a character a token, the index into `effects` counted from `first`; an
    effect is the list of frames that take the place of frame i (none: the row ends).
    """
    slots = [FORMULA, *(token for token in SLOTS if token in grammar.vocabulary)]
    frames = [Frame(slot, phase) for slot in slots for phase in (EMPTY, BARE, SUB, SUP)]
    number = {frame: index for index, frame in enumerate(frames)}
    outside = (Frame(FORMULA, BARE),)
    effects: list[list[int]] = []

    def around(frame: Frame, depth: int = 2) -> State:
        if frame.slot == FORMULA and depth == 2:
            return (frame,)
        return outside * (depth - 1) + (frame,)

    def effect(frame: Frame, token: int) -> str:
        state = around(frame)
        if not grammar.allowed(state)[token]:
            return FORBIDDEN
        after = [number[f] for f in grammar.step(state, token)[len(state) - 1:]]
        if after not in effects:
            effects.append(after)
        return chr(FIRST + effects.index(after))

    def costs(state: State) -> str:
        least = [FORBIDDEN] * len(grammar.vocabulary)
        for spare in reversed(range(SPARE + 1)):
            for token in grammar.allowed(state, grammar.need(state) + spare).nonzero()[0]:
                least[token] = str(spare)
        return "".join(least)

    ids = range(len(grammar.vocabulary))
    return {
        "tokens": list(grammar.vocabulary.tokens),
        "frames": [list(frame) for frame in frames],
        "first": FIRST,
        "start": number[grammar.start[0]],
        "maxDepth": grammar.max_depth,
        "spare": SPARE,
        "closing": [grammar.need((*outside, frame)) - grammar.need(outside) for frame in frames],
        "cost": [[costs(around(frame, grammar.max_depth)) for frame in frames],
                 [costs(around(frame)) for frame in frames]],
        "effect": ["".join(effect(frame, token) for token in ids) for frame in frames],
        "effects": effects,
    }


def write(path: Path, name: str = PackedTokenizer.name) -> None:
    """Write them as one JSON file."""
    path.write_text(json.dumps(tables(name), ensure_ascii=False) + "\n", encoding="utf-8")
