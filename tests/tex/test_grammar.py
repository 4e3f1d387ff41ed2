"""Packed tokens and their grammar: exhaustive on small formulas, random walks on long ones."""

from itertools import product

import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.tex.grammar import Grammar
from tegashiki.tex.packing import STRUCTURE, pack, packed_vocabulary, unpack
from tegashiki.tex.tokens import END, SPECIAL
from tegashiki.tex.tree import canonical, is_valid

# A symbol, the one that is special inside a degree, and the structure.
SMALL = ("x", "]", *packed_vocabulary().tokens[3:11])

PACKED = {
    "x": "x",
    "x _ { 1 } ^ { 2 }": "x _{ 1 } ^{ 2 }",
    r"\frac { a } { b }": r"\frac{ a }{ b }",
    r"\sqrt { x }": r"\sqrt{ x }",
    r"\sqrt [ 3 ] { x }": r"\sqrt[ 3 ]{ x }",
    r"\sqrt [ \sqrt [ 3 ] { [ 2 ] } ] { x }": r"\sqrt[ \sqrt[ 3 ]{ [ 2 ] } ]{ x }",
    r"[ \frac { \frac { 1 } { 2 } } { x ^ { 2 } } ]": r"[ \frac{ \frac{ 1 }{ 2 } }{ x ^{ 2 } } ]",
}


@pytest.mark.parametrize(("tex", "packed"), PACKED.items())
def test_packing_is_as_written_down_and_undone_without_loss(tex: str, packed: str) -> None:
    tokens = tex.split()
    found, places = pack(tokens)
    assert found == packed.split()
    assert unpack(found) == tokens
    # every token lies in the packed token that its place names
    assert len(places) == len(tokens)
    for token, place in zip(tokens, places, strict=True):
        assert token in STRUCTURE.get(found[place], (found[place],))
    assert places == sorted(places)


@pytest.mark.parametrize("tex", [
    "{ x }", "x '", r"\int \limits _ { 0 }", "x ^ 2", "x }", "x ^ { 2", r"\frac { a } b",
    r"\sqrt [ ] ] { x }", r"\sqrt [ 3 } { x }", "^", "{",
])  # fmt: skip
def test_what_is_not_canonical_cannot_be_packed(tex: str) -> None:
    with pytest.raises(TegashikiError, match="canonical"):
        pack(tex.split())


def test_the_packed_vocabulary_has_the_special_tokens_at_the_same_ids() -> None:
    vocabulary = packed_vocabulary()
    assert len(vocabulary) == 113
    assert vocabulary.tokens[:3] == SPECIAL
    assert vocabulary.tokens[3:11] == tuple(STRUCTURE)[:8]


def accepts(grammar: Grammar, packed: tuple[str, ...]) -> bool:
    state = grammar.start
    for token in (*packed, SPECIAL[END]):
        number = grammar.vocabulary.index[token]
        if not grammar.allowed(state)[number]:
            return False
        state = grammar.step(state, number)
    return state == ()


def is_canonical(packed: tuple[str, ...]) -> bool:
    """What the grammar should accept, said with the parser instead."""
    tokens = unpack(packed)
    if not is_valid(tokens) or canonical(tokens) != tokens:
        return False
    return pack(tokens)[0] == list(packed)


def test_of_all_short_token_strings_exactly_the_canonical_formulas_are_accepted() -> None:
    grammar, accepted = Grammar(), 0
    for length in range(6):
        for packed in product(SMALL, repeat=length):
            right = is_canonical(packed)
            assert accepts(grammar, packed) == right, packed
            accepted += right
    assert accepted == 188


def test_longer_formulas_are_accepted_exactly_if_their_neighbours_are_canonical() -> None:
    """Every way to change one token of a longer formula, also where brute force would not reach."""
    grammar = Grammar()
    for packed in PACKED.values():
        tokens = tuple("x" if t in "abc123[" else t for t in packed.split())
        for place in range(len(tokens)):
            for other in SMALL:
                changed = (*tokens[:place], other, *tokens[place + 1 :])
                assert accepts(grammar, changed) == is_canonical(changed), changed


def test_a_random_writer_always_ends_within_its_room_with_a_valid_formula() -> None:
    grammar, rng = Grammar(max_depth=5), np.random.default_rng(0)
    structure = np.arange(len(grammar.vocabulary)) < 11
    for _ in range(600):
        room, state, packed = int(rng.integers(2, 40)), grammar.start, []
        while state:
            mask = grammar.allowed(state, room)
            assert mask.any()
            choice = np.flatnonzero(mask & structure if rng.random() < 0.6 else mask)
            token = int(rng.choice(choice if len(choice) else np.flatnonzero(mask)))
            state = grammar.step(state, token)
            packed.append(grammar.vocabulary.tokens[token])
            room -= 1
            assert room >= grammar.need(state)
            assert len(state) <= 5
        assert packed.pop() == SPECIAL[END]
        assert is_canonical(tuple(packed))


def test_need_is_the_length_of_the_shortest_end() -> None:
    """Breadth first over one symbol and the structure: no shorter way, and one that long."""
    grammar = Grammar(max_depth=4)
    tokens = [END, *(grammar.vocabulary.index[token] for token in SMALL)]
    states = {grammar.start}
    for _ in range(4):
        states |= {grammar.step(s, t) for s in states if s for t in tokens if grammar.allowed(s)[t]}
    for state in states:
        ways, steps = {state}, 0
        while () not in ways:
            ways = {grammar.step(s, t) for s in ways for t in tokens if grammar.allowed(s)[t]}
            steps += 1
        assert steps == grammar.need(state), state
        # With exactly that room the mask leaves what is on such a way and nothing else.
        for room in range(steps, steps + 8):
            mask = grammar.allowed(state, room)
            for token in tokens if state else ():
                fits = grammar.allowed(state)[token] and (
                    grammar.need(grammar.step(state, token)) <= room - 1
                )
                assert mask[token] == fits, (state, room, token)


def test_without_room_nothing_may_stand() -> None:
    grammar = Grammar()
    assert not grammar.allowed(grammar.start, 1).any()
    assert not grammar.allowed(()).any()


def test_masks_are_shared_and_cannot_be_written() -> None:
    grammar = Grammar()
    mask = grammar.allowed(grammar.start)
    assert mask is grammar.allowed(grammar.start)
    with pytest.raises(ValueError, match="read-only"):
        mask[0] = True


@pytest.mark.parametrize("token", [-1, 0, 1, 2, 113])
def test_a_step_that_is_not_allowed_is_refused(token: int) -> None:
    grammar = Grammar()
    with pytest.raises(TegashikiError, match="may not stand"):
        grammar.step(grammar.start, token)


def test_depth_is_bounded() -> None:
    flat = Grammar(max_depth=1)
    assert accepts(flat, ("x", "x")) and not accepts(flat, ("x", "^{", "x", "}"))
    with pytest.raises(TegashikiError, match="max_depth"):
        Grammar(max_depth=0)
