"""One network a file, with its configuration; all answer to the same few calls.

    network = build("baseline", {"units": 64}, vocabulary_size=113)
    memory = network.encode(inputs)
    logits, state = network.step(memory, network.start(memory, rows=1), tokens)

What a network is, for training, decoding and export alike:

- `featurize(strokes, size)`: numpy, one expression -> dict of arrays padded to `size`;
  `measure(strokes)` is the smallest size that holds it, `SIZES` are the lengths compiled for.
- `encode(inputs, training)` -> memory: a dict of tensors, (batch, ...) each.
- `decode(memory, tokens, training)` -> dict with `tokens`: logits (batch, length, vocabulary),
  teacher forcing: position t sees tokens[:, :t + 1]. More entries are auxiliary outputs.
- `start(memory, rows)` -> state and `step(memory, state, tokens)` -> (logits (rows, vocabulary),
  state): the same function one token at a time, for beams that share or own a memory.

Importing this package does not import Keras; `build` does.
"""

import importlib
from dataclasses import asdict

from tegashiki.errors import TegashikiError

NAMES = ("baseline",)


def build(name: str, config: dict, vocabulary_size: int):
    """Make the network `name` with its configuration as a dict, as a run records it.

    Raises TegashikiError for an unknown network or an unknown configuration key.
    """
    module = _module(name)
    try:
        settings = module.Config(**config)
    except TypeError as error:
        raise TegashikiError(f"networks.{name}: {error}; see {name}.Config for its fields") from None
    return module.Network(settings, vocabulary_size)


def features_of(name: str):
    """The class of the network `name`, for its numpy side: `featurize`, `measure`, `SIZES`."""
    return _module(name).Network


def describe(network) -> dict:
    """What `build` needs to make this network again: plain JSON values."""
    return {
        "network": network.NAME,
        "config": asdict(network.config),
        "vocabulary_size": network.vocabulary_size,
    }


def _module(name: str):
    if name not in NAMES:
        raise TegashikiError(f"networks: no network is called {name!r}; there are {', '.join(NAMES)}")
    return importlib.import_module(f"tegashiki.networks.{name}")
