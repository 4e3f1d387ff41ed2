"""The recogniser: ink in, candidates out; from a folder with a model, or around any runtime.

    recognizer = Recognizer.load("models/ink2tex")
    for candidate in recognizer.candidates(read_ink("formula.inkml"), k=5):
        print(candidate.probability, candidate.tex)
    recognizer.within(alphabets.read("school"))          # the same, over fewer tokens

The folder holds the model file, `vocabulary.txt` and `model.json`, which says how they belong
together; `tegashiki.tflite.export` writes it. Where `language.json` lies beside them, it has a say
in the order of the candidates.
"""

import copy
import json
import os
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tegashiki import networks
from tegashiki.decoding import language as languages
from tegashiki.decoding.beam_search import beam_search
from tegashiki.decoding.candidates import Candidate, distinct
from tegashiki.decoding.hypothesis import Hypothesis
from tegashiki.decoding.runtimes import LiteRuntime, Runtime
from tegashiki.errors import TegashikiError
from tegashiki.ink.format import Ink
from tegashiki.ink.prepare import EPSILON, prepare
from tegashiki.networks.features import Features, Strokes
from tegashiki.tex import tokenizer as tokenizers
from tegashiki.tex.tokenizer import PlainTokenizer
from tegashiki.tex.tokens import Vocabulary

VERSION = 1     # of model.json


class ShapeBucket(NamedTuple):
    """The shapes that a network is given at once: the smaller they are, the quicker it answers."""

    size: int       # of the ink, as `featurize` takes it
    length: int     # tokens of the formula, the end included


class Recognizer:
    """A network that can be asked for candidates: the door for people, whatever runs it."""

    def __init__(self, runtime: Runtime, features: Features, tokenizer: PlainTokenizer,
                 buckets: Sequence[ShapeBucket], width: int = 5, epsilon: float = EPSILON,
                 temperature: float = 1.0, language: languages.Language | None = None) -> None:
        """`buckets`: those that the runtime has, the smallest first. `width`: of the beam.

        `epsilon`: how far strokes are simplified, as in training. `temperature`: see `distinct`.
        `language`: what sets the order of what the beam found, beside the network.
        """
        self.runtime, self.features, self.tokenizer = runtime, features, tokenizer
        self.grammar = tokenizer.grammar
        self.buckets, self.width, self.epsilon = tuple(buckets), width, epsilon
        self.temperature, self.language = temperature, language

    @classmethod
    def load(cls, folder: str | os.PathLike, file: str | None = None) -> "Recognizer":
        """A recogniser from an exported folder; `file`: another model file than model.json names.

        Raises TegashikiError when something is missing or the vocabulary is another one.
        """
        folder = Path(folder)
        try:
            description = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise TegashikiError(
                f"{folder}: no exported recogniser ({error}); run the export step") from None
        if not isinstance(description, dict) or description.get("VERSION") != VERSION:
            raise TegashikiError(f"{folder}/model.json: not of VERSION {VERSION}, which this code "
                                 "reads; export again")
        try:
            return cls._described(folder, description, file)
        except KeyError as error:
            raise TegashikiError(
                f"{folder}/model.json: {error} is missing; export again") from None

    @classmethod
    def _described(cls, folder: Path, description: dict, file: str | None) -> "Recognizer":
        tokenizer = tokenizers.by_name(description["spelling"])
        for vocabulary in (tokenizer.vocabulary, Vocabulary.load(folder / "vocabulary.txt")):
            if vocabulary.sha256 != description["vocabulary"]:
                raise TegashikiError(
                    f"{folder}/vocabulary.txt: not the vocabulary of this model; restore it, or "
                    "use the package that the model was made with")
        features = networks.features_of(description["network"])
        runtime = LiteRuntime(folder / (file or description["file"]))
        # Files of before there were several buckets have the one.
        buckets = list(map(ShapeBucket, description.get("sizes", [description["size"]]),
                           description.get("lengths", [description["length"]])))
        return cls(runtime, features, tokenizer, buckets, width=description["width"],
                   epsilon=description["epsilon"],
                   temperature=description.get("temperature", 1.0),
                   language=languages.read(folder, tokenizer))

    def within(self, alphabet: Collection[str] | None) -> "Recognizer":
        """A recogniser that writes these tokens only, see `tegashiki.tex.alphabets`; None: all.

        Raises TegashikiError for an alphabet without a symbol that the model has, and for a model
        without a grammar to obey.
        """
        other = copy.copy(self)
        if alphabet is None:
            other.grammar = self.tokenizer.grammar
        elif self.tokenizer.grammar is None:
            raise TegashikiError(f"alphabet: a model with {self.tokenizer.name} tokens obeys none; "
                                 "use one with packed tokens")
        else:
            other.grammar = self.tokenizer.grammar.within(alphabet)
        return other

    def candidates(self, ink: Ink, k: int = 5) -> list[Candidate]:
        """`k` different formulas for ink in any units, the most probable first."""
        found, strokes = self.hypotheses(ink)
        return distinct(found, self.tokenizer, k, strokes, self.temperature)

    def hypotheses(self, ink: Ink) -> tuple[list[Hypothesis], int]:
        """What the beam found, best first, and how many of the strokes it was shown."""
        strokes = prepare(ink, self.epsilon).strokes
        needed = self.features.measure(strokes)
        fitting = [b for b in self.buckets if b.size >= needed] or [self.buckets[-1]]
        for bucket in fitting:
            found = self.search(strokes, bucket)
            if max(len(hypothesis.ids) for hypothesis in found) < bucket.length - 1:
                break       # none of them ended because it could not be longer
        return self.in_order(found), min(needed, bucket.size)

    def in_order(self, found: list[Hypothesis]) -> list[Hypothesis]:
        """The same with what the language is worth in their scores, the best first."""
        worth = self.worth([one.ids for one in found]).tolist()
        weighed = [replace(one, score=one.score + more)
                   for one, more in zip(found, worth, strict=True)]
        return sorted(weighed, key=lambda one: -one.score)

    def worth(self, spelled: Sequence[Sequence[int]]) -> np.ndarray:
        """Nats that the language adds to each of these formulas, as ids; 0 without one."""
        if self.language is None:
            return np.zeros(len(spelled))
        return self.language.worth(spelled, self.tokenizer)

    def search(self, strokes: Strokes, bucket: ShapeBucket) -> list[Hypothesis]:
        """The beam for strokes in normal form, in the shapes of one bucket."""
        inputs = {name: value[None] for name, value in
                  self.features.featurize(strokes, bucket.size).items()}
        return beam_search(self.runtime, inputs, self.width, bucket.length, self.grammar)


load_recognizer = Recognizer.load      # by this name older notebooks import it
