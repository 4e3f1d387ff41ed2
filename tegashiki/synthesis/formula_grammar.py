r"""Formulas out of nothing but a seed: a small grammar of school and university mathematics.

    from tegashiki.data import grammar
    for tokens in grammar.formulas(np.random.default_rng(7), 3):
        print(" ".join(tokens))

It gives token tuples in the normal form of `tex.tokens`, 2 to 60 tokens long with a median near 13
like CROHME's, and uses every token of the vocabulary that can be drawn. It is the default source of
formulas, so that nothing has to be downloaded; text from a corpus is better where there is one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

Tokens = tuple[str, ...]

DIGITS = tuple("0123456789")
VARIABLES = tuple("xyzabcnkmtuvrspqwijdefghlo")   # most usual first
CAPITALS = tuple("ABCFGHNPRSTVXYELMI")
GREEK = (r"\theta", r"\alpha", r"\pi", r"\beta", r"\lambda", r"\phi", r"\mu", r"\gamma",
         r"\sigma", r"\Delta")
FUNCTIONS = (r"\sin", r"\cos", r"\tan", r"\log")
RELATIONS = ("=", r"\leq", r"\geq", "<", ">", r"\neq", r"\rightarrow", r"\in")
OPERATORS = ("+", "-", r"\times", r"\pm", r"\cdot", r"\div", "/")


@dataclass(frozen=True)
class GrammarConfig:
    """How long and how deep the formulas grow."""

    depth: int = 3            # structures inside structures, at most
    growth: float = 0.36      # chance that a sum gets another term; more makes longer formulas
    relation: float = 0.55    # chance of a relation between two sides
    longest: int = 60         # tokens; longer formulas are thrown away
    shortest: int = 2
    alphabet: frozenset[str] = frozenset()   # formulas of other tokens are thrown away; empty: all


# Few symbols and short formulas: what a small network learns in two minutes.
SCHOOL = GrammarConfig(
    depth=1, growth=0.25, relation=0.3, longest=9, shortest=1,
    alphabet=frozenset((*DIGITS, *"xyabn+-=()^_{}", r"\frac", r"\sqrt")))


def formulas(
    rng: np.random.Generator, n: int, config: GrammarConfig | None = None
) -> list[Tokens]:
    r"""`n` formulas drawn with `rng`; the same generator state gives the same formulas.

    >>> [" ".join(f) for f in formulas(np.random.default_rng(1), 2)] == [
    ...     " ".join(f) for f in formulas(np.random.default_rng(1), 2)]
    True
    """
    config = config or GrammarConfig()
    found: list[Tokens] = []
    while len(found) < n:
        tokens = _Writer(rng, config).formula()
        fits = config.shortest <= len(tokens) <= config.longest
        if fits and (not config.alphabet or config.alphabet.issuperset(tokens)):
            found.append(tokens)
    return found


class _Writer:
    """Recursive descent at random: each method writes one kind of phrase as a token tuple."""

    def __init__(self, rng: np.random.Generator, config: GrammarConfig) -> None:
        self.rng = rng
        self.config = config
        self.throws = iter(())

    # Random choices.
    def throw(self) -> float:
        """Uniform in [0, 1). Drawn a handful at a time: one call a number is ten times slower."""
        for value in self.throws:
            return value
        self.throws = iter(self.rng.random(32).tolist())
        return next(self.throws)

    def chance(self, p: float) -> bool:
        return self.throw() < p

    def usual(self, options: Sequence[str], power: float = 2.0) -> str:
        """One of the options, the first ones more often: the index falls off like a power law."""
        return options[int(len(options) * self.throw() ** power)]

    def digit(self) -> str:
        return DIGITS[int(10 * self.throw())]

    def one_of(self, *phrases: tuple[float, Callable[[int], Tokens]]) -> Callable[[int], Tokens]:
        """One of (weight, method) by weight."""
        mark = self.throw() * sum(weight for weight, _ in phrases)
        for weight, phrase in phrases:
            mark -= weight
            if mark < 0:
                return phrase
        return phrases[-1][1]          # rounding left a hair of the mark

    # The phrases.
    def formula(self) -> Tokens:
        depth = self.config.depth
        if self.chance(0.04):
            return self.statement(depth)
        tokens = self.sum(depth)
        while self.chance(self.config.relation):
            tokens += (self.usual(RELATIONS, 3.0), *self.sum(depth))
            if not self.chance(0.12):
                break
        return tokens

    def statement(self, depth: int) -> Tokens:
        symbol = self.usual((r"\forall", r"\exists"))
        name = self.usual(VARIABLES)
        domain = ((self.usual(CAPITALS),) if self.chance(0.6)
                  else (r"\{", *self.list(), r"\}"))
        rest = (",", *self.sum(depth)) if self.chance(0.6) else ()
        return (symbol, name, r"\in", *domain, *rest)

    def sum(self, depth: int) -> Tokens:
        tokens = (("-",) if self.chance(0.07) else ()) + self.term(depth)
        while self.chance(self.config.growth):
            tokens += (self.usual(OPERATORS, 2.5), *self.term(depth))
            if self.chance(0.05):
                tokens += (self.usual(OPERATORS[:2]), r"\ldots" if self.chance(0.5) else r"\cdots",
                           self.usual(OPERATORS[:2]), *self.factor(0))
        return tokens

    def term(self, depth: int) -> Tokens:
        if self.chance(0.2):
            return self.number()
        tokens = (self.number() if self.chance(0.25) else ()) + self.factor(depth)
        while self.chance(0.22):
            tokens += self.factor(depth)
        return tokens

    def factor(self, depth: int) -> Tokens:
        phrases = [(6.0, self.atom)]
        if depth > 0:
            phrases += [
                (3.0, self.scripted), (1.6, self.fraction), (0.9, self.bracket),
                (0.8, self.root), (1.0, self.function), (0.5, self.big), (0.25, self.limit),
                (0.15, self.factorial), (0.25, self.prime),
            ]
        return self.one_of(*phrases)(depth - 1)

    def atom(self, depth: int) -> Tokens:
        return (self.usual(self.one_of(
            (6.0, lambda _: VARIABLES), (1.3, lambda _: CAPITALS), (1.3, lambda _: GREEK),
            (0.2, lambda _: (r"\infty",)),
        )(depth)),)

    def number(self) -> Tokens:
        digits: Tokens = (self.digit(),)
        while len(digits) < 4 and self.chance(0.28):
            digits += (self.digit(),)
        if self.chance(0.06):
            digits += (".", *(self.digit() for _ in range(2)))
        return digits

    def short(self, depth: int) -> Tokens:
        """What stands in a script or a limit: mostly one symbol."""
        return self.one_of(
            (3.0, lambda _: (self.digit(),)),
            (3.0, self.atom),
            (1.5, lambda d: (self.usual(VARIABLES), self.usual(OPERATORS[:2]), *self.number())),
            (0.5, lambda _: ("-", *self.number())),
            (0.7, self.fraction if depth > 0 else self.atom),
            (0.7, self.sum if depth > 0 else self.atom),
        )(depth - 1)

    def scripted(self, depth: int) -> Tokens:
        base = self.bracket(depth) if depth > 0 and self.chance(0.15) else self.atom(depth)
        kind = self.throw()
        below = ("_", "{", *self.short(0), "}") if kind < 0.45 else ()
        above = ("^", "{", *self.short(depth), "}") if kind > 0.35 else ()
        return base + below + above

    def prime(self, depth: int) -> Tokens:
        marks = (r"\prime",) * (2 if self.chance(0.2) else 1)
        argument = ("(", *self.atom(0), ")") if self.chance(0.5) else ()
        return (self.usual(VARIABLES[::-1]), "^", "{", *marks, "}", *argument)

    def fraction(self, depth: int) -> Tokens:
        return (r"\frac", "{", *self.sum(depth), "}", "{", *self.sum(depth), "}")

    def root(self, depth: int) -> Tokens:
        index = ("[", *self.number()[:1], "]") if self.chance(0.15) else ()
        return (r"\sqrt", *index, "{", *self.sum(depth), "}")

    def bracket(self, depth: int) -> Tokens:
        left, right = self.one_of(
            (8.0, lambda _: ("(", ")")), (1.2, lambda _: ("[", "]")),
            (1.2, lambda _: ("|", "|")), (0.7, lambda _: (r"\{", r"\}")),
        )(depth)
        inside = self.list() if self.chance(0.2) else self.sum(depth)
        return (left, *inside, right)

    def list(self) -> Tokens:
        tokens = self.atom(0)
        while self.chance(0.5):
            tokens += (",", *(self.atom(0) if self.chance(0.7) else self.number()))
        return tokens + ((",", r"\ldots") if self.chance(0.15) else ())

    def function(self, depth: int) -> Tokens:
        name: Tokens = (self.usual(FUNCTIONS),)
        if name == (r"\log",) and self.chance(0.5):
            name += ("_", "{", *self.short(0), "}")
        elif self.chance(0.2):
            name += ("^", "{", *self.number()[:1], "}")
        return name + (self.bracket(depth) if depth > 0 and self.chance(0.4) else self.atom(0))

    def big(self, depth: int) -> Tokens:
        integral = self.chance(0.5)
        symbol: Tokens = (r"\int" if integral else r"\sum",)
        if not integral or self.chance(0.7):
            low = self.short(0) if integral else (self.usual("inkj"), "=", *self.short(0))
            symbol += ("_", "{", *low, "}")
            if self.chance(0.9):
                symbol += ("^", "{", *self.short(0), "}")
        tail = ("d", self.usual(VARIABLES)) if integral else ()
        return symbol + self.term(depth) + tail

    def limit(self, depth: int) -> Tokens:
        goal = (r"\infty",) if self.chance(0.5) else self.number()
        return (r"\lim", "_", "{", self.usual("nxthk"), r"\rightarrow", *goal, "}",
                *self.term(depth))

    def factorial(self, depth: int) -> Tokens:
        return (*(self.atom(0) if self.chance(0.6) else self.number()), "!")
