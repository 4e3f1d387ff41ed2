"""What may go wrong with a formula between parser, packing and grammar; shared with a benchmark."""

from collections.abc import Iterator

from tegashiki.errors import TegashikiError
from tegashiki.tex.packing import pack, unpack
from tegashiki.tex.tokenizer import PlainTokenizer
from tegashiki.tex.tokens import END, wide
from tegashiki.tex.tree import canonical, parse, serialize


def problems(tokens: list[str], tokenizer: PlainTokenizer) -> Iterator[str]:
    """What goes wrong with one formula, as `check: cause`."""
    try:
        if serialize(parse(tokens)) != tokens:
            yield "read: the parser writes something else"
        once = canonical(tokens)
    except TegashikiError as error:
        yield "read: " + str(error).partition(": ")[2].partition(": ")[2]
        return
    if not once:
        yield "canonical: nothing is left"
        return
    if canonical(once) != once:
        yield "canonical: a second time changes it"
    strangers = [token for token in once if token not in wide()]
    if strangers:
        yield f"known: {strangers[0]}"
        return
    try:
        packed, _ = pack(once)
    except TegashikiError as error:
        yield "packed: " + str(error).partition(": ")[2].partition(": ")[2]
        return
    if unpack(packed) != once:
        yield "packed: unpacking gives something else"
    grammar = tokenizer.grammar
    state = grammar.start
    for number in (*tokenizer.vocabulary.encode(packed), END):
        if not grammar.allowed(state)[number]:
            yield f"grammar: {tokenizer.vocabulary.tokens[number]} in {state[-1].slot!r}"
            return
        state = grammar.advance(state, number)
