r"""TeX's macros and environments, rewritten as what they draw, in the tokens that `parser` knows.

    expand(tokenize(r"\begin{pmatrix} a & b \end{pmatrix}"))
    # ['(', '\\begin{matrix}', 'a', '&', 'b', '\\end{matrix}', ')']
    expand(tokenize(r"{ a \over b } \overset{!}{=} \mathbb{R}"))

Only commands with arguments, infix commands and environments are dealt with; names of symbols are
`symbol_names`' business. What is not understood stays as it is, and the parser or the vocabulary
refuses it.
"""

import re
from collections.abc import Callable, Sequence

from tegashiki.tex.nodes import (
    BINOMIAL,
    CALLIGRAPHIC,
    CELL,
    END_MATRIX,
    FRACTION,
    MATRIX,
    NEXT_ROW,
)
from tegashiki.tex.parser import MAX_DEPTH
from tegashiki.tex.problems import CleanError

# Environments by the brackets that they draw; the others of `_TABLES` draw none.
BRACKETS = {
    "pmatrix": ("(", ")"), "bmatrix": ("[", "]"), "Bmatrix": (r"\{", r"\}"),
    "vmatrix": ("|", "|"), "Vmatrix": (r"\|", r"\|"), "cases": (r"\{", ""),
    "dcases": (r"\{", ""), "rcases": ("", r"\}"),
}  # fmt: skip
_TABLES = frozenset({
    "matrix", "smallmatrix", "array", "subarray", "aligned", "align", "alignedat", "alignat",
    "gathered", "gather", "split", "eqnarray", "multline", *BRACKETS,
})  # fmt: skip
_WITH_COLUMNS = frozenset({"array", "subarray", "alignedat", "alignat"})   # `{ccc}` follows
_PLAIN = frozenset({"equation", "displaymath", "math"})
_INFIX = {r"\over": FRACTION, r"\choose": BINOMIAL, r"\atop": MATRIX}
# Not drawn, with so many arguments that are not drawn either.
_SILENT = {
    r"\hspace": 1, r"\vspace": 1, r"\label": 1, r"\phantom": 1, r"\hphantom": 1, r"\vphantom": 1,
    r"\color": 1, r"\textcolor": 1, r"\mspace": 1, r"\hline": 0, r"\hdashline": 0,
}  # fmt: skip
_ROW_ENDS = frozenset({NEXT_ROW, r"\cr", r"\newline", r"\tabularnewline"})
_NEGATED = {"=": r"\neq", r"\in": r"\notin"}
_FONTS = {
    r"\mathbb": r"\mathbb", r"\Bbb": r"\mathbb", r"\mathds": r"\mathbb",
    CALLIGRAPHIC: CALLIGRAPHIC, r"\mathscr": CALLIGRAPHIC, r"\cal": CALLIGRAPHIC,
    r"\EuScript": CALLIGRAPHIC,
}  # fmt: skip
_LENGTH = re.compile(r"-?[0-9.]+(?:pt|em|ex|mm|cm|in)")
_BEGIN = re.compile(r"\\begin\{([a-zA-Z]+)\*?\}")


def expand(tokens: Sequence[str]) -> list[str]:
    r"""Tokens without macros that take arguments; `&` outside of tables is dropped.

    >>> from tegashiki.tex.tokens import tokenize
    >>> " ".join(expand(tokenize(r"{a\choose b} \underset{x}{\max} \pmod 7")))
    '\\binom { a } { b } { \\max } _ { x } ( \\mod 7 )'

    Raises CleanError if the braces are nested too deep.
    """
    return _Expander(tokens).sequence(lambda token: False)


