r"""What a training is fed, in a form that can be sent to a worker: names of files and shares.

    spec = for_training(Path("train.npz"), Path("validation.npz"), data="crohme-all")
    make = spec.start()                            # half a minute for CROHME
    for example in make(np.random.default_rng(1)): ...

The set "wide" is fed in the wide vocabulary: text with accents and matrices, drawings of 300
symbols, and glyphs composed for those that nobody drew.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tegashiki.data import bundle, mathwriting, sets, symbols
from tegashiki.data.example import Example
from tegashiki.synthesis import formula_corpus
from tegashiki.synthesis.example_stream import Sources, StreamConfig, Weights, stream
from tegashiki.synthesis.formula_corpus import FormulaConfig, FormulaText, Tokens
from tegashiki.synthesis.variation import VariationConfig
from tegashiki.tex.tokens import Vocabulary, wide
from tegashiki.tex.tree import canonical

# Fields of DatasetSpec and the set that each is filled with where it is here.
HELPERS = {"text": "formulas", "mathwriting_symbols": "mathwriting-symbols",
           "detexify": "detexify", "hwrt": "hwrt"}
WIDE_HELPERS = HELPERS | {"text": "formulas-wide", "tags": "formulas-wide-tags",
                          "mathbrush": "mathbrush-symbols", "detypify": "detypify",
                          "omniglot": "omniglot-greek"}
WIDE_TEXT = FormulaConfig(rare=0.45, longest=96)
WIDE_MIXTURE = StreamConfig(
    Weights(real=0.17, text=0.47, grammar=0.02, cut=0.05, shorten=0.02, replace=0.06, swap=0.12,
            compose=0.09),
    longest=96, most_strokes=64, variation=VariationConfig())


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
    wide: bool = False                          # in the wide vocabulary; the rest is for it alone
    tags: Path | None = None                    # where each line of the text comes from
    mathbrush: Path | None = None               # more drawings
    detypify: Path | None = None
    omniglot: Path | None = None
    also_held_out: tuple[Path, ...] = ()        # more bundles as `held_out`
    text_config: FormulaConfig = WIDE_TEXT
    layout: Path | None = None                  # bundle of which only the layout is measured
    alphabet: frozenset[str] | None = None      # examples with other tokens are passed over

    @property
    def paths(self) -> list[Path]:
        """The public sets that are used, for the record of a run; the bundles come from runs."""
        return [path for name in WIDE_HELPERS if (path := getattr(self, name)) is not None]

    @property
    def vocabulary(self) -> Vocabulary | None:
        """The wide vocabulary, or None for the published one."""
        return wide() if self.wide else None

    def start(self) -> Callable[[np.random.Generator], Iterator[Example]]:
        """Load what is named and return the maker of endless examples."""
        sources = self.sources()
        return lambda rng: self._written(stream(rng, sources, self.config))

    def _written(self, examples: Iterator[Example]) -> Iterator[Example]:
        if self.alphabet is None:
            return examples
        return (example for example in examples if self.alphabet.issuperset(example.tokens))

    def sources(self) -> Sources:
        """All that is drawn from, in memory: a minute for "wide", half of it for CROHME."""
        kept_out = set(self._kept_out())
        return Sources.of(list(bundle.read(self.bundle)), self._text(kept_out),
                          list(self._drawings()), self.vocabulary, kept_out,
                          list(bundle.read(self.layout)) if self.layout is not None else ())

    def _kept_out(self) -> Iterator[Tokens]:
        """Formulas that are measured on; in the wide vocabulary by their canonical form."""
        for path in (self.held_out, *self.also_held_out):
            for example in bundle.read(path) if path is not None else ():
                yield tuple(canonical(example.tokens)) if self.wide else example.tokens

    def _text(self, kept_out: set[Tokens]) -> FormulaText | None:
        if self.text is None:
            return None
        if self.wide:
            return formula_corpus.read_wide(self.text, self.tags, self.text_config)
        return formula_corpus.read(self.text, without=kept_out)

    def _drawings(self) -> Iterator[symbols.IsolatedSymbol]:
        known = self.vocabulary
        for path, read in ((self.mathwriting_symbols, mathwriting.symbols),
                           (self.hwrt, symbols.hwrt), (self.detexify, symbols.detexify)):
            if path is not None:
                yield from read(path, known)[0]
        for name in ("mathbrush", "detypify", "omniglot"):
            if (path := getattr(self, name)) is not None:
                yield from symbols.labelled(path, name, known)[0]


def for_training(train: Path, validation: Path, data: str, config: StreamConfig | None = None,
                 also_held_out: tuple[Path, ...] = ()) -> DatasetSpec:
    """The spec for a set that `collection.collect` divided into these bundles.

    `data` is the set's name: a real one is helped out by formula text and drawings of symbols, as
    far as these sets are here; a synthetic one stays alone, so that it needs no download. Formulas
    of `validation` and of `also_held_out` are left out of the text.
    """
    if data.startswith("synthetic"):
        return DatasetSpec(train, held_out=validation, config=config or StreamConfig())
    names = WIDE_HELPERS if data == "wide" else HELPERS
    helpers = {name: path for name, known in names.items() if (path := sets.here(known))}
    usual = WIDE_MIXTURE if data == "wide" else StreamConfig()
    return DatasetSpec(train, held_out=validation, config=config or usual, wide=data == "wide",
                       also_held_out=also_held_out, **helpers)
