"""What a training is fed, in a form that can be sent to a worker: names of files and shares.

    spec = for_training(Path("train.npz"), Path("validation.npz"), data="crohme-all")
    make = spec.start()                            # half a minute for CROHME
    for example in make(np.random.default_rng(1)): ...
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tegashiki.data import bundle, mathwriting, sets, symbols
from tegashiki.data.example import Example
from tegashiki.synthesis import formula_corpus
from tegashiki.synthesis.example_stream import Sources, StreamConfig, stream

# Fields of DatasetSpec and the set that each is filled with where it is here.
HELPERS = {"text": "formulas", "mathwriting_symbols": "mathwriting-symbols",
           "detexify": "detexify", "hwrt": "hwrt"}


@dataclass(frozen=True)
class DatasetSpec:
    """Sources and their shares. Paths that are None are done without."""

    bundle: Path                                # real ink to train on, see `bundle`
    text: Path | None = None                    # of formulas, see `formula_corpus`
    mathwriting_symbols: Path | None = None     # drawings of single symbols for the rare ones
    detexify: Path | None = None
    hwrt: Path | None = None
    held_out: Path | None = None                # bundle whose formulas are left out of the text
    config: StreamConfig = field(default_factory=StreamConfig)

    @property
    def paths(self) -> list[Path]:
        """The public sets that are used, for the record of a run; the bundles come from runs."""
        return [path for name in HELPERS if (path := getattr(self, name)) is not None]

    def start(self) -> Callable[[np.random.Generator], Iterator[Example]]:
        """Load what is named and return the maker of endless examples."""
        kept_out = {e.tokens for e in bundle.read(self.held_out)} if self.held_out else set()
        text = formula_corpus.read(self.text, without=kept_out) if self.text is not None else None
        sources = Sources.of(list(bundle.read(self.bundle)), text, list(self._drawings()))
        return lambda rng: stream(rng, sources, self.config)

    def _drawings(self) -> Iterator[symbols.IsolatedSymbol]:
        for path, read in ((self.mathwriting_symbols, mathwriting.symbols),
                           (self.hwrt, symbols.hwrt), (self.detexify, symbols.detexify)):
            if path is not None:
                yield from read(path)[0]


def for_training(train: Path, validation: Path, data: str,
                 config: StreamConfig | None = None) -> DatasetSpec:
    """The spec for a set that `collection.collect` divided into these two bundles.

    `data` is the set's name: a real one is helped out by formula text and drawings of symbols, as
    far as these sets are here; a synthetic one stays alone, so that it needs no download.
    """
    helpers = {} if data.startswith("synthetic") else {
        name: path for name, known in HELPERS.items() if (path := sets.here(known))}
    return DatasetSpec(train, held_out=validation, config=config or StreamConfig(), **helpers)
