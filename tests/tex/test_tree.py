"""The tree: every construct parsed and printed, broken ones refused, one spelling for equals."""

import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.tex.tree import (
    MAX_DEPTH,
    Fraction,
    Item,
    Root,
    Row,
    Symbol,
    canonical,
    is_valid,
    parse,
    rows,
    runs,
    serialize,
)

NORMAL = [
    "x",
    "a + b = c",
    "x _ { 1 }",
    "x _ { i } ^ { 2 }",
    r"\frac { a } { b + 1 }",
    r"\sqrt { x }",
    r"\sqrt [ n + 1 ] { x }",
    r"[ a ] + \sqrt [ \frac { 1 } { 2 } ] { [ b ] }",
    r"\int \limits _ { 0 } ^ { \infty } e ^ { - x ^ { 2 } } d x",
    r"\lim _ { x \rightarrow 0 } \frac { \sin x } { x }",
    r"\{ f ^ { \prime \prime } ( x ) \}",
]


@pytest.mark.parametrize("tex", NORMAL)
def test_normal_form_is_valid_and_prints_as_it_was_read(tex: str) -> None:
    tokens = tex.split()
    assert serialize(parse(tokens)) == tokens
    assert is_valid(tokens)


@pytest.mark.parametrize("tex", [
    "{", "}", "x }", "x ^", "x ^ { 2", "_ { 1 }", "^ 2", r"\frac { a }", r"\frac", r"\sqrt",
    r"\sqrt [ 3 { x }", r"\sqrt [ 3 ]", r"\limits", "x ^ ^ 2", r"x ^ } { 2 }", r"\frac } { }",
])  # fmt: skip
def test_what_is_broken_is_refused_with_its_place(tex: str) -> None:
    with pytest.raises(TegashikiError, match="formula: token"):
        parse(tex.split())
    assert not is_valid(tex.split())


@pytest.mark.parametrize("tex", [
    "", "x ^ 2", "{ x }", "x ^ { }", r"\frac { } { 1 }", "x ^ { 1 } ^ { 2 }", "{ a b } ^ { 2 }",
    r"\sqrt [ ] { x }",
])  # fmt: skip
def test_what_parses_but_is_no_normal_form_is_not_valid(tex: str) -> None:
    parse(tex.split())
    assert not is_valid(tex.split())


def test_arguments_without_braces_are_single_bases() -> None:
    assert serialize(parse(r"\frac \sqrt x 2 ^ \frac 1 2".split())) == (
        r"\frac { \sqrt { x } } { 2 } ^ { \frac { 1 } { 2 } }".split()
    )


@pytest.mark.parametrize("nested", ["{", "x ^ {", r"\sqrt", r"\frac {", r"\sqrt ["])
def test_hostile_nesting_is_an_error_and_no_crash(nested: str) -> None:
    with pytest.raises(TegashikiError, match=f"{MAX_DEPTH} levels"):
        parse(nested.split() * 100_000)


def test_a_tree_can_be_made_by_hand() -> None:
    half = Fraction(Row((Item(Symbol("1")),)), Row((Item(Symbol("2")),)))
    assert serialize(Item(Root(Row((Item(half),))))) == r"\sqrt { \frac { 1 } { 2 } }".split()


def test_spans_are_the_tokens_of_their_node() -> None:
    tokens = r"a + \frac { x _ { 1 } } { \sqrt [ 3 ] { b c } }".split()
    fraction = parse(tokens).items[2].base
    assert tokens[slice(*fraction.span)] == tokens[2:]
    assert tokens[slice(*fraction.upper.span)] == "x _ { 1 }".split()
    root = fraction.lower.items[0].base
    assert tokens[slice(*root.degree.span)] == ["3"]
    assert tokens[slice(*root.radicand.span)] == ["b", "c"]
    assert parse(tokens).items[0].script("_") is None
    assert tokens[slice(*fraction.upper.items[0].script("_").span)] == ["1"]


