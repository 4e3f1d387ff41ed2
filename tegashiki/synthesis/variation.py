r"""Formulas made of formulas: other symbols of the same class, words as scripts, other brackets.

    vary = Variation(bank_tokens)
    vary(r"x _ { i } \leq y".split(), rng)         # e.g. r"\omega _ { i n } \subseteq y".split()

Text repeats what textbooks repeat: of 380,000 formulas a few hundred have a `\hookrightarrow`, and
nearly all of them after a letter. A network that is to read what stands there, whatever stands
around it, must see every symbol in many places.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tegashiki.synthesis.rng import BufferedRng
from tegashiki.tex.nodes import ACCENTS, BINOMIAL, FRACTION, OVER, ROOT, STRUCTURE, UNDER
from tegashiki.tex.token_classes import OPENING, token_class

SCRIPTS = ("_", "^")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ONE_SIDED = ("-", "+", r"\pm", r"\mp")        # may begin a formula, others of their class may not
_SOMETIMES_TALL = (r"\int", r"\iint", r"\oint")
_NAMED = frozenset(r"\lim \liminf \max \min \sup \inf".split())
_FIXED = STRUCTURE | ACCENTS | _NAMED | {FRACTION, ROOT, BINOMIAL, *_ONE_SIDED}


@dataclass(frozen=True)
class VariationConfig:
    """How much of a formula is changed; each is a chance."""

    formula: float = 0.6      # that a formula is changed at all
    symbol: float = 0.3       # that a symbol of it becomes another of its class
    large: float = 0.6        # the same for sums, integrals and their like, which are few
    word: float = 0.08        # that a script of one symbol becomes a word of two to five letters
    brackets: float = 0.06    # that all pairs of one kind become another kind
    accent: float = 0.0       # that one of its letters gets an accent or a line


class Variation:
    """Knows which symbols may stand for which; those without ink are never written."""

    def __init__(self, tokens: Iterable[str], config: VariationConfig | None = None) -> None:
        """`tokens`: those that can be written, e.g. of a glyph bank."""
        self.config = config or VariationConfig()
        self.known = set(tokens)
        self.groups: dict[str, list[str]] = {}
        for token in sorted(self.known):
            if group := _group(token):
                self.groups.setdefault(group, []).append(token)

    def __call__(self, tokens: Sequence[str], random: BufferedRng) -> list[str]:
        """The formula itself or a variant of it, which has the same structure."""
        config = self.config
        if random() >= config.formula:
            return list(tokens)
        varied = [self._other(token, random) if random() < self._chance(token) else token
                  for token in tokens]
        if random() < config.brackets:
            varied = self._bracketed(varied, random)
        varied = _with_words(varied, random, config.word)
        return self._accented(varied, random) if random() < config.accent else varied

    def _chance(self, token: str) -> float:
        return self.config.large if _group(token) in ("big", "integral") else self.config.symbol

    def _other(self, token: str, random: BufferedRng) -> str:
        if token in OVER:
            marks = [mark for mark in sorted(OVER) if mark in self.known] or [token]
            return marks[random.below(len(marks))]
        group = self.groups.get(_group(token))
        return group[random.below(len(group))] if group else token

    def _accented(self, tokens: list[str], random: BufferedRng) -> list[str]:
        """One letter of the formula under an accent, or over a line; none gets a second one."""
        marks = [mark for mark in sorted(OVER | UNDER) if mark in self.known]
        bare = [place for place, token in enumerate(tokens)
                if _group(token) in ("lower", "upper", "greek")
                and not (place > 1 and tokens[place - 2] in ACCENTS)]
        if not marks or not bare:
            return tokens
        place, mark = bare[random.below(len(bare))], marks[random.below(len(marks))]
        return [*tokens[:place], mark, "{", tokens[place], "}", *tokens[place + 1:]]

    def _bracketed(self, tokens: list[str], random: BufferedRng) -> list[str]:
        """All pairs of one kind as another; a root's degree keeps its square brackets."""
        pairs = [(a, b) for a, b in OPENING.items() if a in self.known and b in self.known]
        there = [pair for pair in pairs if pair[0] in tokens and pair[0] != "["]
        if not there:
            return tokens
        old, new = there[random.below(len(there))], pairs[random.below(len(pairs))]
        swap = dict(zip(old, new, strict=True))
        return [swap.get(token, token) for token in tokens]


def _group(token: str) -> str:
    r"""What a symbol may be exchanged for: "" nothing, else the name of a group.

    >>> [_group(t) for t in ("x", "K", r"\omega", r"\mathbb{R}", "7", r"\leq", "-", r"\sin", "{")]
    ['lower', 'upper', 'greek', 'font', 'd', 'r', '', '', '']
    """
    if token in _FIXED:
        return ""
    found = token_class(token)
    if found == "l":
        if len(token) == 1 and token.isascii():
            return "lower" if token.islower() else "upper"
        return "font" if token.startswith(r"\math") else "greek" if token[0] == "\\" else ""
    if found == "B":
        return "integral" if token in _SOMETIMES_TALL else "big"
    return found if found in "doe" or found == "r" else ""


def _with_words(tokens: list[str], random: BufferedRng, chance: float) -> list[str]:
    """Scripts of one letter or digit become words now and then: `F _ { o u t }`."""
    made: list[str] = []
    for place, token in enumerate(tokens):
        lonely = (2 <= place < len(tokens) - 1 and tokens[place - 1] == "{"
                  and tokens[place - 2] in SCRIPTS and tokens[place + 1] == "}")
        if lonely and token.isalnum() and random() < chance:
            made += [LETTERS[random.below(26)] for _ in range(2 + random.below(4))]
        else:
            made.append(token)
    return made
