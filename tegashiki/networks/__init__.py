"""One network a file, with its configuration; all answer to the same few calls.

    network = build("baseline", {"units": 64}, vocabulary_size=113)
    memory = network.encode(inputs)
    logits, state = network.step(memory, network.start(memory, rows=1), tokens)

What a network is, for training, decoding and export alike:

- its features (`features_of(name)`, no Keras needed): see `tegashiki.networks.features`.
- `encode(inputs, training)` -> memory: a dict of tensors, (batch, ...) each.
- `decode(memory, tokens, training)` -> dict with `tokens`: logits (batch, length, vocabulary),
  teacher forcing: position t sees tokens[:, :t + 1]. More entries are auxiliary outputs.
- `start(memory, rows, length)` -> state, with room for `length` tokens (None: for all), and
  `step(memory, state, tokens)` -> (logits (rows, vocabulary), state): the same function one token
  at a time, for beams that share or own a memory.

Importing this package does not import Keras; `build` does.
"""

import importlib
from dataclasses import asdict

from tegashiki.errors import TegashikiError
from tegashiki.networks.features import FEATURES


def build(name: str, config: dict, vocabulary_size: int):
    """Make the network `name` with its configuration as a dict, as a run records it.

    Raises TegashikiError for an unknown network or an unknown configuration key.
    """
    _known(name)
    module = importlib.import_module(f"tegashiki.networks.{name}")
    try:
        settings = module.Config(**config)
    except TypeError as error:
        raise TegashikiError(
            f"networks.{name}: {error}; see {name}.Config for its fields") from None
    return module.Network(settings, vocabulary_size)


def features_of(name: str) -> type:
    """The numpy side of the network `name`: `featurize`, `measure`, `SIZES`; imports no Keras."""
    _known(name)
    return FEATURES[name]


def describe(network) -> dict:
    """What `build` needs to make this network again: plain JSON values."""
    return {
        "network": network.NAME,
        "config": asdict(network.config),
        "vocabulary_size": network.vocabulary_size,
    }


def _known(name: str) -> None:
    if name not in FEATURES:
        known = ", ".join(FEATURES)
        raise TegashikiError(f"networks: no network is called {name!r}; there are {known}")
