r"""Glyphs for tokens that nobody drew: words from letters, and what is made of similar symbols.

    added = compose(bank)                        # Glyphs; GlyphBank([*glyphs, *added]) has them
    for token, count, how in inventory(bank): print(token, count, how)

`\ln`, `\max` and the like are joined from letters of one writer. `\overline`, `\vec`, `\ddot` and
other marks come from that writer's minus, arrow and dots beside the drawings that there are, so
that a writer's lines look alike. A blackboard letter without enough drawings is a capital with one
stroke doubled. Whatever still has fewer than ENOUGH samples gets distorted copies of them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from tegashiki.ink.distort import DistortConfig, distort
from tegashiki.synthesis.glyph import Glyph
from tegashiki.synthesis.glyph_bank import GlyphBank
from tegashiki.synthesis.rng import BufferedRng
from tegashiki.synthesis.writer_style import StyleBank, WriterStyle
from tegashiki.tex.nodes import STRUCTURE
from tegashiki.tex.tokens import SPECIAL, Vocabulary, wide

ENOUGH = 20          # samples; a token with fewer is augmented
WRITER = 60          # samples; who wrote fewer lends symbols and composes no words
WORDS = tuple(r"""\ln \lg \sec \csc \cot \arcsin \arccos \arctan \sinh \cosh \tanh \exp \det \dim
    \ker \deg \gcd \min \max \sup \inf \liminf \mod \lim \sin \cos \tan \log""".split())
_LETTER_GAP = (0.18, 0.10)       # x-heights between the letters of a word: mean, deviation
_COPY = DistortConfig(rotate=6.0, shear=0.2, scale=0.15, perspective=0.0, warp=0.04,
                      stroke_rotate=4.0, stroke_bend=0.04)


def compose(bank: GlyphBank, vocabulary: Vocabulary | None = None, seed: int = 0) -> list[Glyph]:
    """New glyphs for the tokens of a vocabulary (the wide one) that need them; same for a seed."""
    known = vocabulary or wide()
    rng = np.random.default_rng(seed)
    random = BufferedRng(rng)
    styles = StyleBank(bank)
    counts = Counter(bank.writers)
    writers = [styles.get(name) for name in bank.styles if counts[name] >= WRITER]
    added: list[Glyph] = []
    for writer in writers:
        for word in WORDS:
            if word in known and len(bank.index.get(word, {}).get(writer.style, ())) < 2:
                added += _word(writer, word, random)
        added += _marks(writer, known, random)
    added += _blackboard(bank, writers, known, random)
    counts = Counter(bank.names) + Counter(glyph.token for glyph in added)
    every = {glyph.token: glyph for glyph in added}
    for token in _drawn(known):
        if 0 < counts[token] < ENOUGH:
            numbers = [n for own in bank.index.get(token, {}).values() for n in own]
            originals = [bank[n] for n in numbers] or [every[token]]
            added += [_copy(originals[i % len(originals)], rng, i)
                      for i in range(ENOUGH - counts[token])]
    return added


def inventory(bank: GlyphBank, vocabulary: Vocabulary | None = None
              ) -> Iterator[tuple[str, int, str]]:
    """(token, samples, how) of every token with ink, fewest samples first; how they were made.

    `how` counts by origin: cut out of formulas ("formula"), drawn as a single symbol ("drawing"),
    "composed" of other symbols, or a distorted "copy".
    """
    counts: dict[str, Counter[str]] = {token: Counter() for token in _drawn(vocabulary or wide())}
    for token, origin in zip(bank.names, bank.origins, strict=True):
        if token in counts:
            counts[token][origin] += 1
    for token, found in sorted(counts.items(), key=lambda item: (item[1].total(), item[0])):
        yield token, found.total(), ", ".join(f"{n} {name}" for name, n in found.most_common())


def _drawn(vocabulary: Vocabulary) -> list[str]:
    """Tokens with ink of their own."""
    return [token for token in vocabulary.tokens[len(SPECIAL):] if token not in STRUCTURE]


def _word(writer: WriterStyle, word: str, random: BufferedRng) -> Iterator[Glyph]:
    """A word of the writer's letters, in one or two versions."""
    letters = word[1:]
    if any(letter not in writer.bank.index for letter in letters):
        return
    for _ in range(2):
        strokes: list[np.ndarray] = []
        pen = 0.0
        for letter in letters:
            number = writer.number(letter, False, random)
            left, _, right, _ = writer.bank.boxes[number]
            strokes += [s + np.float32([pen - left, 0]) for s in writer.bank.strokes(number)]
            mean, deviation = _LETTER_GAP
            pen += right - left + max(mean + deviation * random.normal(), -0.1)
        yield Glyph(word, tuple(strokes), writer.style, origin="composed")


def _marks(writer: WriterStyle, known: Vocabulary, random: BufferedRng) -> Iterator[Glyph]:
    """Lines, arrows and dots over letters, out of this writer's own."""
    recipes = ((r"\overline", ("-",)), (r"\underline", ("-",)), (r"\vec", (r"\rightarrow",)),
               (r"\dot", (".",)), (r"\ddot", (".", ".")))
    for token, parts in recipes:
        own = writer.bank.index.get(parts[0], {}).get(writer.style)
        if token not in known or not own:
            continue
        strokes: list[np.ndarray] = []
        pen = 0.0
        for _ in parts:
            number = own[random.below(len(own))]
            left, top, right, _ = writer.bank.boxes[number]
            if len(parts) > 1 and right - left > 0.4:
                break                             # a comma or a slip, no dot
            strokes += [s + np.float32([pen - left, -top]) for s in writer.bank.strokes(number)]
            pen += right - left + 0.3
        else:
            yield Glyph(token, tuple(strokes), writer.style, origin="composed")


def _blackboard(bank: GlyphBank, writers: Sequence[WriterStyle], known: Vocabulary,
                random: BufferedRng) -> Iterator[Glyph]:
    """Blackboard letters with too few drawings: a capital with its first stroke doubled."""
    for token in _drawn(known):
        if not token.startswith(r"\mathbb{"):
            continue
        letter, count = token[-2], sum(map(len, bank.index.get(token, {}).values()))
        if letter not in bank.index or not writers:
            continue
        for _ in range(max(0, 2 * ENOUGH - count)):
            writer = writers[random.below(len(writers))]
            number = writer.number(letter, False, random)
            first, *rest = writer.bank.strokes(number)
            shift = np.float32([0.16 + 0.06 * random(), 0.0])
            strokes = (first, first[len(first) // 3 * (random() < 0.3):] + shift, *rest)
            yield Glyph(token, strokes, writer.style, origin="composed")


def _copy(glyph: Glyph, rng: np.random.Generator, number: int) -> Glyph:
    strokes = distort(glyph.strokes, rng, _COPY)
    left = min(float(stroke[:, 0].min()) for stroke in strokes)
    return replace(glyph, strokes=tuple(s - np.float32([left, 0]) for s in strokes),
                   style=f"{glyph.style}/copy {number}", origin="copy")
