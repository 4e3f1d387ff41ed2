"""A recogniser with an alphabet, through the doors that a person takes."""

import json

import pytest

from tegashiki.cli import main
from tegashiki.decoding.recognizer import Recognizer
from tegashiki.errors import TegashikiError
from tegashiki.ink.inkml import write_inkml
from tegashiki.tex.tokenizer import PlainTokenizer
from tests.toy_recognizer import FOLDER, examples


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.load(FOLDER)


@pytest.fixture(scope="module")
def inks():
    return [example.ink for example in examples(6, seed=5)]


def test_candidates_hold_tokens_of_the_alphabet_only(recognizer, inks) -> None:
    few = {"1", "x", "+"}
    for ink in inks:
        found = recognizer.within(few).candidates(ink, 5)
        assert found and {t for c in found for t in c.tokens} <= few | {"_", "^", "{", "}"}
        # and without one the answers are what they were, also after another was asked for
        assert recognizer.within(None).candidates(ink, 5) == recognizer.candidates(ink, 5)


def test_a_model_without_a_grammar_says_that_it_obeys_none(recognizer) -> None:
    plain = Recognizer(recognizer.runtime, recognizer.features, PlainTokenizer(),
                       recognizer.buckets)
    with pytest.raises(TegashikiError, match="plain tokens"):
        plain.within({"x"})
    assert plain.within(None).grammar is None


def test_the_command_line_takes_a_name_or_a_file(inks, tmp_path, capsys) -> None:
    ink, mine = tmp_path / "a.inkml", tmp_path / "mine.txt"
    write_inkml(inks[0], ink)
    mine.write_text("1 x +\n", encoding="utf-8")
    for alphabet in ("all", "crohme", "school", str(mine)):
        assert main(["recognize", str(ink), "--model", str(FOLDER), "--json", "--alphabet",
                     alphabet]) == 0
        [found] = [json.loads(line)["candidates"] for line in capsys.readouterr().out.splitlines()]
        written = {token for one in found for token in one["tex"].split()}
        assert alphabet != str(mine) or written <= {"1", "x", "+", "_", "^", "{", "}"}
    assert main(["recognize", str(ink), "--alphabet", "klingon"]) == 1
    assert "klingon" in capsys.readouterr().err
