"""How many expressions a second one process makes, by source, and of what it consists.

    python benchmarks/bench_synthesis.py [BUNDLE of aligned real ink]

Processor time, so that other work on the machine counts little; each after a warm-up. With a bundle
(CROHME train) the symbols and statistics are those of real writers, else of Hershey's fonts.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from tegashiki.data import bundle, sets  # noqa: E402
from tegashiki.synthesis import formula_corpus, formula_grammar, hershey, layout_engine  # noqa: E402
from tegashiki.synthesis.example_stream import Sources, StreamConfig, Weights, stream  # noqa: E402
from tegashiki.synthesis.rng import BufferedRng  # noqa: E402
from tegashiki.synthesis.synthesizer import SynthesisConfig, synthesize  # noqa: E402
from tegashiki.synthesis.writer_style import StyleBank  # noqa: E402
from tegashiki.tex.tree import parse  # noqa: E402

N = 1000


def rate(name: str, make: Callable[[], object], n: int = N) -> None:
    for _ in range(n // 2):
        make()
    start = time.process_time()
    for _ in range(n):
        make()
    print(f"{name:28} {n / (time.process_time() - start):8.0f} a second")


def main() -> None:
    rng = np.random.default_rng(0)
    where = sets.here("formulas")
    text = formula_corpus.read(where) if where else None
    if len(sys.argv) > 1:
        start = time.process_time()
        sources = Sources.of(list(bundle.read(sys.argv[1])), text)
        print(f"sources made in {time.process_time() - start:.1f} s: {len(sources.bank)} symbols "
              f"of {len(sources.bank.styles)} styles")
    else:
        sources = Sources((), hershey.glyph_bank("hand"), None, text)
    random = BufferedRng(rng)
    wanted = ([text.draw(random) for _ in range(N)] if text else formula_grammar.formulas(rng, N))
    symbols, styles = sources.bank, StyleBank(sources.bank)
    print(f"formulas of {np.mean([len(tokens) for tokens in wanted]):.1f} tokens on average")

    def layout() -> None:
        tokens = wanted[random.below(N)]
        writer = styles.draw(random)
        sampler = symbols.statistics.sampler(writer.style, random)
        layout_engine.place(parse(tokens), tokens, writer, sampler, random)

    rate("layout alone", layout)
    still = SynthesisConfig(distort=None)
    rate("formula", lambda: synthesize(wanted[random.below(N)], symbols, rng, still))
    rate("formula and distorted", lambda: synthesize(wanted[random.below(N)], symbols, rng))
    printed = hershey.glyph_bank()
    rate("printed by mathtext", lambda: synthesize(wanted[random.below(N)], printed, rng), 40)
    for name in vars(Weights()):
        if (name == "text" and text) or (sources.recombiner and name != "text"):
            only = Weights(**dict.fromkeys(vars(Weights()), 0.0) | {name: 1.0})
            config = StreamConfig(weights=only, distort=None)
            rate(f"stream, {name}", stream(rng, sources, config).__next__)
    rate("stream, mixed, distorted", stream(rng, sources).__next__)


if __name__ == "__main__":
    main()
