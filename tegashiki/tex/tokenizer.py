r"""How a network writes formulas: plain, token by token, or packed, with structure in one piece.

    tokenizer = by_name("packed")
    ids, places = tokenizer.encode(r"x ^ { 2 }".split())    # [.., .., .., ..], [0, 1, 1, 2, 3]
    tokenizer.decode(ids)                                   # ['x', '^', '{', '2', '}']

`places[i]` is the position in `ids` that token i went into, -1 if nowhere: alignments follow it.

    plain           113 ids: every token of the published vocabulary by itself
    packed          113 ids: the same formulas, braces packed, with a grammar
    packed-wide     the wide vocabulary packed: accents (`\hat{`), matrices, letters in fonts

A model file names its tokenizer by these names.
"""

import itertools
from collections.abc import Iterable, Sequence

from tegashiki.errors import TegashikiError
from tegashiki.tex.grammar import Grammar
from tegashiki.tex.nodes import emit
from tegashiki.tex.packing import INKLESS, pack, packed_vocabulary, unpack
from tegashiki.tex.tokens import Vocabulary, published, wide
from tegashiki.tex.tree import normal, parse


class PlainTokenizer:
    """Every token of the published normal form by itself."""

    name = "plain"
    INKLESS = frozenset({"{", "}", "_", "^", r"\limits"})     # structure, written with no stroke

    def __init__(self, vocabulary: Vocabulary | None = None) -> None:
        self.vocabulary = vocabulary or Vocabulary.load()
        self.plain = self.vocabulary                # of the formulas, before any packing
        self.grammar: Grammar | None = None

    def __len__(self) -> int:
        return len(self.vocabulary)

    def encode(self, tokens: Sequence[str]) -> tuple[list[int], list[int]]:
        """Ids and places; raises TegashikiError at an unknown token."""
        return self.vocabulary.encode(tokens), list(range(len(tokens)))

    def decode(self, ids: Iterable[int]) -> list[str]:
        """Tokens of the ids up to the first end."""
        return self.vocabulary.decode(ids)

    def begins(self, ids: Iterable[int]) -> list[int]:
        """For each id the place of its first token among those that `decode` gives."""
        return [place for place, _ in enumerate(ids)]


class PackedTokenizer(PlainTokenizer):
    """Braces belong to what opens them, and a grammar says what may stand next."""

    name = "packed"
    INKLESS = INKLESS

    unpacked = staticmethod(published)      # the vocabulary whose tokens are packed

    def __init__(self) -> None:
        super().__init__(packed_vocabulary(self.unpacked()))
        self.plain = self.unpacked()
        self.grammar = Grammar(self.vocabulary)

    def encode(self, tokens: Sequence[str]) -> tuple[list[int], list[int]]:
        """Ids of the canonical spelling; places -1 for tokens that it drops (braces, \\limits).

        Raises TegashikiError if the tokens are no formula.
        """
        pairs = list(emit(normal(parse(tokens))))
        packed, positions = pack([token for token, _ in pairs])
        places = [-1] * len(tokens)
        for (_, origin), position in zip(pairs, positions, strict=True):
            if 0 <= origin < len(places) and places[origin] < 0:
                places[origin] = position
        return self.vocabulary.encode(packed), places

    def decode(self, ids: Iterable[int]) -> list[str]:
        """Plain tokens of the packed ids up to the first end."""
        return unpack(self.vocabulary.decode(ids))

    def begins(self, ids: Iterable[int]) -> list[int]:
        """As in PlainTokenizer."""
        widths = [len(unpack([self.vocabulary.tokens[number]])) for number in ids]
        return list(itertools.accumulate(widths, initial=0))[:-1]


class WideTokenizer(PackedTokenizer):
    """Packed tokens of the wide vocabulary."""

    name = "packed-wide"
    unpacked = staticmethod(wide)


def by_name(name: str) -> PlainTokenizer:
    """A tokenizer by the name at the top of this file; raises TegashikiError for another one."""
    tokenizers = {kind.name: kind for kind in (PlainTokenizer, PackedTokenizer, WideTokenizer)}
    if name not in tokenizers:
        raise TegashikiError(f"tokenizer: {name!r} is unknown; give {' or '.join(tokenizers)}")
    return tokenizers[name]()
