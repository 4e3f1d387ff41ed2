"""Writing and taking: what a person does with a pen, with fingers and with keys."""

import pytest

from tegashiki.tex import alphabets
from tests.pad.browser import count, draw, opened, shown, until

pytestmark = pytest.mark.browser


def test_every_stroke_brings_candidates_and_nothing_moves(page, written, inks):
    before = page.locator("#surface").bounding_box()
    draw(page, inks[0])
    assert page.locator("#surface").bounding_box() == before
    assert len(set(shown(page))) == len(shown(page)) == 5
    assert shown(page)[0].replace(" ", "") == "".join(written[0].tokens)
    page.click("#candidates .take >> nth=0")
    until(page, "() => !document.querySelector('#candidates .take')")
    assert page.input_value("#tex") == "".join(written[0].tokens)


def test_keys_take_undo_and_redo(page, inks):
    draw(page, inks[1])
    second = shown(page)[1]
    page.keyboard.press("2")
    assert page.input_value("#tex") == second
    until(page, "() => !document.querySelector('#candidates .take')")
    page.keyboard.press("Control+z")
    until(page, "() => document.querySelectorAll('#candidates .take').length > 1")
    assert page.input_value("#tex") == "" and shown(page)[1] == second
    page.keyboard.press("Control+y")
    assert page.input_value("#tex") == second
    draw(page, inks[0])
    page.click("#candidates .take >> nth=0")
    assert page.input_value("#tex").startswith(second + " ")
    assert page.locator("#rendered .katex").count() == 1


def test_one_history_for_ink_sweeps_pins_and_taking(page, written, inks):
    number = next(i for i, e in enumerate(written) if len(e.ink.strokes) > 2)
    draw(page, inks[number])
    strokes = count(page)
    pin_something(page)
    until(page, "() => document.querySelector('#preview .pinned')")
    page.keyboard.press("1")
    until(page, "() => !document.querySelector('#preview .pinned')")
    page.keyboard.press("Control+z")                  # the taking
    until(page, "() => document.querySelector('#preview .pinned')")
    assert page.evaluate("() => pad.ink.pins.length") == 1, "taking and back keeps the pins"
    page.keyboard.press("Control+z")                  # the pin
    until(page, "() => !document.querySelector('#preview .pinned')")
    assert (count(page), page.evaluate("() => pad.ink.pins.length")) == (strokes, 0)
    page.keyboard.press("Control+Shift+z")
    until(page, "() => document.querySelector('#preview .pinned')")
    # one sweep of the eraser over everything is one step
    box = page.evaluate("() => pad.ink.strokes.flatMap(({points}) => points.map((p) => p[1]))")
    page.keyboard.press("e")
    middle = (min(box) + max(box)) / 2
    draw(page, [[[x, middle] for x in range(0, 330, 6)]], wait=False)
    assert count(page) < strokes
    page.keyboard.press("Control+z")
    assert (count(page), page.evaluate("() => pad.ink.pins.length")) == (strokes, 1)


def pin_something(page):
    """Open the first symbol's alternatives and take one that no candidate has; which it was."""
    page.locator(".spots button").first.focus()
    page.keyboard.press("Enter")
    symbols = page.locator("#alternatives .symbols button")
    others = symbols.evaluate_all("all => all.map(b => b.dataset.token)")
    best = shown(page)[0]
    chosen = next(i for i, symbol in enumerate(others)
                  if symbol not in best and not symbol.endswith(("{", "[")))
    symbols.nth(chosen).click()
    return others[chosen]


def test_typed_text_is_never_html(page):
    page.fill("#tex", r'<img src=x onerror="document.title=1"> \href{javascript:alert(1)}{x}')
    assert page.locator("#rendered img, #rendered a, #rendered script").count() == 0
    page.fill("#tex", r"<b>\frac{1")
    assert page.get_attribute("#tex", "aria-invalid") == "true"
    assert page.inner_text("#rendered") == r"<b>\frac{1"
    page.fill("#tex", r"\frac{1}{x}")
    assert page.get_attribute("#tex", "aria-invalid") == "false"


