r"""Symbols and their many names: TeX macros, Unicode, the words that MathML files write.

    [symbol_tokens(text) for text in ("∞", "infty", r"\le", "12")]
    # [r'\infty'], [r'\infty'], [r'\leq'], ['1', '2']
    symbol_tokens("ϑ"), symbol_tokens("ϑ", tokens.wide())    # [r'\theta'], [r'\vartheta']

One symbol that is drawn with the pen has one token, whatever it was called where it came from. What
the vocabulary has is itself; every other name stands for what `ALIASES` says, as far as it goes.
"""

from collections.abc import Iterator
from functools import cache

from tegashiki.tex.nodes import ACCENTS
from tegashiki.tex.tokens import SPECIAL, Vocabulary, published, tokenize

# Other names of control words; what stands on the right is drawn alike.
ALIASES: dict[str, tuple[str, ...]] = {
    r"\le": (r"\leq",), r"\leqslant": (r"\leq",), r"\ge": (r"\geq",), r"\geqslant": (r"\geq",),
    r"\ne": (r"\neq",), r"\lt": ("<",), r"\gt": (">",), r"\to": (r"\rightarrow",),
    r"\longrightarrow": (r"\rightarrow",), r"\rarr": (r"\rightarrow",), r"\dots": (r"\ldots",),
    r"\dotsc": (r"\ldots",), r"\dotso": (r"\ldots",), r"\hellip": (r"\ldots",),
    r"\dotsb": (r"\cdots",), r"\dotsm": (r"\cdots",), r"\ctdot": (r"\cdots",),
    r"\lbrack": ("[",), r"\rbrack": ("]",), r"\lbrace": (r"\{",), r"\rbrace": (r"\}",),
    r"\vert": ("|",), r"\mid": ("|",), r"\lvert": ("|",), r"\rvert": ("|",),
    r"\parallel": (r"\|",), r"\Vert": (r"\|",), r"\|": ("|", "|"),
    r"\isin": (r"\in",), r"\infin": (r"\infty",), r"\exist": (r"\exists",),
    r"\varphi": (r"\phi",), r"\vartheta": (r"\theta",), r"\varsigma": (r"\sigma",),
    r"\colon": (":",), r"\lnot": (r"\neg",), r"\ast": ("*",),
    r"\plusmn": (r"\pm",), r"\divide": (r"\div",), r"\slash": ("/",),
}  # fmt: skip

# Further names that only the wide vocabulary has something for.
WIDE_ALIASES: dict[str, tuple[str, ...]] = {
    r"\varepsilon": (r"\epsilon",), r"\bot": (r"\perp",), r"\setminus": (r"\backslash",),
    r"\smallsetminus": (r"\backslash",), r"\lVert": (r"\|",), r"\rVert": (r"\|",),
    r"\lang": (r"\langle",), r"\rang": (r"\rangle",), r"\varnothing": (r"\emptyset",),
    r"\implies": (r"\Rightarrow",), r"\Longrightarrow": (r"\Rightarrow",),
    r"\Longleftrightarrow": (r"\iff",), r"\longleftrightarrow": (r"\leftrightarrow",),
    r"\gets": (r"\leftarrow",), r"\longleftarrow": (r"\leftarrow",), r"\longmapsto": (r"\mapsto",),
    r"\land": (r"\wedge",), r"\lor": (r"\vee",), r"\owns": (r"\ni",), r"\dag": (r"\dagger",),
    r"\hslash": (r"\hbar",), r"\lhd": (r"\triangleleft",), r"\bigtriangleup": (r"\triangle",),
    r"\vartriangle": (r"\triangle",), r"\sdot": (r"\cdot",), r"\empty": (r"\emptyset",),
    r"\bmod": (r"\mod",), r"\limsup": (r"\lim", r"\sup"), r"\coloneqq": (":", "="),
    r"\degree": ("^", "{", r"\circ", "}"), r"\R": (r"\mathbb{R}",), r"\N": (r"\mathbb{N}",),
    r"\Z": (r"\mathbb{Z}",), r"\Q": (r"\mathbb{Q}",), r"\Complex": (r"\mathbb{C}",),
    # Functions that are not tokens are written in letters, as MathWriting writes all of them.
    **{rf"\{name}": tuple(name) for name in ("arg", "coth", "hom", "lg", "Pr", "Re", "Im")},
    # Accents by their other names.
    r"\bar": (r"\overline",), r"\widehat": (r"\hat",), r"\widetilde": (r"\tilde",),
    r"\overrightarrow": (r"\vec",), r"\underbar": (r"\underline",),
}  # fmt: skip

