"""A network begins with the weights of one that had another vocabulary."""

import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.tex.tokenizer import by_name
from tegashiki.train import batches, checkpoint, loop, warm_start
from tests.toys import formulas, tiny

pytestmark = pytest.mark.training


def built(kind, name):
    """A tiny network over the vocabulary of a tokenizer, with its weights made."""
    tokenizer = by_name(name)
    network = tiny(kind, len(tokenizer))
    inputs, _ = next(iter(batches.epoch(formulas(4), network, tokenizer, 4)))
    network(inputs)
    return network


def test_known_tokens_keep_their_rows(tmp_path):
    former, new = by_name("packed").vocabulary, by_name("packed-wide").vocabulary
    small = built("stroke_transformer", "packed")
    large = built("stroke_transformer", "packed-wide")
    fresh = checkpoint.values([large.embed.embeddings])[0]
    loop.save_weights(tmp_path / "w.npz", small)
    known = warm_start.transfer(tmp_path / "w.npz", large, former, new)
    assert known == len(set(former.tokens) & set(new.tokens)) > 100
    for token in ("x", r"\frac{", "}"):
        was, now = former.index[token], new.index[token]
        np.testing.assert_array_equal(large.embed.embeddings[now], small.embed.embeddings[was])
        np.testing.assert_array_equal(large.head.kernel[:, now], small.head.kernel[:, was])
    added = new.index[r"\begin{matrix}"]
    np.testing.assert_array_equal(large.embed.embeddings[added], fresh[added])


def test_another_network_is_refused(tmp_path):
    former, new = by_name("packed").vocabulary, by_name("packed-wide").vocabulary
    loop.save_weights(tmp_path / "w.npz", built("baseline", "packed"))
    with pytest.raises(TegashikiError, match="another network"):
        warm_start.transfer(tmp_path / "w.npz", built("stroke_transformer", "packed-wide"),
                            former, new)
