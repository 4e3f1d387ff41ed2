"""Texts, series and yardsticks of the notebooks on recurrent networks."""

import zipfile

import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.sequences import datasets, synthetic
from tegashiki.sequences.baselines import (
    Autoregression,
    LogisticRegression,
    MostFrequentTag,
    NGram,
    compressed_bits,
)
from tests.helpers import assert_close


def dice():
    return np.random.default_rng(0)


# --- what is made --------------------------------------------------------------------------------


def test_what_is_made_is_the_same_for_the_same_seed_and_as_large_as_asked():
    assert datasets.text_of("made", dice(), 2000) == datasets.text_of("made", dice(), 2000)
    assert datasets.reviews_of("made", dice(), 50) == datasets.reviews_of("made", dice(), 50)
    assert len(datasets.tagged_of("made", dice(), 3)) == 3
    assert datasets.load_of("made", dice(), 7).shape == (7 * synthetic.QUARTERS,)


def test_made_data_has_the_difficulties_of_the_real():
    sentences = [sentence for _, sentence in synthetic.reviews(dice(), 2000)]
    assert len(set(sentences)) < 0.8 * len(sentences), "reviews repeat each other"
    tags = {}
    for file in synthetic.tagged_files(dice(), 30).values():
        for sentence in file:
            for word, tag in sentence:
                tags.setdefault(word, set()).add(tag)
    assert {"NN", "MD"} <= tags["can"] and {"NN", "VB", "JJ"} <= tags["light"]
    load = synthetic.load(dice(), 28)
    days = load.reshape(28, -1).mean(1)
    weekend = np.arange(28) % 7 >= 5
    assert days[~weekend].mean() > days[weekend].mean() + 3


# --- what is read --------------------------------------------------------------------------------


def test_a_book_without_what_is_around_it(tmp_path):
    path = tmp_path / "book.txt"
    for before, after in (("*** START OF THE EBOOK X ***\n", "*** END OF THE EBOOK X ***\n"),
                          ("# Title\n\nTitle: X\n\nLanguage: English\n\n", "*** END OF IT ***\nL"),
                          ("", "")):
        path.write_text(f"{before}Down, down.\n\n“Dinah!”\n{after}", encoding="utf-8")
        assert datasets.read_text(path) == "Down, down.\n\n“Dinah!”\n"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TegashikiError, match="no UTF-8 text"):
        datasets.read_text(path)


def test_sentiment_names_the_bad_line(tmp_path):
    path = tmp_path / "training.txt"
    path.write_text("1\tI like it.\n0\tI do not.\n")
    assert datasets.reviews_of(str(path), dice()) == [(1, "I like it."), (0, "I do not.")]
    path.write_text("1\tI like it.\nno label\n")
    with pytest.raises(TegashikiError, match="line 2"):
        datasets.read_sentiment(path)


def test_treebank_from_zip_and_folder(tmp_path):
    article = "[ The/DT end/NN ]\nis/VBZ near/RB|JJ ./.\n\n=====\n[ 1\\/2/CD ]\n"
    path = tmp_path / "treebank.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("treebank/tagged/wsj_0002.pos", article)
        archive.writestr("treebank/tagged/README", "no/NN article/NN")
    found = datasets.read_treebank(path)
    assert found == {"wsj_0002.pos": [
        [("The", "DT"), ("end", "NN"), ("is", "VBZ"), ("near", "RB"), (".", ".")], [("1/2", "CD")]]}
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "out")
    assert datasets.read_treebank(tmp_path / "out") == found
    (tmp_path / "empty").mkdir()
    with pytest.raises(TegashikiError, match="no tagged files"):
        datasets.read_treebank(tmp_path / "empty")
    path.write_bytes(b"no zip")
    with pytest.raises(TegashikiError, match="no zip file"):
        datasets.read_treebank(path)


def test_electricity_from_both_forms(tmp_path):
    table = tmp_path / "LD2011_2014.txt"
    table.write_text('"";"MT_001";"MT_250"\n"2011-01-01";1;0\n"2011-01-02";2;3,5\n')
    assert datasets.read_load(table).tolist() == [3.5]
    np.save(tmp_path / "one.npy", np.array([0, 3.5, 4]))
    assert datasets.read_load(tmp_path / "one.npy").tolist() == [3.5, 4]
    np.save(tmp_path / "two.npy", np.zeros((2, 2)))
    with pytest.raises(TegashikiError, match="one series"):
        datasets.read_load(tmp_path / "two.npy")
    with pytest.raises(TegashikiError, match="no client MT_9"):
        datasets.read_load(table, "MT_9")


def test_the_public_sets_are_what_the_notebooks_take_them_for(public_set):
    text = datasets.read_text(public_set(datasets.ALICE))
    assert text.startswith("Alice was beginning") and "Gutenberg" not in text
    reviews = datasets.read_sentiment(public_set(datasets.SENTIMENT))
    assert len(reviews) == 7086 and sum(label for label, _ in reviews) == 3995
    treebank = datasets.read_treebank(public_set(datasets.TREEBANK))
    assert len(treebank) == 199
    assert sum(len(s) for file in treebank.values() for s in file) == 94200
    load = datasets.read_load(public_set(datasets.ELECTRICITY))
    assert load.ndim == 1 and len(load) >= 1000


# --- yardsticks ----------------------------------------------------------------------------------


def test_two_values_foretell_a_sine_for_ever():
    series = np.sin(0.1 * np.arange(500))
    line = Autoregression(series[:300], 2, ridge=0.0)
    assert_close(line.weights, [2 * np.cos(0.1), -1], "float32")
    assert_close(line.one_step(series)[298:], series[300:], "float32")
    assert_close(line.forecast(series[:300], 200), series[300:], "text")


def test_lags_by_name():
    series = np.tile(np.arange(7.0), 20)
    week = Autoregression(series[:70], [7], ridge=0.0)
    assert_close(week.forecast(series[:70], 14), series[70:84], "float32")


def test_ngram_pays_for_what_it_gives_weight_to():
    ngram = NGram(order=3, alphabet=3)
    ngram.learn("abcabcabcabc")
    for before in ("", "ab", "cabc"):
        paid = [ngram.bits(c, before) for c in "abc"]
        assert_close(sum(2**-bits for bits in paid), 1.0, "float64")
    assert ngram.bits("abc" * 5, "abc") < 0.2 < np.log2(3) < ngram.bits("aacb", "abc")


def test_compressors_are_paid_for_the_test_part_only():
    train = "the quick brown fox jumps over the lazy dog. " * 20
    for method in ("gzip", "xz"):
        assert compressed_bits(train, train[:450], method) < 0.5
        other = "Zwölf Boxkämpfer jagen Viktor quer über den Deich."
        assert compressed_bits(train, other, method) > 4


def test_logistic_regression_reads_words_and_minds_no_order():
    data = [("a good film", 1), ("good fun", 1), ("a bad film", 0), ("bad taste", 0)]
    fitted = LogisticRegression([s.split() for s, _ in data], [label for _, label in data])
    assert fitted.predict([["film", "good"], ["so", "bad"]]).tolist() == [1, 0]


def test_most_frequent_tag_and_endings():
    sentences = [[("run", "NN"), ("run", "VB"), ("run", "VB"), ("a", "DT"), ("the", "DT"),
                  ("that", "DT"), ("station", "NN")]]
    plain, endings = MostFrequentTag(sentences), MostFrequentTag(sentences, endings=3)
    assert plain("run") == "VB" and plain("creation") == "DT" and endings("creation") == "NN"