def test_copies_in_every_form_and_remembers_the_last(page, inks):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.fill("#tex", r"\frac{1}{x^{2}}")
    copied = {}
    for form in page.eval_on_selector_all("#form option", "all => all.map(o => o.value)"):
        page.select_option("#form", form)
        page.evaluate("() => { document.querySelector('#status').textContent = ''; }")
        page.click("#copy")
        until(page, "() => document.querySelector('#status').textContent.startsWith('Copied')")
        if form != "png":
            copied[form] = page.evaluate("() => navigator.clipboard.readText()")
    tex = r"\frac{1}{x^{2}}"
    assert {form: copied[form] for form in ("tex", "inline", "display", "parens", "brackets")} == {
        "tex": tex, "inline": f"${tex}$", "display": f"$${tex}$$", "parens": rf"\({tex}\)",
        "brackets": rf"\[{tex}\]"}
    assert copied["mathml"].startswith("<math") and "<mfrac>" in copied["mathml"]
    assert 'display="block"' in copied["mathmlBlock"] and "display" not in copied["mathml"]
    assert (copied["typst"], copied["unicode"]) == ("frac(1, x^(2))", "1/x²")
    assert copied["svg"].startswith("<svg") and copied["svg"].count("<text") == 3
    assert "data:font/woff2" in copied["svg"] and '"version":1' in copied["ink"]
    draw(page, inks[0])
    page.select_option("#form", "inline")
    page.click("#candidates .copy >> nth=1")            # without taking it
    until(page, "() => document.querySelector('#status').textContent.startsWith('Copied: $')")
    assert page.evaluate("() => navigator.clipboard.readText()") == f"${shown(page)[1]}$"
    assert page.evaluate("() => JSON.parse(localStorage['tegashiki.choices']).form") == "inline"
    page.select_option("#form", "tex")


def test_a_symbol_lights_its_strokes_and_can_be_pinned(page, written, inks):
    number = next(i for i, e in enumerate(written) if len(e.ink.strokes) > 2)
    draw(page, inks[number])
    chosen = pin_something(page)
    until(page, "() => document.querySelector('#preview .pinned')")
    until(page, f"""() => [...document.querySelectorAll('#candidates .take')].every(
      (b) => b.dataset.latex.includes({chosen!r}))""")


