r"""The wide vocabulary: accents, matrices, letters in fonts: parser, packing, grammar."""

from collections import Counter
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.storage.archives import open_text
from tegashiki.tex.grammar import Grammar
from tegashiki.tex.packing import STRUCTURE, pack, packed_vocabulary, unpack
from tegashiki.tex.tokenizer import PackedTokenizer, by_name
from tegashiki.tex.tokens import END, SPECIAL, join, published, tokenize, wide
from tegashiki.tex.tree import Accent, Matrix, canonical, is_valid, parse, rows, runs, serialize
from tests.tex.round_trips import problems

NORMAL = [
    r"\hat { x }",
    r"\overline { x + y } _ { 1 } ^ { 2 }",
    r"\underline { \vec { x } } = \dot { y } + \ddot { y }",
    r"[ \begin{matrix} a & b \\ c & d \end{matrix} ]",
    r"\{ \begin{matrix} x & x > 0 \\ 0 & x \leq 0 \end{matrix}",
    r"( \begin{matrix} 1 & & 2 \\ & 3 \end{matrix} ) ^ { - 1 }",
    r"\begin{matrix} \frac { 1 } { 2 } & [ \begin{matrix} 1 \\ 2 \end{matrix} ] \\ x \end{matrix}",
    r"\mathbb{R} ^ { n } \times \mathcal{L} ( X )",
    r"\prod _ { i = 1 } ^ { n } \| x \| \% \#",
]

SPELLINGS = {
    r"\hat x": r"\hat { x }",
    r"\hat { { x } }": r"\hat { x }",
    r"{ \hat { x } } _ i": r"\hat { x } _ { i }",
    r"\mathcal { L }": r"\mathcal{L}",
    r"\mathcal L ^ 2": r"\mathcal{L} ^ { 2 }",
    r"\mathcal { A x } _ { 1 }": r"\mathcal{A} x _ { 1 }",
    r"\mathcal { Z }": r"\mathcal{Z}",           # the last of the capitals
    r"\mathcal { h }": "h",
    r"\binom { n } { k }": r"( \begin{matrix} n \\ k \end{matrix} )",
    r"\binom n k ^ 2": r"( \begin{matrix} n \\ k \end{matrix} ) ^ { 2 }",
    r"\begin{matrix} x \end{matrix}": "x",
    r"[ \begin{matrix} \end{matrix} ]": "[ ]",
    r"\begin{matrix} a & b & \\ c & & \\ & \\ \end{matrix}":
        r"\begin{matrix} a & b \\ c \end{matrix}",
    r"\begin{matrix} a & & b \\ c & & d \end{matrix}":
        r"\begin{matrix} a & b \\ c & d \end{matrix}",
    r"\begin{matrix} & a \\ b & \end{matrix}": r"\begin{matrix} & a \\ b \end{matrix}",
    r"5 %": r"5 \%",
    r"A \setminus B": r"A \backslash B",
    r"\varepsilon \parallel \bot": r"\epsilon \| \perp",
    # and what is a different formula stays one
    r"\overline { x _ { 1 } }": r"\overline { x _ { 1 } }",
    r"\hat { x ^ { 2 } } ^ { 3 }": r"\hat { x ^ { 2 } } ^ { 3 }",
    r"\varphi \phi": r"\varphi \phi",
    r"\longrightarrow \iff": r"\longrightarrow \iff",
    r"\| x \| = | | x | |": r"\| x \| = | | x | |",
}


@pytest.mark.parametrize("tex", NORMAL)
def test_normal_form_is_read_written_packed_and_accepted(tex: str) -> None:
    tokens = tex.split()
    assert list(problems(tokens, by_name("packed-wide"))) == []
    assert is_valid(tokens) and canonical(tokens) == tokens
    assert tokenize(tex.replace(" ", "")) == tokens or r"\begin{matrix}" not in tex
    assert tokenize(tex) == tokens


