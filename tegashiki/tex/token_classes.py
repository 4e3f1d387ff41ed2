r"""What class of symbol a token is, as far as its place on the page goes, and which brackets match.

    token_class("x"), token_class("="), token_class(r"\sum")              # 'l', 'r', 'B'
"""

from collections.abc import Sequence

from tegashiki.tex.tree import Accent, Fraction, Item, Matrix, Root, Symbol

OPENING = {"(": ")", "[": "]", r"\{": r"\}", r"\langle": r"\rangle", r"\lfloor": r"\rfloor",
           r"\lceil": r"\rceil"}
_CLOSING = frozenset(OPENING.values())
_OPERATORS = frozenset(r"""+ - / * \times \pm \mp \cdot \div \circ \bullet \star \oplus \ominus
    \otimes \odot \cup \cap \wedge \vee \backslash \mod""".split())
_UNARY = ("-", "+", r"\pm", r"\mp")       # may begin a formula or follow a relation
_RELATIONS = frozenset(r"""= \leq \geq < > \neq \in \notin \ni : ; \approx \equiv \cong \sim \simeq
    \propto \ll \gg \subset \supset \subseteq \supseteq \subsetneq \sqsubseteq \triangleq
    \triangleleft \models \vdash \Vdash \rightarrow \leftarrow \leftrightarrow \Rightarrow
    \Leftrightarrow \iff \longrightarrow \mapsto \hookrightarrow \rightleftharpoons \uparrow
    \downarrow""".split())
_FUNCTIONS = frozenset(r"""\sin \cos \tan \cot \sec \csc \arcsin \arccos \arctan \sinh \cosh \tanh
    \log \ln \exp \det \dim \ker \deg \gcd""".split())
# Their limits may stand under and over them.
BIG = frozenset(r"""\sum \prod \int \iint \oint \lim \liminf \max \min \sup \inf \bigcup \bigcap
    \bigoplus \bigvee \bigwedge""".split())
_SUFFIXES = frozenset({"!", r"\prime", "'", r"\%", r"\dagger"})
_ELEMENTS = frozenset(r"""\ldots \cdots \vdots \ddots \infty \exists \forall \emptyset ? \# \& \_
    \neg \perp \therefore""".split())
BAR = "|"
BARS = frozenset({BAR, r"\|"})            # the same token opens and closes


def token_class(token: str) -> str:
    r"""One letter: digit, letter, operator, relation, bracket, close, punctuation, function, Big.

    >>> "".join(map(token_class, r"2 x + = ( ) , \sin \sum ! \forall".split()))
    'dlorbcpfBse'
    """
    if token.isdigit():
        return "d"
    if token.isalpha():
        return "l"
    for letter, group in (("o", _OPERATORS), ("r", _RELATIONS), ("b", OPENING), ("c", _CLOSING),
                          ("f", _FUNCTIONS), ("B", BIG)):
        if token in group:
            return letter
    if token in (",", "."):
        return "p"
    if token in _SUFFIXES or token in BARS:
        return "s"
    if token in _ELEMENTS:
        return "e"
    return "l"                        # Greek, letters in a font of their own, what else is a name


def item_class(item: Item) -> str:
    """The class of an item's base: as `token_class`, F a fraction, R a root, M a matrix.

    What has an accent counts as a letter.
    """
    match item.base:
        case Symbol(token):
            return _CLASSES.get(token) or _CLASSES.setdefault(token, token_class(token))
        case Fraction():
            return "F"
        case Root():
            return "R"
        case Matrix():
            return "M"
        case Accent():
            return "l"
    return "l"


_CLASSES: dict[str, str] = {}


def reads_well(items: Sequence[Item]) -> bool:
    r"""Whether a run of items could be somebody's formula: no operator without its sides.

    >>> from tegashiki.tex.tree import parse
    >>> [reads_well(parse(list(run)).items) for run in ("a+b", "-b", "a+", "=b", "(a", "a=-b")]
    [True, True, False, False, True, True]
    """
    if not items:
        return False
    needs_left = True                     # at the beginning, or after a symbol that takes one
    for item in items:
        found = item_class(item)
        signed = found == "o" and item.base.token in _UNARY
        bar = found == "s" and item.base.token in BARS
        if needs_left and found in "orpcs" and not signed and not bar:
            return False
        needs_left = found in "orpbfB" or (bar and needs_left)
    return item_class(items[-1]) not in "orpfB"


def brackets(items: Sequence[Item]) -> list[tuple[int, int]]:
    """Positions of the pairs that match in a row, the inner ones first; a bar pairs with the next.

    >>> from tegashiki.tex.tree import parse
    >>> brackets(parse(list("([x])|y|")).items)
    [(1, 3), (0, 4), (5, 7)]
    """
    pairs: list[tuple[int, int]] = []
    opened: list[tuple[int, str]] = []
    bars: dict[str, int] = {}
    for i, item in enumerate(items):
        base = item.base
        if not isinstance(base, Symbol):
            continue
        token = base.token
        if token in OPENING:
            opened.append((i, OPENING[token]))
        elif token in _CLOSING:
            # A half-open interval closes with the other bracket; an unmatched one is left alone.
            if opened and (opened[-1][1] == token or {opened[-1][1], token} == {")", "]"}):
                pairs.append((opened.pop()[0], i))
        elif token in BARS:
            if token in bars:
                pairs.append((bars.pop(token), i))
            else:
                bars[token] = i
    return pairs
