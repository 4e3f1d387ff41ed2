r"""The table of formulas: its file, its scores, and the order that it sets."""

import json
import math

import pytest

from tegashiki.decoding.language import NAME, Ngrams, read, write
from tegashiki.decoding.language.ngrams import packed, unpacked
from tegashiki.decoding.recognizer import Recognizer
from tegashiki.errors import TegashikiError
from tegashiki.tex.tokenizer import by_name
from tegashiki.train.ngrams import Counts
from tests.toy_recognizer import FOLDER, examples

PACKED = by_name("packed")
TEXT = [("x", "+", "y"), ("x", "+", "1"), ("x", "=", "y"), ("y",), ("x", "+", "x", "+", "y")]


def language(weight=0.5, bonus=1.0, least=0.0, order=3):
    counts = Counts(order)
    for formula in TEXT:
        counts.add(formula)
    grams, tokens = counts.model(least)
    return Ngrams(tokens, order, grams, weight, bonus, "none")


def test_probabilities_after_any_context_add_up_to_one():
    for least in (0.0, 0.5, 2.0):
        one = language(least=least)
        numbers = [n for n in range(len(one.tokens)) if n != 0]        # <s> is never next
        for context in {gram[:-1] for gram in one.grams} | {(0, 3), (3, 3)}:
            total = sum(math.exp(one._next((*context, n))) for n in numbers)
            assert total == pytest.approx(1, abs=0.12), (least, context)


def test_what_the_text_has_is_likelier_and_nothing_is_impossible():
    one = language()
    assert one.log_p(("x", "+", "y")) > one.log_p(("+", "x", "y")) > one.log_p(("alien", "x", "y"))
    assert math.isfinite(one.log_p(())) and math.isfinite(one.log_p(("alien",) * 50))
    spelled = PACKED.encode(("x", "+", "y"))[0]
    assert one.worth([spelled], PACKED) == pytest.approx(0.5 * (one.log_p(("x", "+", "y")) + 3))


def test_a_smaller_table_says_much_the_same():
    whole, small = language(), language(least=1.0)
    assert len(small.grams) < len(whole.grams)
    for formula in TEXT:
        assert small.log_p(formula) == pytest.approx(whole.log_p(formula), abs=3)


def test_the_file_says_what_was_written(tmp_path):
    one = language()
    write(one, tmp_path)
    again = read(tmp_path)
    assert (again.tokens, again.order, again.weight, again.run) == (one.tokens, 3, 0.5, "none")
    assert set(again.grams) == set(one.grams)
    for formula in TEXT:           # a sixteenth of a nat, rounded, for each token and each weight
        assert again.log_p(formula) == pytest.approx(one.log_p(formula), abs=0.4)
    assert packed(again.grams, 3) == packed(unpacked(packed(one.grams, 3), 3, 9), 3)
    assert read(tmp_path / "elsewhere") is None


@pytest.mark.parametrize("change", [
    {"VERSION": 9}, {"table": "AAAA"}, {"table": "%"}, {"tokens": ["a", "b"]}, {"order": "x"},
    {"weight": None}, {"table": "/////w=="}])
def test_a_damaged_file_is_named(tmp_path, change):
    path = write(language(), tmp_path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(TegashikiError, match=NAME):
        read(tmp_path)


def test_a_cut_table_is_no_table():
    whole = packed(language().grams, 3)
    for end in range(len(whole)):
        with pytest.raises((ValueError, IndexError)):
            unpacked(whole[:end], 3, 9)


def test_it_sets_the_order_of_what_the_beam_found():
    recognizer = Recognizer.load(FOLDER)
    example = examples(1, seed=5)[0]
    plain, _ = recognizer.hypotheses(example.ink)
    formulas = [tuple(recognizer.tokenizer.decode(one.ids)) for one in plain]
    counts = Counts(3)
    for _ in range(50):
        counts.add(formulas[-1])                   # a text that says what the network thinks last
    grams, tokens = counts.model(0.0)
    recognizer.language = Ngrams(tokens, 3, grams, 10.0, 0.0, "none")
    found, _ = recognizer.hypotheses(example.ink)
    assert tuple(recognizer.tokenizer.decode(found[0].ids)) == formulas[-1]
    assert {one.ids for one in found} == {one.ids for one in plain}
    assert recognizer.candidates(example.ink)[0].tokens == formulas[-1]