@pytest.mark.parametrize(("other", "one"), SPELLINGS.items())
def test_equals_have_one_spelling(other: str, one: str) -> None:
    assert canonical(other.split()) == one.split()
    assert canonical(one.split()) == one.split()
    assert is_valid(one.split())
    if other != one:
        assert not is_valid(other.split())


@pytest.mark.parametrize("tex", [
    r"\hat", r"\hat ^ 2", r"\hat { x", r"\binom { n }", "a & b", r"a \\ b", r"x \end{matrix}",
    r"\begin{matrix} a", r"\begin{matrix} { a & b } \end{matrix}",
    r"\begin{matrix} a } \end{matrix}",
    r"\frac { \begin{matrix} a } { b } \end{matrix}",
])  # fmt: skip
def test_what_is_broken_is_refused_with_its_place(tex: str) -> None:
    with pytest.raises(TegashikiError, match="formula: token"):
        parse(tex.split())


@pytest.mark.parametrize("nested", [r"\hat", r"\hat {", r"\begin{matrix}", r"\begin{matrix} x &"])
def test_hostile_nesting_is_an_error_and_no_crash(nested: str) -> None:
    with pytest.raises(TegashikiError):
        parse(nested.split() * 100_000)


def test_nodes_know_their_tokens() -> None:
    tokens = r"2 [ \begin{matrix} a & \hat { b } \\ c \end{matrix} ]".split()
    matrix = parse(tokens).items[2].base
    assert isinstance(matrix, Matrix) and tokens[slice(*matrix.span)] == tokens[2:-1]
    assert [[tokens[slice(*cell.span)] for cell in row] for row in matrix.cells] == [
        [["a"], [r"\hat", "{", "b", "}"]], [["c"]]]
    accent = matrix.cells[0][1].items[0].base
    assert accent == Accent(r"\hat", accent.row, accent.span) and accent.row.items
    assert len(list(rows(parse(tokens)))) == 5
    for begin, end in runs(parse(tokens)):
        assert is_valid(tokens[begin:end])


def test_the_wide_vocabulary_is_written_down() -> None:
    vocabulary = wide()
    assert len(vocabulary) == 320 and set(published().tokens) < set(vocabulary.tokens)
    assert list(vocabulary.tokens[3:]) == sorted(vocabulary.tokens[3:])
    packed = packed_vocabulary(vocabulary)
    assert len(packed) == 320 and packed.tokens[:22] == (*SPECIAL, *STRUCTURE)
    # Trained models depend on it: whoever changes the file makes a new one instead.
    assert vocabulary.sha256.startswith("ec90b19a30ca")
    assert tokenize(join(vocabulary.tokens[3:])) == list(vocabulary.tokens[3:])


def test_the_tokenizer_packs_and_says_where_each_token_went() -> None:
    tokenizer = by_name("packed-wide")
    tokens = r"[ \begin{matrix} \hat { x } & 1 \\ \frac { a } { b } \end{matrix} ]".split()
    ids, places = tokenizer.encode(tokens)
    assert tokenizer.decode(ids) == tokens
    written = [tokenizer.vocabulary.tokens[number] for number in ids]
    assert written == r"[ \begin{matrix} \hat{ x } & 1 \\ \frac{ a }{ b } \end{matrix} ]".split()
    for token, place in zip(tokens, places, strict=True):
        assert place < 0 or token in STRUCTURE.get(written[place], (written[place],))
    assert [written[p] for t, p in zip(tokens, places, strict=True) if t == r"\hat"] == [r"\hat{"]
    inkless = {written[i] for i in range(len(ids)) if written[i] in tokenizer.INKLESS}
    assert inkless == {r"\begin{matrix}", "}", "&", r"\\", "}{", r"\end{matrix}"}
    with pytest.raises(TegashikiError, match="not in the vocabulary"):
        PackedTokenizer().encode(tokens)


