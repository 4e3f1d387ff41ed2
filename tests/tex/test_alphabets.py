"""Alphabets by name and from a file, and the grammar that obeys them."""

import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.tex import alphabets
from tegashiki.tex.grammar import Grammar
from tegashiki.tex.packing import packed_vocabulary, unpack
from tegashiki.tex.tokens import SPECIAL, published, wide


def test_those_with_names_are_read_with_their_reasons() -> None:
    assert alphabets.NAMES == ("all", "crohme", "school")
    assert alphabets.read("all") is None
    assert alphabets.read("crohme") == set(published().tokens)
    school = alphabets.read("school")
    assert {"K", r"\frac", r"\begin{matrix}", "&", "_"} <= school < set(wide().tokens)
    assert not {r"\mathbb{R}", r"\hat", r"\nabla"} & school
    for name in alphabets.NAMES[1:]:
        text = (alphabets._FOLDER / f"{name}.txt").read_text(encoding="utf-8")
        assert text.startswith("# ")


def test_a_file_of_ones_own(tmp_path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("# digits\n0 1\n\\# \\begin{matrix}\n", encoding="utf-8")
    found = alphabets.read(str(path))
    assert found == {*SPECIAL, "{", "}", "_", "^", "0", "1", r"\#", r"\begin{matrix}", "&", r"\\",
                     r"\end{matrix}"}
    path.write_text("0 & 1\n", encoding="utf-8")
    assert "&" not in alphabets.read(str(path))              # without a matrix there is no cell


def test_what_is_no_alphabet_is_refused_with_its_place(tmp_path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("# mine\n0 \\nosuch\n", encoding="utf-8")
    with pytest.raises(TegashikiError, match=r"mine\.txt: line 2: '\\\\nosuch'"):
        alphabets.read(str(path))
    with pytest.raises(TegashikiError, match="all, crohme, school or a text file"):
        alphabets.read("klingon")


@pytest.mark.parametrize("alphabet", [
    {"x", r"\sqrt"}, {"x", r"\hat", r"\begin{matrix}", "&", r"\end{matrix}"}, {"]", "1", r"\sqrt"},
])
def test_a_writer_with_an_alphabet_uses_nothing_else_and_always_ends(alphabet) -> None:
    grammar, rng = Grammar(packed_vocabulary(wide()), max_depth=4).within(alphabet), \
        np.random.default_rng(0)
    seen = set()
    for _ in range(200):
        room, state, packed = int(rng.integers(2, 30)), grammar.start, []
        while state:
            token = int(rng.choice(np.flatnonzero(grammar.allowed(state, room))))
            state, room = grammar.step(state, token), room - 1
            packed.append(grammar.vocabulary.tokens[token])
        seen |= set(unpack(packed[:-1]))
    brackets = {"["} if r"\sqrt" in alphabet else set()      # a root may have a degree
    assert seen - {"{", "}", "_", "^", "]"} - brackets == alphabet - {"]"}


def test_without_an_alphabet_the_grammar_is_what_it_was() -> None:
    whole = Grammar()
    again = whole.within({"x"}).within(None)
    assert (again.allowed(again.start) == whole.allowed(whole.start)).all()


@pytest.mark.parametrize("alphabet", [set(), {r"\frac"}, {"]"}, {r"\mathbb{R}"}])
def test_an_alphabet_without_a_symbol_is_refused(alphabet) -> None:
    with pytest.raises(TegashikiError, match="no symbol"):
        Grammar().within(alphabet)
