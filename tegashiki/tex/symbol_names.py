r"""Symbols and their many spellings: TeX macros, Unicode, the words that MathML files write.

    [symbol_tokens(text) for text in ("∞", "infty", r"\le", "12")]
    # [r'\infty'], [r'\infty'], [r'\leq'], ['1', '2']

One symbol that is drawn with the pen has one token, whatever it was called where it came from.
"""

from functools import cache

from tegashiki.tex.tokens import SPECIAL, published, tokenize

# Other names of control words; what stands on the right is drawn alike.
ALIASES: dict[str, tuple[str, ...]] = {
    r"\le": (r"\leq",), r"\leqslant": (r"\leq",), r"\ge": (r"\geq",), r"\geqslant": (r"\geq",),
    r"\ne": (r"\neq",), r"\lt": ("<",), r"\gt": (">",), r"\to": (r"\rightarrow",),
    r"\longrightarrow": (r"\rightarrow",), r"\rarr": (r"\rightarrow",), r"\dots": (r"\ldots",),
    r"\dotsc": (r"\ldots",), r"\dotso": (r"\ldots",), r"\hellip": (r"\ldots",),
    r"\dotsb": (r"\cdots",), r"\dotsm": (r"\cdots",), r"\ctdot": (r"\cdots",),
    r"\lbrack": ("[",), r"\rbrack": ("]",), r"\lbrace": (r"\{",), r"\rbrace": (r"\}",),
    r"\vert": ("|",), r"\mid": ("|",), r"\lvert": ("|",), r"\rvert": ("|",),
    r"\parallel": ("|", "|"), r"\Vert": ("|", "|"), r"\|": ("|", "|"),
    r"\isin": (r"\in",), r"\infin": (r"\infty",), r"\exist": (r"\exists",),
    r"\varphi": (r"\phi",), r"\vartheta": (r"\theta",), r"\varsigma": (r"\sigma",),
    r"\colon": (":",), r"\lnot": (r"\neg",), r"\ast": ("*",),
    r"\plusmn": (r"\pm",), r"\divide": (r"\div",), r"\slash": ("/",),
}  # fmt: skip

UNICODE: dict[str, str] = {
    "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "×": r"\times", "÷": r"\div", "±": r"\pm",
    "·": r"\cdot", "⋅": r"\cdot", "∙": r"\cdot", "…": r"\ldots", "⋯": r"\cdots", "≤": r"\leq",
    "≥": r"\geq", "⩽": r"\leq", "⩾": r"\geq", "≠": r"\neq", "→": r"\rightarrow",
    "⟶": r"\rightarrow", "∞": r"\infty", "∈": r"\in", "∀": r"\forall", "∃": r"\exists",
    "∑": r"\sum", "∫": r"\int", "Σ": r"\sum", "′": r"\prime", "’": r"\prime", "'": r"\prime",
    "″": r"\prime\prime", "∣": "|", "│": "|", "∥": "||", "‖": "||", "∕": "/", "⁄": "/",
    "{": r"\{", "}": r"\}", "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "Δ": r"\Delta",
    "∆": r"\Delta", "θ": r"\theta", "ϑ": r"\theta", "λ": r"\lambda", "μ": r"\mu", "µ": r"\mu",
    "π": r"\pi", "σ": r"\sigma", "ς": r"\sigma", "φ": r"\phi", "ϕ": r"\phi",
}  # fmt: skip
# A word that MfrDB's MathML lost the first letter of.
_BROKEN = {"im": r"\lim"}
# Characters that are no ink: application marks, joiners and spaces that `str.strip` leaves.
_INVISIBLE = dict.fromkeys(map(ord, "\u2061\u2062\u2063\u2064\u200b\u2060\ufeff"))


@cache
def words() -> dict[str, str]:
    r"""Words that are one token: 'sin' for \sin, 'le' for \leq; from the vocabulary and ALIASES."""
    names = [token for token in published().tokens if token not in SPECIAL]
    control = {name[1:]: name for name in names if name[0] == "\\" and name[1:].isalpha()}
    aliases = {
        name[1:]: to[0] for name, to in ALIASES.items() if name[1:].isalpha() and len(to) == 1
    }
    return aliases | control | _BROKEN


def symbol_tokens(text: str) -> list[str]:
    r"""The tokens that the text of one MathML element draws.

    >>> [symbol_tokens(text) for text in ("−", "sin", r"\lt", "3.14", "{", r"\{")]
    [['-'], ['\\sin'], ['<'], ['3', '.', '1', '4'], ['\\{'], ['\\{']]

    A word that is no name of a token is its letters.
    """
    text = text.translate(_INVISIBLE).strip()
    if text in words():
        return [words()[text]]
    spelled = (symbol for token in tokenize(text) for symbol in tokenize(UNICODE.get(token, token)))
    return [symbol for token in spelled for symbol in ALIASES.get(token, (token,))]
