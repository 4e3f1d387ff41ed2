r"""An endless stream of training examples, real and made, mixed by weight.

    sources = Sources.of(examples, formulas.read(sets.find("formulas")))
    for example in stream(np.random.default_rng(seed), sources, StreamConfig()): ...

Each example is drawn on its own: a source by weight, an example of it, perhaps cut short while
being written, then disturbed and brought to normal form. The stream depends only on the generator's
state, the sources and the configuration; worker processes get a generator each
(`rng.spawn`), and `Sources` can be sent to them.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace

import numpy as np

from tegashiki.data.example import Example
from tegashiki.data.symbols import IsolatedSymbol
from tegashiki.errors import TegashikiError
from tegashiki.ink.distort import DistortConfig, distort
from tegashiki.ink.geometry import normal_strokes
from tegashiki.synthesis import formula_grammar, hershey
from tegashiki.synthesis.baseline_estimation import estimate_lines
from tegashiki.synthesis.formula_corpus import FormulaText, Tokens
from tegashiki.synthesis.glyph_bank import GlyphBank
from tegashiki.synthesis.glyph_extraction import extract
from tegashiki.synthesis.interpolation import Interpolator
from tegashiki.synthesis.layout_measurement import measure_layout
from tegashiki.synthesis.line_metrics import MeasuredSet
from tegashiki.synthesis.recombination import WAYS, Recombiner
from tegashiki.synthesis.rng import BufferedRng
from tegashiki.synthesis.synthesizer import SynthesisConfig, write
from tegashiki.synthesis.truncation import truncate
from tegashiki.synthesis.variation import Variation, VariationConfig
from tegashiki.tex.tokens import SPECIAL, Vocabulary
from tegashiki.tex.tree import canonical


@dataclass(frozen=True)
class Weights:
    """How often each source is drawn; only the ratios count, 0 leaves one out."""

    real: float = 0.25         # the examples as they are
    text: float = 0.35         # formulas from text, written with real symbols
    grammar: float = 0.04      # formulas of the built-in grammar, written the same way
    cut: float = 0.07          # see `recombination` for this and the next
    shorten: float = 0.03
    replace: float = 0.07
    swap: float = 0.10
    compose: float = 0.09


@dataclass(frozen=True)
class StreamConfig:
    """What a stream is made of."""

    weights: Weights = field(default_factory=Weights)
    truncated: float = 0.04                  # share of examples that stop while being written
    longest: int = 64                        # tokens
    most_strokes: int = 96                   # an example with more is drawn again
    synthesis: SynthesisConfig = field(default_factory=SynthesisConfig)    # its distort is not used
    distort: DistortConfig | None = field(default_factory=DistortConfig)   # None: as written
    real_distort: float = 1.0                # the same for real ink, times this
    variation: VariationConfig | None = None     # of formulas from text; None: as they are
    interpolated: float = 0.0                # share of symbols mixed with another hand's


@dataclass(frozen=True, eq=False)
class Sources:
    """What a stream draws from; made once, sent to every worker."""

    examples: Sequence[Example]
    bank: GlyphBank
    recombiner: Recombiner | None            # None without real examples
    text: FormulaText | None = None
    vocabulary: Vocabulary | None = None     # None: the published one
    kept_out: frozenset[Tokens] = frozenset()    # canonical formulas that are not drawn from text

    @classmethod
    def of(cls, examples: Sequence[Example], text: FormulaText | None = None,
           extra: Sequence[IsolatedSymbol] = (), vocabulary: Vocabulary | None = None,
           kept_out: Collection[Tokens] = (), layout: Sequence[Example] = ()) -> "Sources":
        """Sources from aligned real examples: glyphs, layout, subexpressions; 20 s for CROHME.

        `vocabulary`: with it a glyph for each of its tokens, and formulas from text are brought to
        their canonical form. `layout`: aligned examples of which only the layout is measured: no
        glyph of theirs is written, none is drawn as it is. Raises TegashikiError if no example is
        aligned.
        """
        with_layout = estimate_lines([*examples, *layout])
        own = {id(example) for example in examples}
        measured = MeasuredSet([one for one in with_layout.formulas if id(one.example) in own],
                               with_layout.reach)
        bank = extract(measured, extra, vocabulary, measure_layout(with_layout))
        bank.layout_writers = tuple(sorted({example.ink.writer for example in layout}))
        return cls(examples, bank, Recombiner(measured, bank), text, vocabulary,
                   frozenset(kept_out))

    @classmethod
    def built_in(cls) -> "Sources":
        """Sources without any download: the grammar and the bank that come with the package."""
        return cls((), hershey.glyph_bank(), None)


def stream(rng: np.random.Generator, sources: Sources,
           config: StreamConfig | None = None) -> Iterator[Example]:
    """Examples without end, in normal form.

    A source that is not there (no text, no real examples) gives its share to the others. Raises
    TegashikiError if no source is left.
    """
    mixer = _Mixer(rng, sources, config or StreamConfig())
    while True:
        yield mixer.next()


class _Mixer:
    def __init__(self, rng: np.random.Generator, sources: Sources, config: StreamConfig) -> None:
        self.rng, self.sources, self.config = rng, sources, config
        self.random = BufferedRng(rng)
        self.waiting: list[Tokens] = []
        self.between = Interpolator(sources.bank)
        self.grammar = _writable(sources.bank)
        self.vary = (Variation(sources.bank.tokens, self.config.variation)
                     if self.config.variation is not None else None)
        there = {"real": bool(sources.examples), "text": sources.text is not None, "grammar": True}
        made = {name: there.get(name, sources.recombiner is not None) for name in _NAMES}
        weights = [getattr(config.weights, name) * made[name] for name in _NAMES]
        if not sum(weights) > 0:
            raise TegashikiError("stream: no source with a weight above 0; "
                                 "give examples or another weight")
        self.ends = (np.cumsum(weights) / sum(weights)).tolist()

    def next(self) -> Example:
        config = self.config
        for _ in range(100):
            mark = self.random()
            name = next(n for n, end in zip(_NAMES, self.ends, strict=True) if mark < end)
            example = self._one(name)
            if config.truncated > 0 and self.random() < config.truncated:
                example = truncate(example, self.rng) or example
            if (2 <= len(example.ink.strokes) + len(example.tokens)
                    and len(example.tokens) <= config.longest
                    and len(example.ink.strokes) <= config.most_strokes):
                if config.interpolated > 0:
                    example = self.between(example, self.random, config.interpolated)
                return self._disturbed(example, config.real_distort if name == "real" else 1.0)
        raise TegashikiError("stream: 100 examples in a row were too long; "
                             "raise `longest` or `most_strokes`")

    def _one(self, name: str) -> Example:
        sources = self.sources
        if name in WAYS:
            try:
                return sources.recombiner.make(name, self.rng, self.config.longest)
            except TegashikiError:
                name = "real"      # short formulas may offer nothing of a kind, many times running
        if name == "real":
            return sources.examples[self.random.below(len(sources.examples))]
        draw = self._from_text if name == "text" else self._from_grammar
        for _ in range(20):
            tokens = draw()
            if not sources.bank.missing(tokens):
                return write(tokens, sources.bank, self.rng, self.config.synthesis)
        raise TegashikiError(f"stream: {name}: the bank lacks symbols of 20 formulas in a row; "
                             "cut it from more examples")

    def _from_text(self) -> Tokens:
        tokens = self.sources.text.draw(self.random)
        if self.sources.vocabulary is not None:
            tokens = tuple(canonical(tokens))
            while tokens in self.sources.kept_out:
                tokens = tuple(canonical(self.sources.text.draw(self.random)))
        return tuple(self.vary(tokens, self.random)) if self.vary is not None else tokens

    def _from_grammar(self) -> Tokens:
        if not self.waiting:
            self.waiting = formula_grammar.formulas(self.rng, 16, self.grammar)
        return self.waiting.pop()

    def _disturbed(self, example: Example, amount: float) -> Example:
        strokes = normal_strokes(example.ink.strokes, np.float32)
        if self.config.distort is not None and amount > 0:
            setting = self.config.distort if amount == 1.0 else self.config.distort.scaled(amount)
            strokes = normal_strokes(distort(strokes, self.rng, setting), np.float32)
        ink = replace(example.ink, strokes=tuple(strokes), times=None, symbols=())
        return Example(ink, example.tokens, example.alignment)


def _writable(bank: GlyphBank) -> formula_grammar.GrammarConfig:
    """The grammar, or what a bank of few symbols can write of it: short formulas of these."""
    if not bank.missing(Vocabulary.load().tokens[len(SPECIAL):]):
        return formula_grammar.GrammarConfig()
    alphabet = frozenset((*bank.tokens, "{", "}", "_", "^"))
    return formula_grammar.GrammarConfig(depth=1, growth=0.25, relation=0.3, shortest=1,
                                         alphabet=alphabet)


_NAMES: tuple[str, ...] = tuple(field.name for field in fields(Weights))
