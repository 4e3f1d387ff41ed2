"""Tokens and the vocabulary: exact small tables, round trips, and errors that a person can mend."""

import pytest

from tegashiki.errors import TegashikiError
from tegashiki.tex.tokens import DEFAULT_VOCABULARY, END, PAD, START, Vocabulary, join, tokenize

SPLITS = {
    "": [],
    "  \n\t": [],
    "x^2": ["x", "^", "2"],
    r"\frac12": [r"\frac", "1", "2"],
    r"\alpha\beta b": [r"\alpha", r"\beta", "b"],
    r"\{a\}": [r"\{", "a", r"\}"],
    r"a\ b\,c\\": ["a", r"\ ", "b", r"\,", "c", r"\\"],
    "α+1": ["α", "+", "1"],
    "x\\": ["x", "\\"],
}


@pytest.mark.parametrize(("tex", "tokens"), SPLITS.items())
def test_tex_is_split_as_tex_does(tex: str, tokens: list[str]) -> None:
    assert tokenize(tex) == tokens


def test_a_joined_formula_is_split_into_the_same_tokens() -> None:
    tokens = list(Vocabulary.load().tokens[3:])
    assert tokenize(join(tokens)) == tokens


def test_the_ids_of_the_published_vocabulary_are_written_down() -> None:
    vocabulary = Vocabulary.load()
    assert len(vocabulary) == 113
    assert (PAD, START, END) == (0, 1, 2)
    assert vocabulary.tokens[:4] == ("<pad>", "<s>", "</s>", "!")
    assert list(vocabulary.tokens[3:]) == sorted(vocabulary.tokens[3:])
    table = {r"\frac": 53, "{": 110, "}": 112, "1": 13, "x": 107, r"\alpha": 45, "^": 82}
    assert {token: vocabulary.index[token] for token in table} == table
    # Trained models depend on it: whoever changes the file makes a new one instead.
    assert vocabulary.sha256.startswith("f75ec11c8dac")


def test_every_token_survives_the_round_trip_through_its_id() -> None:
    vocabulary = Vocabulary.load()
    tokens = list(vocabulary.tokens[3:])
    assert vocabulary.encode(tokens) == list(range(3, 113))
    assert vocabulary.decode(vocabulary.encode(tokens)) == tokens


def test_decoding_stops_at_the_end_and_skips_padding() -> None:
    vocabulary = Vocabulary.load()
    assert vocabulary.decode([START, 107, PAD, 107, END, 107, 9999]) == ["x", "x"]
    assert vocabulary.decode([]) == []


@pytest.mark.parametrize("ids", [[113], [-1]])
def test_an_id_outside_the_vocabulary_is_refused(ids: list[int]) -> None:
    with pytest.raises(TegashikiError, match="position 0"):
        Vocabulary.load().decode(ids)


def test_an_unknown_token_is_named_with_its_place() -> None:
    with pytest.raises(TegashikiError, match=r"token 2: '\\\\nabla'"):
        Vocabulary.load().encode(["x", "+", r"\nabla"])


@pytest.mark.parametrize("text", [
    "", "x\ny\nz\n", "<pad>\n<s>\n</s>\nx\nx\n", "<pad>\n<s>\n</s>\nx\n\ny\n",
    "<pad>\n<s>\n</s>\n x\n", "<s>\n<pad>\n</s>\n",
])  # fmt: skip
def test_what_is_no_vocabulary_is_refused(tmp_path, text: str) -> None:
    path = tmp_path / "vocabulary.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TegashikiError, match="vocabulary"):
        Vocabulary.load(path)


def test_a_missing_or_binary_vocabulary_is_refused_by_name(tmp_path) -> None:
    path = tmp_path / "vocabulary.txt"
    with pytest.raises(TegashikiError, match=r"vocabulary\.txt"):
        Vocabulary.load(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TegashikiError, match=r"vocabulary\.txt"):
        Vocabulary.load(path)


def test_the_file_is_the_published_dictionary(crohme_root) -> None:
    lines = (crohme_root / "labels" / "wap_dictionary.txt").read_text().splitlines()
    published = sorted(line.split("\t")[0] for line in lines if not line.startswith("<eol>"))
    assert DEFAULT_VOCABULARY.read_text().splitlines()[3:] == published
