"""Ink below the first line is a row of its own; room, moving and reading parts go on working."""

import json
import subprocess

import numpy as np
import pytest

from tests.helpers import needs_node
from tests.pad.browser import CHECKOUT, draw, fitted, shown, until

RULE = CHECKOUT / "tegashiki" / "pad" / "web" / "recognizer" / "rows.js"


def rows_of(inks: list) -> list:
    """What the page's rule makes of inks: for each the numbers of the strokes of every row."""
    program = (f'import {{ rowsOf }} from "{RULE.as_uri()}"; let text = ""; '
               'for await (const part of process.stdin) text += part; '
               'console.log(JSON.stringify(JSON.parse(text).map(rowsOf)))')
    done = subprocess.run(["node", "--input-type=module", "-e", program], timeout=60, check=True,
                          input=json.dumps([[np.ravel(s).tolist() for s in ink] for ink in inks]),
                          capture_output=True, text=True)
    return json.loads(done.stdout)


def letter(x, y, size=1.0):
    return [(x, y), (x + 0.6 * size, y + size), (x + 0.6 * size, y), (x, y + size)]


def line(x, y, count=4):
    return [letter(x + 1.2 * i, y) for i in range(count)]


BAR = [(0, 1.3), (4.2, 1.35)]


@needs_node
@pytest.mark.parametrize(("ink", "rows"), [
    (line(0, 0), [[0, 1, 2, 3]]),
    (line(0, 0) + line(0, 2.2), [[0, 1, 2, 3], [4, 5, 6, 7]]),
    (line(0, 0) + line(0.5, 2.2) + line(0, 4.5, 2), [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]),
    ([*line(0, 0), BAR, *line(0, 2.4)], [list(range(9))]),               # a fraction
    ([*line(0, 0), letter(1, 2, 0.3), letter(1.4, 2, 0.3)], [list(range(6))]),    # a limit below
    (line(0, 0) + line(0, 1.3), [list(range(8))]),                       # too near to be a line
    (line(0, 2.2) + line(0, 0), [list(range(8))]),                       # the upper one came later
    ([[(1.0, 1.0)]], [[0]]),
])
def test_rows_of_made_ink(ink, rows):
    assert rows_of([ink]) == [rows]


@needs_node
def test_ink_of_one_line_stays_one(public_set):
    from tegashiki.data import crohme

    inks = [e.ink.strokes for e in crohme.read(public_set("crohme"), "test2012")[0]]
    split = sum(len(rows) > 1 for rows in rows_of(inks))
    assert split <= len(inks) // 200


@pytest.mark.browser
def test_a_second_line_is_a_row_of_aligned(page, written):
    upper, lower = [e for e in written if len(e.tokens) >= 3][:2]
    strokes = fitted(upper.ink.strokes, 300, 80)
    draw(page, strokes)
    first = page.evaluate("() => pad.reading.candidates[0]")
    top = max(y for stroke in strokes for _, y in stroke)
    below = [[(x, y + top + 45) for x, y in s] for s in fitted(lower.ink.strokes, 300, 80)]
    draw(page, below)
    until(page, f"""() => pad.reading.candidates[4]?.rows?.length === 2 && new Set(
      pad.reading.candidates[0].symbols.flatMap((symbol) => symbol.strokes)).size
      === {len(strokes) + len(below)}""")
    both = page.evaluate("() => pad.reading.candidates")
    assert both[0]["rows"][0] == first["latex"] and len(both[0]["rows"]) == 2
    assert both[0]["latex"].startswith(r"\begin{aligned}") and len(shown(page)) == 5
    assert len({candidate["latex"] for candidate in both}) == 5
    owned = [stroke for symbol in both[0]["symbols"] for stroke in symbol["strokes"]]
    assert len(owned) == len(set(owned)) and len(owned) > len(strokes)
    assert page.locator("#preview .formula .katex").count() == 1
    until(page, "() => document.querySelectorAll('#preview .math mtr').length === 2")
    # a symbol of the second row is pinned, and stays when the first is written on
    ids = page.evaluate("() => pad.ink.strokes.map(({ id }) => id)")[len(strokes):]
    symbol = next(s for s in both[0]["symbols"] if s["strokes"] and s["strokes"][0] in ids)
    other = next(a["token"] for a in symbol["alternatives"] if a["token"] != symbol["token"])
    page.evaluate("([symbol, value]) => { pad.recognizer().correct(symbol, value);"
                  " pad.ink.pin(pad.recognizer().pins); }", [symbol, other])
    until(page, f"""() => document.querySelector("#preview .pinned")
      && pad.reading.candidates[0].symbols.some(({{ token, strokes }}) => token === {other!r}
        && strokes.join() === {",".join(map(str, symbol["strokes"]))!r})""")
    text = page.evaluate("""async () => {
      const { rowsIn } = await import("./recognizer.js");
      return rowsIn(pad.reading.candidates[0].latex);
    }""")
    assert text == [" ".join(row) for row in map(tokens_of, page.evaluate(
        "() => pad.reading.candidates[0].rows"))] and other in text[1]
    page.keyboard.press("1")
    assert page.input_value("#tex").startswith(r"\begin{aligned}")
    assert page.locator("#rendered .katex").count() == 1


def tokens_of(tex):
    from tegashiki.tex.tokens import tokenize
    return tokenize(tex)