def test_a_tap_on_a_stroke_opens_its_symbol_and_a_tap_beside_it_is_a_dot(page, written, inks):
    draw(page, inks[0])
    x, y = inks[0][0][len(inks[0][0]) // 2]
    strokes = count(page)
    draw(page, [[[x, y], [x + 1, y]]], wait=False)
    assert count(page) == strokes and page.is_visible("#alternatives")
    assert page.evaluate("() => document.activeElement.closest('#alternatives') !== null")
    page.keyboard.press("Escape")
    assert page.is_hidden("#alternatives")
    assert page.evaluate("() => document.activeElement.id") == "surface", "focus goes back"
    draw(page, [[[320, 150]]])
    assert count(page) == strokes + 1


def test_a_single_dot_is_a_point(page):
    draw(page, [[[100, 80]]])
    assert shown(page)[0] == "." and r"\cdots" not in shown(page)


def test_pins_are_heeded_one_after_the_other(page, inks):
    """Whatever the network would rather read there, and wherever it looks."""
    heeded = page.evaluate("""async (inks) => {
      const { SYMBOLS } = await import("./recognizer.js");
      const recognizer = pad.recognizer(), heeded = [];
      for (const strokes of inks) {
        recognizer.reset();
        strokes.forEach((points, i) => recognizer.addStroke(points, i));
        let found = await recognizer.candidates(5);
        for (const { token, strokes: mine, alternatives } of found[0].symbols) {
          const other = alternatives.find((a) => a.token !== token && a.token in SYMBOLS)?.token;
          if (!other || !mine.length) continue;
          recognizer.correct({ strokes: mine }, other);
          found = await recognizer.candidates(5);
          const written = ({ symbols }, pin) => symbols.some((s) =>
            s.token === pin.token && pin.strokes.every((id) => s.strokes.includes(id)));
          heeded.push(recognizer.pins.every((pin) => found.every((one) => written(one, pin))));
        }
      }
      recognizer.reset();
      return heeded;
    }""", inks[:6])
    assert len(heeded) > 10 and all(heeded), "".join("ny"[one] for one in heeded)


def test_masks_leave_only_what_is_wanted(page, written, inks):
    draw(page, inks[next(i for i, e in enumerate(written) if {"x", "a", "b"} & set(e.tokens))])
    page.select_option("#symbols", "digit operator")
    kept = page.evaluate("""async () => {
      const { SYMBOLS } = await import("./recognizer.js");
      const found = await pad.recognizer().candidates(5);
      return found.flatMap((c) => c.symbols.map((s) => SYMBOLS[s.token])).filter(Boolean);
    }""")
    page.select_option("#symbols", "")
    assert kept and "letter" not in kept


def test_the_alphabet_menu_limits_what_is_written_and_is_kept(browser, inks):
    context = browser[0].new_context(viewport={"width": 360, "height": 640})
    page = opened(context.new_page(), browser[1])
    assert page.locator("#symbols option").all_inner_texts()[-2:] == [
        "CROHME's symbols", "School mathematics"]
    page.select_option("#symbols", "school")
    for ink in inks[:4]:
        page.keyboard.press("Shift+Delete")
        draw(page, ink)
        found = page.evaluate("() => pad.reading.candidates")
        tokens = {token for candidate in found for token in candidate["tokens"]}
        assert len(found) == 5 and tokens <= alphabets.read("school") | {"_", "^", "{", "}"}
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert page.input_value("#symbols") == "school"
    assert page.evaluate("() => pad.recognizer().alphabet") == "school"
    page.click("#language")
    assert page.locator("#symbols option:checked").inner_text() == "学校の数学"
    context.close()


def test_strokes_that_are_in_no_symbol_are_tinted(page):
    """The page is told by the recogniser; which strokes those are, the released model is asked."""
    page.evaluate("""() => {
      const recognizer = pad.recognizer();
      recognizer.given = recognizer.unclaimed;
      recognizer.unclaimed = async () => [pad.ink.strokes.at(-1).id];
    }""")
    draw(page, [[[40, 40], [42, 90]], [[80, 60], [120, 60]]])
    until(page, "() => document.querySelector('#status').textContent.includes('in no symbol')")
    page.evaluate("() => { pad.recognizer().unclaimed = pad.recognizer().given; }")
    found = page.evaluate("() => pad.recognizer().unclaimed()")
    assert found is not None and len(found) <= 2


def test_scratching_out_erasing_and_the_lasso(page):
    bar = [[40 + 4 * i, 60] for i in range(20)]
    far = [[200 + 4 * i, 110] for i in range(15)]
    zigzag = [[35 + 45 * (1 - abs(i % 8 - 4) / 4) * 2, 55 + i / 4] for i in range(60)]
    draw(page, [bar, far, zigzag])
    assert count(page) == 1
    page.keyboard.press("Control+z")
    assert count(page) == 2
    page.keyboard.press("e")
    draw(page, [[[60, 40], [60, 60], [60, 90]]])
    assert count(page) == 1
    box = page.locator("#surface").bounding_box()
    page.keyboard.press("l")
    for name, x, y in (("move", 190, 90), ("down", 0, 0), ("move", 300, 90), ("move", 300, 130),
                       ("move", 190, 130), ("up", 0, 0)):
        getattr(page.mouse, name)(*((box["x"] + x, box["y"] + y) if name == "move" else ()))
    assert len(page.evaluate("() => pad.surface.selected")) == 1
    before = page.evaluate("() => pad.ink.strokes[0].points[0][0]")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => pad.ink.strokes[0].points[0][0]") == before + 8
    page.keyboard.press("Control+z")
    assert page.evaluate("() => pad.ink.strokes[0].points[0][0]") == before, "one step for both"
    page.keyboard.press("Delete")
    assert count(page) == 0


def test_a_part_is_read_alone_and_taken_alone(page, written, inks):
    left, right = inks[0], [[[x + 170, y] for x, y in stroke] for stroke in inks[1]]
    draw(page, left)
    alone = shown(page)[0]
    draw(page, right)
    page.evaluate("(n) => { pad.surface.select(pad.ink.strokes.slice(0, n).map((s) => s.id)); }",
                  len(left))
    page.keyboard.press("l")
    page.evaluate("""(n) => pad.surface.dispatchEvent(new CustomEvent("lasso", { detail: {
      ids: pad.ink.strokes.slice(0, n).map((s) => s.id) } }))""", len(left))
    page.click("#read-selection")
    until(page, f"""() => document.querySelector("#candidates .take")?.dataset.latex ===
      {alone!r}""")
    page.keyboard.press("1")
    assert (page.input_value("#tex"), count(page)) == (alone, len(right))


def test_room_is_made_by_dragging_and_the_sheet_is_larger_than_the_screen(page):
    draw(page, [[[40, 40], [40, 90]], [[200, 40], [200, 90]]])
    page.keyboard.press("s")
    draw(page, [[[120, 60], [140, 60], [180, 62]]], wait=False)
    firsts = page.evaluate("() => pad.ink.strokes.map((s) => s.points[0].slice(0, 2))")
    assert firsts == [[40, 40], [260, 40]], "only what is right of it moves, and straight"
    page.keyboard.press("Control+z")
    page.keyboard.press("p")
    # beyond the edge: kept as it was written, and brought back by a button
    draw(page, [[[300, 100], [500, 120]]])
    assert page.evaluate("() => pad.ink.strokes[2].points.at(-1).slice(0, 2)") == [500, 120]
    assert page.evaluate("() => pad.surface.view.scale") == 1
    page.click("#fit")
    assert page.evaluate("() => pad.surface.view.scale") < 1 and page.is_hidden("#fit")
    draw(page, [[[10, 10], [20, 20]]])
    assert page.evaluate("() => pad.ink.strokes[3].points[1][0] - pad.ink.strokes[3].points[0][0]"
                         ) > 12, "what is written small on a small sheet is large"


def test_fingers_and_palms(page):
    touches = """(events) => {
      const canvas = document.getElementById("surface"), box = canvas.getBoundingClientRect();
      for (const [type, id, name, x, y] of events) canvas.dispatchEvent(new PointerEvent(name, {
        pointerType: type, pointerId: id, bubbles: true, cancelable: true, buttons: 1,
        button: name === "pointermove" ? -1 : 0, clientX: box.left + x, clientY: box.top + y }));
      return pad.ink.strokes.map((s) => s.points.length);
    }"""
    late = [["touch", 1, "pointerdown", 20, 20], ["touch", 1, "pointermove", 20, 40],
            ["touch", 2, "pointerdown", 90, 90], ["touch", 2, "pointermove", 90, 20],
            ["touch", 2, "pointerup", 90, 20], ["touch", 1, "pointerup", 20, 60]]
    assert page.evaluate(touches, late) == [3], "a second finger, while writing, writes nothing"
    pinch = [["touch", 6, "pointerdown", 100, 80], ["touch", 7, "pointerdown", 200, 80],
             ["touch", 6, "pointermove", 90, 90], ["touch", 7, "pointermove", 290, 90],
             ["touch", 6, "pointerup", 90, 90], ["touch", 7, "pointerup", 290, 90]]
    assert page.evaluate(touches, pinch) == [3], "two fingers move and scale the sheet"
    assert page.evaluate("() => pad.surface.view.scale") == pytest.approx(2, abs=0.01)
    page.evaluate("() => { pad.surface.view.home(); }")
    palm = [["touch", 3, "pointerdown", 50, 90], ["pen", 4, "pointerdown", 90, 20],
            ["touch", 3, "pointermove", 50, 95], ["pen", 4, "pointermove", 90, 50],
            ["touch", 3, "pointerup", 50, 95], ["pen", 4, "pointerup", 90, 60],
            ["touch", 5, "pointerdown", 60, 90], ["touch", 5, "pointerup", 60, 95]]
    assert page.evaluate(touches, palm) == [3, 3], "only the pen wrote"


def test_long_formulas_fit_their_cards(page):
    """The width that is told from the tokens is not below KaTeX's, for formulas of all kinds."""
    wide = page.evaluate(WIDTHS, [
        r"x + y = z", r"\frac{ a + b }{ c }", r"x ^{ 2 } + y _{ i } ^{ 2 }", r"\sqrt{ x + 1 }",
        r"\sum _{ n = 1 } ^{ \infty } \frac{ 1 }{ n ^{ 2 } }", r"( a + b ) ^{ n } = 0",
        r"\int _{ 0 } ^{ 1 } f ( x ) d x", r"\sin \alpha \cos \beta", r"M W m w j l i"])
    assert all(1 <= share < 1.45 for share in wide), wide


WIDTHS = """async (formulas) => {
  const list = document.querySelector("#candidates"), shares = [];
  for (const formula of formulas) {
    const packed = formula.split(" ");
    const candidate = { packed, latex: formula, probability: 1, symbols: [], tokens: packed };
    await pad.reading.show([candidate], []);
    const katex = list.querySelector(".formula .katex-html");
    const size = parseFloat(getComputedStyle(katex).fontSize);
    shares.push(pad.emWidth(packed) * size / katex.getBoundingClientRect().width);
  }
  await pad.reading.show([], []);
  return shares;
}"""