@pytest.mark.parametrize("tex", NORMAL)
def test_every_run_is_a_formula_and_can_be_replaced_by_any(tex: str) -> None:
    tokens = tex.split()
    for begin, end in runs(parse(tokens)):
        assert is_valid(tokens[begin:end])
        for other in (["y"], r"\frac { 1 } { 2 } ^ { 3 }".split(), tokens):
            in_degree = tokens[begin - 1] == "[" and tokens[begin - 2] == r"\sqrt"
            if not (in_degree and "]" in other):
                assert is_valid(tokens[:begin] + other + tokens[end:])


def test_rows_come_outermost_first() -> None:
    tokens = r"\frac { a } { b ^ { c } }".split()
    assert [tokens[slice(*row.span)] for row in rows(parse(tokens))] == [
        tokens, ["a"], "b ^ { c }".split(), ["c"],
    ]  # fmt: skip


SPELLINGS = {
    # the other spelling: the canonical one
    "{ x }": "x",
    "{ { x } }": "x",
    "{ a + b } c": "a + b c",
    "x ^ 2": "x ^ { 2 }",
    "x ^ { { 2 } }": "x ^ { 2 }",
    "x ^ { 2 } _ { 1 }": "x _ { 1 } ^ { 2 }",
    "{ x _ { 1 } } ^ { 2 }": "x _ { 1 } ^ { 2 }",
    "{ x ^ { 2 } } _ { 1 }": "x _ { 1 } ^ { 2 }",
    "{ ( t ) } ^ { 2 }": "( t ) ^ { 2 }",
    "x _ { } ^ { 2 }": "x ^ { 2 }",
    "x { }": "x",
    "x { } ^ { 2 }": "x ^ { 2 }",
    r"\sqrt [ ] { x }": r"\sqrt { x }",
    r"\sqrt [ { } ] { x }": r"\sqrt { x }",
    "f '": r"f ^ { \prime }",
    "f ' '": r"f ^ { \prime \prime }",
    "f ^ { ' }": r"f ^ { \prime }",
    "f ^ { ' ' }": r"f ^ { \prime \prime }",
    "f ' ^ { 2 }": r"f ^ { \prime 2 }",
    "f ' _ { 1 }": r"f _ { 1 } ^ { \prime }",
    "f _ { 1 } '": r"f _ { 1 } ^ { \prime }",
    "{ f ' } ^ { 2 }": r"f ^ { \prime 2 }",
    r"f ^ { \prime } ^ { 2 }": r"f ^ { \prime 2 }",
    "x ^ { 2 } '": r"x ^ { 2 \prime }",
    r"\int \limits ^ { b } _ { a }": r"\int _ { a } ^ { b }",
    r"\frac { { a } } { { b } ^ 2 }": r"\frac { a } { b ^ { 2 } }",
    # and what is a different formula stays one
    "{ x ^ { 2 } } ^ { 3 }": "{ x ^ { 2 } } ^ { 3 }",
    "x ^ { 1 } ^ { 2 }": "x ^ { 1 } ^ { 2 }",
    r"a \cdots b": r"a \cdots b",
    r"a \ldots b": r"a \ldots b",
    "a . . . b": "a . . . b",
}


@pytest.mark.parametrize(("other", "one"), SPELLINGS.items())
def test_equals_have_one_spelling(other: str, one: str) -> None:
    assert canonical(other.split()) == one.split()
    assert canonical(one.split()) == one.split()


def test_what_is_canonical_stays_so_whatever_it_was_made_from() -> None:
    """Random token strings: of those that parse, the canonical spelling is a fixed point."""
    rng = np.random.default_rng(0)
    alphabet = r"x y ' \prime \limits _ ^ _ ^ { } { } { } \frac \sqrt [ ]".split()
    parsed = 0
    for _ in range(40_000):
        tokens = [alphabet[k] for k in rng.integers(0, len(alphabet), rng.integers(1, 13))]
        try:
            once = canonical(tokens)
        except TegashikiError:
            continue
        assert canonical(once) == once, tokens
        assert serialize(parse(once)) == once
        symbols = sorted(t for t in tokens if t in ("x", "y", r"\frac"))
        assert sorted(t for t in once if t in ("x", "y", r"\frac")) == symbols
        parsed += 1
    assert parsed > 2_000
