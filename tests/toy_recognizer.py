"""Makes tests/data/toy_recognizer: a recogniser of 0.2 MB that reads short printed formulas.

    python -m tests.toy_recognizer                 # ten minutes on one core, then commit the folder

It is trained on formulas in the Hershey fonts and reads nothing else, but it has every part of the
interface of the real one, and answers for ink that it knows are as sharp. The pad's tests run it
in Python and in the browser; it has to be made anew when the interface or the vocabulary changes.
"""

import itertools
import json
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent / "fixtures" / "toy_recognizer"
SIZES = {"width": 48, "heads": 3, "encoder_layers": 2, "decoder_layers": 2, "filters": 16,
         "pair_units": 12, "expansion": 3, "dropout": 0.0}
LONGEST = 12          # tokens of a formula
SIGNS = frozenset(r"0 1 2 3 4 5 a b c n x y z + - = ( ) \alpha \pi \sum \int".split())
STRUCTURE = frozenset(r"_ ^ { } \frac \sqrt".split())
EPSILON = 0.04        # simplification, in stroke heights


def examples(count: int, seed: int = 0) -> list:
    """Short formulas of a few signs, formula in the Hershey fonts."""
    from tegashiki.synthesis import formula_grammar, hershey
    from tegashiki.synthesis.synthesizer import synthesize
    from tegashiki.tex.tree import canonical

    rng, symbols, made = np.random.default_rng(seed), hershey.glyph_bank(), []
    while len(made) < count:
        for tokens in formula_grammar.formulas(rng, 200):
            tokens = tuple(canonical(tokens))
            if len(tokens) <= LONGEST and SIGNS | STRUCTURE >= set(tokens):
                made.append(synthesize(tokens, symbols, rng, style=symbols.styles[0]))
    return made[:count]


def main(steps: int = 6000, batch: int = 32) -> None:
    """Train, export, write the folder."""
    import keras

    from tegashiki import networks
    from tegashiki.data.example import Example
    from tegashiki.decoding.recognizer import Recognizer
    from tegashiki.ink.prepare import prepare
    from tegashiki.tex.tokenizer import by_name
    from tegashiki.tflite import export
    from tegashiki.train import TrainConfig, batches
    from tegashiki.train.learner import Learner

    keras.utils.set_random_seed(0)
    tokenizer = by_name("packed")
    made = [Example(prepare(e.ink, EPSILON), e.tokens, e.alignment) for e in examples(8000)]
    network = networks.build("stroke_transformer", SIZES, len(tokenizer))
    learner = Learner(network, TrainConfig(learning_rate=2e-3, batch_size=batch))
    endless = (pair for e in itertools.count() for pair in
               batches.epoch(made, network, tokenizer, batch, np.random.default_rng([1, e])))
    for step, (inputs, targets) in enumerate(itertools.islice(endless, steps)):
        learner.optimizer.learning_rate = learner.config.rate(step, steps)
        loss = learner.train_on_batch(inputs, targets)
        if step % 200 == 0:
            print(step, np.round(loss, 3), flush=True)
    size = network.SIZES[-1]
    rows = [batches.row(e.ink.strokes, *batches.spell(e, tokenizer), network, size, 12)[0]
            for e in made[:4]]
    probe = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    print(export.export(network, FOLDER, probe, size, width=5, kinds=("int8",)))
    export.write_description(network, FOLDER, tokenizer, size, width=5, epsilon=EPSILON)
    recognizer = Recognizer.load(FOLDER)
    fresh = examples(200, seed=1)
    right = sum(recognizer.candidates(e.ink, 1)[0].tokens == e.tokens for e in fresh)
    print(json.dumps({"exact": right / len(fresh)}))


if __name__ == "__main__":
    main()
