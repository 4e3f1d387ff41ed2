"""Weights of a network with one vocabulary put into a network with another.

    transferred = transfer(path, network, former, vocabulary)    # how many tokens were known

A token keeps the rows that it had: its embedding, and its column of every layer that scores
tokens. Tokens that the former network did not have keep what they were initialised with.
"""

from pathlib import Path

import keras
import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.tex.tokens import Vocabulary
from tegashiki.train import checkpoint


def transfer(path: Path, network: keras.Model, former: Vocabulary, vocabulary: Vocabulary) -> int:
    """Put `save_weights` of a network over `former` into a built network over `vocabulary`.

    Returns the number of tokens that both have. Raises TegashikiError if the file holds no weights
    or the networks differ in more than their vocabularies.
    """
    try:
        stored = checkpoint.read_arrays(path)
        values = [stored[f"w{i:04}"] for i in range(len(stored) - 1)]
    except (ValueError, KeyError) as error:
        raise TegashikiError(f"{path}: no weights ({error})") from None
    if len(values) != len(network.weights):
        raise TegashikiError(f"{path}: the weights belong to another network")
    shared = [token for token in vocabulary.tokens if token in former]
    here = [vocabulary.index[token] for token in shared]
    there = [former.index[token] for token in shared]
    for weight, value in zip(network.weights, values, strict=True):
        weight.assign(_fitted(path, np.asarray(weight).copy(), value.astype(np.float32),
                              len(vocabulary), len(former), here, there))
    return len(shared)


def _fitted(path: Path, fresh: np.ndarray, value: np.ndarray, size: int, former_size: int,
            here: list[int], there: list[int]) -> np.ndarray:
    """`value` as it is, or its rows along the axis that counts tokens moved into `fresh`."""
    if fresh.shape == value.shape and size not in fresh.shape:
        return value
    for axis, (new, old) in enumerate(zip(fresh.shape, value.shape, strict=False)):
        others = [shape[:axis] + shape[axis + 1:] for shape in (fresh.shape, value.shape)]
        if (new, old) == (size, former_size) and others[0] == others[1]:
            moved = np.moveaxis(fresh, axis, 0)
            moved[here] = np.moveaxis(value, axis, 0)[there]
            return np.moveaxis(moved, 0, axis)
    raise TegashikiError(f"{path}: weights of shape {value.shape} do not fit {fresh.shape}; the "
                         "networks differ in more than their vocabularies")