class _Expander:
    """One pass from left to right; methods read from `place` on and return what is to be there."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self.tokens = tokens
        self.place = 0
        self.depth = 0

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def next(self) -> str:
        self.place += 1
        return self.tokens[self.place - 1]

    def sequence(self, ends: Callable[[str], bool], table: bool = False) -> list[str]:
        """What stands before the token that ends it, or before the end of everything."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise CleanError("braces or arguments missing", "truth: nested too deep")
        out: list[str] = []
        infix: tuple[str, list[str]] | None = None
        while self.place < len(self.tokens) and not ends(self.peek()):
            token = self.next()
            if token in _INFIX and infix is None:
                infix, out = (token, out), []
            elif table and token in _ROW_ENDS:
                out.append(NEXT_ROW)
                self.skip_length()
            elif token != CELL or table:
                out += self.command(token)
        self.depth -= 1
        return _joined(*infix, out) if infix else out

    def command(self, token: str) -> list[str]:
        """What one token and its arguments draw."""
        if token == "{":
            inside = self.sequence(lambda end: end == "}")
            closed = [self.next()] if self.peek() else []
            # `{ a \over b }` has become a fraction that needs no group around it
            return inside if _is_fraction(inside) else ["{", *inside, *closed]
        if match := _BEGIN.fullmatch(token):
            return self.environment(match[1])
        if token in _FONTS:
            return [part for letter in self.argument() for part in _in_font(_FONTS[token], letter)]
        if token in (r"\overset", r"\stackrel", r"\underset"):
            mark = "_" if token == r"\underset" else "^"
            over, base = self.argument(), self.argument()
            return ["{", *base, "}", mark, "{", *over, "}"]
        if token == r"\substack":
            return self.rows()
        if token in (r"\xrightarrow", r"\xleftarrow"):
            return ["\\long" + token[2:], "^", "{", *self.argument(), "}"]
        if token == r"\pmod":
            return ["(", r"\mod", *self.argument(), ")"]
        if token == r"\not" and self.peek() in _NEGATED:
            return [_NEGATED[self.next()]]
        if token == r"\operatorname" and self.peek() == "*":
            self.place += 1
        if token in _SILENT:
            for _ in range(_SILENT[token]):
                self.argument()
            return []
        return [token]

    def argument(self) -> list[str]:
        """The next group without its braces, or the next token with what it draws."""
        if not self.peek():
            return []
        if self.peek() != "{":
            return [] if self.peek() == "}" else self.command(self.next())
        self.place += 1
        inside = self.sequence(lambda end: end == "}")
        self.place += 1
        return inside

    def rows(self) -> list[str]:
        r"""The group after `\substack`: rows of one cell."""
        if self.peek() != "{":
            return self.argument()
        self.place += 1
        inside = self.sequence(lambda end: end == "}", table=True)
        self.place += 1
        return [MATRIX, *inside, END_MATRIX]

    def environment(self, name: str) -> list[str]:
        """What stands between its begin and the next end, as a matrix where it has rows."""
        if name in _WITH_COLUMNS:
            if self.peek() == "[":
                while self.peek() and self.next() != "]":
                    pass
            self.argument()
        inside = self.sequence(lambda end: end.startswith(r"\end{"), table=name in _TABLES)
        if not self.peek():
            return [MATRIX, *inside]            # never ends: the parser says so
        self.place += 1
        if name in _PLAIN:
            return inside
        if name not in _TABLES:
            return [rf"\begin{{{name}}}", *inside]      # no token: the vocabulary refuses it
        before, after = BRACKETS.get(name, ("", ""))
        table = [before, MATRIX, *inside, END_MATRIX, after]
        return [token for token in table if token]

    def skip_length(self) -> None:
        r"""Pass over the `*` or the `[2pt]` of a row's end."""
        if self.peek() == "*":
            self.place += 1
        if self.peek() == "[":
            rest = list(self.tokens[self.place : self.place + 10])
            end = rest.index("]") if "]" in rest else 0
            if _LENGTH.fullmatch("".join(rest[1:end])):
                self.place += end + 1


def _joined(command: str, upper: list[str], lower: list[str]) -> list[str]:
    if command == r"\atop":
        return [MATRIX, *upper, NEXT_ROW, *lower, END_MATRIX]
    return [_INFIX[command], "{", *upper, "}", "{", *lower, "}"]


def _is_fraction(tokens: list[str]) -> bool:
    """Whether the tokens are one fraction or binomial that `_joined` made, and nothing else."""
    if tokens[:2] not in ([FRACTION, "{"], [BINOMIAL, "{"]):
        return False
    depth = closed = 0
    for place, token in enumerate(tokens):
        depth += (token == "{") - (token == "}")
        closed += token == "}" and depth == 0
        if closed == 2:
            return place == len(tokens) - 1
    return False


def _in_font(font: str, token: str) -> list[str]:
    capital = len(token) == 1 and "A" <= token <= "Z"
    if capital or font == r"\mathbb":
        return [f"{font}{{{token}}}"]
    return [token]