UNICODE: dict[str, str] = {
    "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "×": r"\times", "÷": r"\div", "±": r"\pm",
    "·": r"\cdot", "⋅": r"\cdot", "∙": r"\cdot", "…": r"\ldots", "⋯": r"\cdots", "≤": r"\leq",
    "≥": r"\geq", "⩽": r"\leq", "⩾": r"\geq", "≠": r"\neq", "→": r"\rightarrow",
    "⟶": r"\longrightarrow", "∞": r"\infty", "∈": r"\in", "∀": r"\forall", "∃": r"\exists",
    "∑": r"\sum", "∫": r"\int", "Σ": r"\Sigma", "′": r"\prime", "’": r"\prime", "'": r"\prime",
    "″": r"\prime\prime", "∣": "|", "│": "|", "∥": r"\|", "‖": r"\|", "∕": "/", "⁄": "/",
    "{": r"\{", "}": r"\}", "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "Δ": r"\Delta",
    "∆": r"\Delta", "θ": r"\theta", "ϑ": r"\vartheta", "λ": r"\lambda", "μ": r"\mu", "µ": r"\mu",
    "π": r"\pi", "σ": r"\sigma", "ς": r"\varsigma", "φ": r"\varphi", "ϕ": r"\phi",
    # From here on only the wide vocabulary has tokens.
    "δ": r"\delta", "ε": r"\epsilon", "ϵ": r"\epsilon", "ζ": r"\zeta", "η": r"\eta",
    "ι": r"\iota", "κ": r"\kappa", "ν": r"\nu", "ξ": r"\xi", "ρ": r"\rho", "ϱ": r"\rho",
    "τ": r"\tau", "υ": r"\upsilon", "χ": r"\chi", "ψ": r"\psi", "ω": r"\omega", "ϖ": r"\varpi",
    "Γ": r"\Gamma", "Θ": r"\Theta", "Λ": r"\Lambda", "Ξ": r"\Xi", "Π": r"\Pi", "Φ": r"\Phi",
    "Ψ": r"\Psi", "Ω": r"\Omega", "ϒ": r"\Upsilon", "Υ": r"\Upsilon", "ℓ": r"\ell",
    "ℏ": r"\hbar", "ı": r"\imath", "ȷ": r"\jmath", "ℵ": r"\aleph", "∂": r"\partial",
    "∇": r"\nabla", "∅": r"\emptyset", "∏": r"\prod", "∬": r"\iint", "∮": r"\oint",
    "⋃": r"\bigcup", "⋂": r"\bigcap", "⨁": r"\bigoplus", "⋁": r"\bigvee", "⋀": r"\bigwedge",
    "∪": r"\cup", "∩": r"\cap", "∨": r"\vee", "∧": r"\wedge", "¬": r"\neg", "∓": r"\mp",
    "∘": r"\circ", "•": r"\bullet", "⋆": r"\star", "∗": "*", "⊕": r"\oplus", "⊖": r"\ominus",
    "⊗": r"\otimes", "⊙": r"\odot", "∖": r"\backslash", "≈": r"\approx", "≡": r"\equiv",
    "≅": r"\cong", "∼": r"\sim", "≃": r"\simeq", "∝": r"\propto", "≪": r"\ll", "≫": r"\gg",
    "⊂": r"\subset", "⊃": r"\supset", "⊆": r"\subseteq", "⊇": r"\supseteq", "⊊": r"\subsetneq",
    "⊑": r"\sqsubseteq", "∉": r"\notin", "∋": r"\ni", "≜": r"\triangleq", "⊥": r"\perp",
    "⊢": r"\vdash", "⊩": r"\Vdash", "⊨": r"\models", "⊤": r"\top", "∴": r"\therefore",
    "△": r"\triangle", "◁": r"\triangleleft", "⊲": r"\triangleleft", "◯": r"\bigcirc",
    "∠": r"\angle", "†": r"\dagger", "←": r"\leftarrow", "↔": r"\leftrightarrow",
    "⇒": r"\Rightarrow", "⇔": r"\Leftrightarrow", "⟺": r"\iff", "↦": r"\mapsto",
    "↪": r"\hookrightarrow", "⇌": r"\rightleftharpoons", "↑": r"\uparrow", "↓": r"\downarrow",
    "⟨": r"\langle", "⟩": r"\rangle", "〈": r"\langle", "〉": r"\rangle", "⌊": r"\lfloor",
    "⌋": r"\rfloor", "⌈": r"\lceil", "⌉": r"\rceil", "⋮": r"\vdots", "⋱": r"\ddots",
    "°": r"\degree", "%": r"\%", "#": r"\#", "&": r"\&",
    **{c: rf"\mathbb{{{t}}}" for c, t in zip("ℂℍℕℙℚℝℤ", "CHNPQRZ", strict=True)},
    **{c: rf"\mathcal{{{t}}}" for c, t in zip("ℬℰℱℋℐℒℳℛ", "BEFHILMR", strict=True)},
}  # fmt: skip
for _offset in range(26):       # the other letters in fonts stand in a block, in order
    _letter = chr(ord("A") + _offset)
    UNICODE[chr(0x1D538 + _offset)] = rf"\mathbb{{{_letter}}}"
    UNICODE[chr(0x1D49C + _offset)] = rf"\mathcal{{{_letter}}}"

