r"""What class of symbol a token is, as far as its place on the page goes, and which brackets match.

    token_class("x"), token_class("="), token_class(r"\sum")              # 'l', 'r', 'B'
"""

from collections.abc import Sequence

from tegashiki.tex.tree import Fraction, Item, Root, Symbol

OPENING = {"(": ")", "[": "]", r"\{": r"\}"}
_CLOSING = frozenset(OPENING.values())
_OPERATORS = frozenset({"+", "-", r"\times", r"\pm", r"\cdot", r"\div", "/"})
_SIGNS = ("-", "+", r"\pm")               # may begin a formula or follow a relation
_RELATIONS = frozenset({"=", r"\leq", r"\geq", "<", ">", r"\neq", r"\rightarrow", r"\in"})
_FUNCTIONS = frozenset({r"\sin", r"\cos", r"\tan", r"\log"})
BIG = frozenset({r"\sum", r"\int", r"\lim"})
BAR = "|"


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
    if token in ("!", r"\prime", "'", BAR):
        return "s"
    if token in (r"\ldots", r"\cdots", r"\infty", r"\exists", r"\forall"):
        return "e"
    return "l"                        # Greek


def item_class(item: Item) -> str:
    """The class of an item's base: as `token_class`, F for a fraction, R for a root."""
    match item.base:
        case Symbol(token):
            return _CLASSES.get(token) or _CLASSES.setdefault(token, token_class(token))
        case Fraction():
            return "F"
        case Root():
            return "R"
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
        signed = found == "o" and item.base.token in _SIGNS
        bar = found == "s" and item.base.token == BAR
        if needs_left and found in "orpcs" and not signed and not bar:
            return False
        needs_left = found in "orpbfB" or (bar and needs_left)
    return item_class(items[-1]) not in "orpfB"


def brackets(items: Sequence[Item]) -> list[tuple[int, int]]:
    """Positions of the pairs that match in a row, the inner ones first; `|` pairs with the next.

    >>> from tegashiki.tex.tree import parse
    >>> brackets(parse(list("([x])|y|")).items)
    [(1, 3), (0, 4), (5, 7)]
    """
    pairs: list[tuple[int, int]] = []
    opened: list[tuple[int, str]] = []
    bar = -1
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
        elif token == BAR:
            if bar >= 0:
                pairs.append((bar, i))
                bar = -1
            else:
                bar = i
    return pairs
