r"""Tokens of TeX and the vocabulary that numbers them.

    vocabulary = Vocabulary.load()
    ids = vocabulary.encode(tokenize(r"\frac { 1 } { x }"))     # [53, 110, 13, 112, 110, 107, 112]
    vocabulary.decode(ids)                                      # ['\\frac', '{', '1', '}', ...]

A vocabulary file is UTF-8 text with one token a line, in the order of the ids and without gaps.
Lines 0 to 2 are `<pad>` (id 0, fills up batches and is never predicted), `<s>` and `</s>` (start
and end of a formula). Two come with the package, both sorted by code point:

    published()     the 110 tokens in which published CROHME results are written
    wide()          317 tokens, the published among them: what people write beyond CROHME

The wide one joins the tokens of a large text corpus with those of MathWriting: all of its 244
symbols but `\not`, and `\begin{matrix} & \\ \end{matrix}`. A letter in a font of its own is one
token, `\mathbb{R}` or `\mathcal{L}`, as it is one drawing. One drawing has one token: `tree` lists
the other names (`\varepsilon`, `\setminus`, ...). Networks write packed tokens, see `tokenizer`.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Self

from tegashiki.errors import TegashikiError

PAD, START, END = 0, 1, 2
SPECIAL = ("<pad>", "<s>", "</s>")
DEFAULT_VOCABULARY = Path(__file__).with_name("vocabulary.txt")
WIDE_VOCABULARY = Path(__file__).with_name("vocabulary_wide.txt")

# A letter with its font, the begin or end of an environment, a control word, a control symbol, or
# one character; white space separates and is no token.
_TOKEN = re.compile(
    r"\\(?:mathbb|mathcal)\{[A-Z]\}|\\(?:begin|end)\{[a-zA-Z]+\*?\}"
    r"|\\[a-zA-Z]+|\\.|[^\s\\]|\\$", re.DOTALL)


def tokenize(tex: str) -> list[str]:
    r"""Split TeX into tokens: control words, control symbols and single characters.

    >>> tokenize(r"\frac{x^2}12\{\alpha b\}")
    ['\\frac', '{', 'x', '^', '2', '}', '1', '2', '\\{', '\\alpha', 'b', '\\}']
    >>> tokenize(r"\begin{matrix} \mathbb{R}\\1\end{matrix}")
    ['\\begin{matrix}', '\\mathbb{R}', '\\\\', '1', '\\end{matrix}']

    White space is dropped, except after a backslash, where it is the control space that TeX sees;
    a string in normal form is therefore split exactly at its blanks.
    """
    return _TOKEN.findall(tex)


def join(tokens: Iterable[str]) -> str:
    r"""Write tokens as one string that `tokenize` splits into the same tokens.

    >>> join(["x", "^", "{", r"\alpha", "}"])
    'x ^ { \\alpha }'
    """
    return " ".join(tokens)


@dataclass(frozen=True)
class Vocabulary:
    """Tokens and their ids; `tokens[i]` is the token with id i."""

    tokens: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.tokens[: len(SPECIAL)] != SPECIAL:
            raise TegashikiError(
                f"vocabulary: first lines: are {list(self.tokens[:3])}; begin with {list(SPECIAL)}"
            )
        seen: set[str] = set()
        for line, token in enumerate(self.tokens):
            if not token or token != token.strip() or token in seen:
                raise TegashikiError(
                    f"vocabulary: line {line}: {token!r} is blank, padded or there twice; "
                    "write each token once"
                )
            seen.add(token)

    @classmethod
    def load(cls, path: str | Path | None = None) -> Self:
        """Read a vocabulary file; without a path the published one that comes with the package.

        Raises TegashikiError if the file is missing, not UTF-8, or not a vocabulary.
        """
        source = Path(path) if path is not None else DEFAULT_VOCABULARY
        try:
            text = source.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise TegashikiError(
                f"{source}: vocabulary: cannot be read ({error}); give a text file"
            ) from error
        return cls(tuple(text.splitlines()))

    @cached_property
    def index(self) -> dict[str, int]:
        """The id of each token."""
        return {token: number for number, token in enumerate(self.tokens)}

    @cached_property
    def sha256(self) -> str:
        """Hash of the tokens in their order: two models may share ids only if this is equal."""
        return hashlib.sha256("\n".join(self.tokens).encode()).hexdigest()

    def __len__(self) -> int:
        return len(self.tokens)

    def __contains__(self, token: object) -> bool:
        return token in self.index

    def encode(self, tokens: Sequence[str]) -> list[int]:
        r"""Ids of the tokens, without start and end.

        >>> Vocabulary.load().encode([r"\alpha", "x", "<s>"])
        [45, 107, 1]

        Raises TegashikiError that names the first unknown token and its position.
        """
        index = self.index
        try:
            return [index[token] for token in tokens]
        except KeyError:
            place, token = next((i, t) for i, t in enumerate(tokens) if t not in index)
            raise TegashikiError(
                f"formula: token {place}: {token!r} is not in the vocabulary; "
                "clean the formula first or leave it out"
            ) from None

    def decode(self, ids: Iterable[int]) -> list[str]:
        """Tokens of the ids, up to the first end; start and padding are left out.

        >>> Vocabulary.load().decode([1, 107, 2, 107, 0])
        ['x']

        Raises TegashikiError for an id that the vocabulary does not have.
        """
        tokens = []
        for place, number in enumerate(ids):
            if number == END:
                break
            if number in (PAD, START):
                continue
            if not 0 <= number < len(self.tokens):
                raise TegashikiError(
                    f"formula: position {place}: id {number} is outside the vocabulary of "
                    f"{len(self.tokens)} tokens; use the vocabulary the model was trained with"
                )
            tokens.append(self.tokens[number])
        return tokens


@cache
def published() -> Vocabulary:
    """The vocabulary of published CROHME results, read once."""
    return Vocabulary.load()


@cache
def wide() -> Vocabulary:
    """The wide vocabulary, read once."""
    return Vocabulary.load(WIDE_VOCABULARY)
