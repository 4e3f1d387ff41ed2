"""How likely a formula is, by a table of n-grams of its tokens.

    table = Ngrams.of(content)                   # of `language.json`
    table.log_p(("x", "^", "{", "2", "}"))       # nats

The table is of a back-off model (Katz 1987): log p(w | h) where the n-gram is kept, else the weight
of h and the n-gram without its first token.

In the file it is a tree, level by level: for each node of a level, in their order, its number of
children, then the children's tokens as numbers of `tokens`, all as LEB128; then a byte for each
child, log p in sixteenths below 0; then, but for the last level, a byte for its weight in
sixteenths above -8. Before a formula stand `order` - 1 times <s>, after it </s>.
"""

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from tegashiki.tex.tokenizer import PlainTokenizer
from tegashiki.tex.tokens import END, SPECIAL, START

VERSION = 1
STEPS = 16.0         # of a nat
BELOW = 128          # the byte of weight 1
UNKNOWN = -15.0      # nats, of a token that the text did not have

Gram = tuple[int, ...]


@dataclass(frozen=True)
class Ngrams:
    """A back-off model of formulas and how much it has to say."""

    tokens: tuple[str, ...]                    # <s> and </s> are the first two
    order: int
    grams: Mapping[Gram, tuple[float, float]] = field(repr=False)   # log p, log of the weight
    weight: float                              # of its log probability, beside the network's
    bonus: float                               # nats a token, so that short ones are not preferred
    run: str                                   # that made it

    def log_p(self, formula: Sequence[str]) -> float:
        """Log probability of the formula and of its end."""
        numbers = (self._numbers.get(token, -1) for token in formula)
        row = (0,) * (self.order - 1) + (*numbers, 1)
        return sum(self._next(row[at - self.order + 1 : at + 1])
                   for at in range(self.order - 1, len(row)))

    def worth(self, spelled: Sequence[Sequence[int]], tokenizer: PlainTokenizer) -> np.ndarray:
        """See `tegashiki.decoding.language.Language`."""
        formulas = map(tokenizer.decode, spelled)
        return np.array([self.weight * (self.log_p(formula) + self.bonus * len(formula))
                         for formula in formulas])

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {token: number for number, token in enumerate(self.tokens)}

    def _next(self, gram: Gram) -> float:
        found = self.grams.get(gram)
        if found is not None:
            return found[0]
        if len(gram) == 1:
            return UNKNOWN
        _, weight = self.grams.get(gram[:-1], (0.0, 0.0))
        return weight + self._next(gram[1:])

    def content(self) -> dict:
        """What `language.json` says."""
        table = base64.b64encode(packed(self.grams, self.order)).decode("ascii")
        return {"VERSION": VERSION, "run": self.run, "weight": self.weight, "bonus": self.bonus,
                "order": self.order, "tokens": list(self.tokens), "table": table}

    @classmethod
    def of(cls, content: dict) -> "Ngrams":
        """The other way. Raises KeyError, TypeError, ValueError or IndexError for what is none."""
        order, tokens = content["order"], tuple(content["tokens"])
        if tokens[:2] != (SPECIAL[START], SPECIAL[END]):
            raise ValueError("its first tokens are not <s> and </s>")
        grams = unpacked(base64.b64decode(content["table"], validate=True), order, len(tokens))
        return cls(tokens, order, grams, float(content["weight"]), float(content["bonus"]),
                   str(content["run"]))


def packed(grams: Mapping[Gram, tuple[float, float]], order: int) -> bytes:
    """The tree as bytes; every beginning of an n-gram must be one too. See the module."""
    children: dict[Gram, list[int]] = {}
    for gram in grams:
        children.setdefault(gram[:-1], []).append(gram[-1])
    out, level = bytearray(), [()]
    for depth in range(1, order + 1):
        below: list[Gram] = []
        for node in level:
            mine = sorted(children.get(node, ()))
            for number in (len(mine), *mine):
                out.extend(_leb128(number))
            below += [(*node, child) for child in mine]
        out += bytes(min(max(round(-grams[gram][0] * STEPS), 0), 255) for gram in below)
        if depth < order:
            out += bytes(min(max(round(grams[gram][1] * STEPS) + BELOW, 0), 255) for gram in below)
        level = below
    return bytes(out)


def unpacked(table: bytes, order: int, tokens: int) -> dict[Gram, tuple[float, float]]:
    """The other way. Raises ValueError or IndexError for what is no such table."""
    found: dict[Gram, tuple[float, float]] = {}
    at, level = 0, [()]
    for depth in range(1, order + 1):
        below: list[Gram] = []
        for node in level:
            count, at = _number(table, at)
            if count > tokens:
                raise ValueError("more children than tokens")
            for _ in range(count):
                child, at = _number(table, at)
                if child >= tokens:
                    raise ValueError(f"token {child} of {tokens}")
                below.append((*node, child))
        sizes = 1 if depth == order else 2
        if at + sizes * len(below) > len(table):
            raise ValueError("it ends too early")
        log_p = table[at : at + len(below)]
        weights = table[at + len(below) : at + sizes * len(below)] or bytes([BELOW]) * len(below)
        at += sizes * len(below)
        found |= {gram: (-p / STEPS, (weight - BELOW) / STEPS)
                  for gram, p, weight in zip(below, log_p, weights, strict=True)}
        level = below
    if at != len(table):
        raise ValueError("something stands behind its end")
    return found


def _leb128(number: int) -> Iterator[int]:
    while number > 127:
        yield number & 127 | 128
        number >>= 7
    yield number


def _number(table: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = table[at]
        at += 1
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return number, at
        if shift > 21:
            raise ValueError("a number without an end")