# CROHME's MathML writes a sum so; in a vocabulary with the letter it is the letter.
_WITHOUT_TOKEN = {r"\Sigma": r"\sum"}
# A word that MfrDB's MathML lost the first letter of.
_BROKEN = {"im": r"\lim"}
# Characters that are no ink: application marks, joiners and spaces that `str.strip` leaves.
_INVISIBLE = dict.fromkeys(map(ord, "\u2061\u2062\u2063\u2064\u200b\u2060\ufeff"))


def resolve(token: str, vocabulary: Vocabulary) -> Iterator[str]:
    r"""The tokens of the vocabulary that a token stands for; itself if nothing else is known.

    >>> from tegashiki.tex.tokens import wide
    >>> list(resolve(r"\Vert", published())), list(resolve(r"\Vert", wide()))
    (['|', '|'], ['\\|'])
    """
    if token in vocabulary:
        yield token
    elif token in ALIASES:
        for other in ALIASES[token]:
            yield from resolve(other, vocabulary)
    elif token in WIDE_ALIASES and vocabulary != published():
        for other in WIDE_ALIASES[token]:
            yield from resolve(other, vocabulary)
    else:
        yield token


def from_unicode(character: str, vocabulary: Vocabulary) -> Iterator[str]:
    """The tokens of a character, resolved; the character itself if it has no other name."""
    for token in tokenize(UNICODE.get(character, character)):
        if token not in vocabulary:
            token = _WITHOUT_TOKEN.get(token, token) if character in UNICODE else token
        yield from resolve(token, vocabulary)


@cache
def words(vocabulary: Vocabulary) -> dict[str, str]:
    r"""Words that are one token: 'sin' for \sin, 'le' for \leq; from the vocabulary and ALIASES."""
    names = [token for token in vocabulary.tokens if token not in SPECIAL and token not in ACCENTS]
    control = {name[1:]: name for name in names if name[0] == "\\" and name[1:].isalpha()}
    aliases = {}
    for name in ALIASES:
        found = list(resolve(name, vocabulary))
        if name[1:].isalpha() and len(found) == 1:
            aliases[name[1:]] = found[0]
    return aliases | control | _BROKEN


def symbol_tokens(text: str, vocabulary: Vocabulary | None = None) -> list[str]:
    r"""The tokens that the text of one MathML element draws, by default published ones.

    >>> [symbol_tokens(text) for text in ("−", "sin", r"\lt", "3.14", "{", r"\{")]
    [['-'], ['\\sin'], ['<'], ['3', '.', '1', '4'], ['\\{'], ['\\{']]

    A word that is no name of a token is its letters.
    """
    vocabulary = vocabulary or published()
    text = text.translate(_INVISIBLE).strip()
    if text in words(vocabulary):
        return [words(vocabulary)[text]]
    return [found for token in tokenize(text) for found in from_unicode(token, vocabulary)]