SMALL = ("x", r"\hat{", "}", "^{", r"\begin{matrix}", "&", r"\\", r"\end{matrix}")


def accepts(grammar: Grammar, packed: tuple[str, ...]) -> bool:
    state = grammar.start
    for token in (*packed, SPECIAL[END]):
        number = grammar.vocabulary.index[token]
        if not grammar.allowed(state)[number]:
            return False
        state = grammar.step(state, number)
    return state == ()


def is_packed(packed: tuple[str, ...]) -> bool:
    """Whether the parser reads it as a formula that has no end of a row, or row, that is empty."""
    tokens = unpack(packed)
    try:
        tree = parse(tokens)
        if serialize(tree) != tokens or pack(tokens)[0] != list(packed):
            return False
    except TegashikiError:
        return False
    matrices = [item.base for row in rows(tree) for item in row.items
                if isinstance(item.base, Matrix)]
    cells = {id(cell) for matrix in matrices for row in matrix.cells for cell in row[:-1]}
    whole = all(row.items or id(row) in cells for row in every_row(tree))
    marks = [[s.mark for s in item.scripts] for row in rows(tree) for item in row.items]
    return whole and all(len(set(m)) == len(m) for m in marks)


def every_row(tree):
    """As `rows`, with the empty cells."""
    for row in rows(tree):
        yield row
        for item in row.items:
            if isinstance(item.base, Matrix):
                yield from (cell for line in item.base.cells for cell in line if not cell.items)


def test_of_all_short_token_strings_exactly_the_formulas_are_accepted() -> None:
    grammar, accepted = Grammar(packed_vocabulary(wide())), 0
    for length in range(6):
        for packed in product(SMALL, repeat=length):
            right = is_packed(packed)
            assert accepts(grammar, packed) == right, packed
            accepted += right
    assert accepted == 40


def test_a_random_writer_always_ends_within_its_room_with_a_formula() -> None:
    grammar, rng = Grammar(packed_vocabulary(wide()), max_depth=5), np.random.default_rng(0)
    structure, canonicals = np.arange(len(grammar.vocabulary)) < 22, 0
    for _ in range(400):
        room, state, packed = int(rng.integers(2, 40)), grammar.start, []
        while state:
            mask = grammar.allowed(state, room)
            choice = np.flatnonzero(mask & structure if rng.random() < 0.6 else mask)
            token = int(rng.choice(choice if len(choice) else np.flatnonzero(mask)))
            state = grammar.step(state, token)
            packed.append(grammar.vocabulary.tokens[token])
            room -= 1
            assert room >= grammar.need(state)
            assert len(state) <= 5
        tokens = unpack(packed[:-1])
        assert is_packed(tuple(packed[:-1])) and canonical(tokens)
        canonicals += canonical(tokens) == tokens
    assert canonicals > 250                  # the others: a single cell, or an empty column


def test_need_is_the_length_of_the_shortest_end() -> None:
    grammar = Grammar(packed_vocabulary(wide()), max_depth=3)
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
        for room in range(steps, steps + 8):
            mask = grammar.allowed(state, room)
            for token in tokens if state else ():
                fits = grammar.allowed(state)[token] and (
                    grammar.need(grammar.step(state, token)) <= room - 1)
                assert mask[token] == fits, (state, room, token)


def test_formulas_of_the_corpus_go_through_without_loss(data_root: Path) -> None:
    """Every 150th line; benchmarks/wide_round_trips.py reads them all."""
    path = data_root / "math" / "formulas" / "formulas_wide.txt.xz"
    if not path.is_file():
        pytest.skip(f"NO REAL DATA: {path} is missing")
    tokenizer, found = by_name("packed-wide"), Counter()
    for number, line in enumerate(open_text(path)):
        if number % 150 == 0:
            found.update(list(problems(line.partition("\t")[2].split(), tokenizer)) or ["passed"])
    assert found["passed"] > 2500 and found["passed"] == found.total(), found
