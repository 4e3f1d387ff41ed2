"""For everybody: any window, names, languages, colours, keys, screen readers, large fingers."""

import numpy as np
import pytest

from tegashiki.synthesis import formula_grammar
from tegashiki.tex.packing import pack
from tegashiki.tex.tree import canonical
from tests.pad.browser import CHECKOUT, draw, shown, until

pytestmark = pytest.mark.browser
WINDOWS = ((1280, 800), (768, 1024), (360, 640), (360, 560), (740, 360), (844, 390), (640, 400),
           (360, 400), (320, 480), (320, 256))
AXE = CHECKOUT / "node_modules" / "axe-core" / "axe.min.js"

# What overlaps, what sticks out of the window, and how high the surface is.
LAYOUT = """() => {
  const names = ["#tex", "#form", "#copy", "#preview", "#candidates", "#surface", "#tools", "#undo",
    "#redo", "#clear", "#symbols", "#wrong", "#open-settings", "#language", "#theme"];
  const boxes = names.map((name) => [name, document.querySelector(name)])
    .filter(([, node]) => node.offsetParent !== null)
    .map(([name, node]) => [name, node.getBoundingClientRect()]);
  const wrong = [];
  boxes.forEach(([name, a], i) => {
    if (a.right > innerWidth + 1 || a.bottom > innerHeight + 1 || a.left < -1 || a.top < -1
      || a.width < 20 || a.height < 20) wrong.push(name);
    for (const [other, b] of boxes.slice(i + 1)) {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 1 && high > 1) wrong.push(`${name} over ${other}`);
    }
  });
  return wrong;
}"""


@pytest.mark.parametrize("window", WINDOWS, ids=lambda size: "{}x{}".format(*size))
def test_nothing_overlaps_in_any_window(page, inks, window):
    page.set_viewport_size(dict(zip(("width", "height"), window, strict=True)))
    draw(page, inks[0])
    assert page.evaluate(LAYOUT) == []
    assert page.locator("#surface").bounding_box()["height"] >= 80
    assert page.evaluate("() => document.documentElement.scrollWidth") <= window[0]


def test_five_cards_are_seen_at_once_on_a_phone(page, inks):
    draw(page, inks[0])
    seen = page.evaluate("""() => [...document.querySelectorAll(".card")].filter((card) => {
      const { top, bottom } = card.getBoundingClientRect();
      const list = document.querySelector("#candidates").getBoundingClientRect();
      return top >= list.top - 1 && bottom <= list.bottom + 1;
    }).length""")
    assert seen == 5
    marked = page.evaluate("""() => [...document.querySelectorAll(".card")].map((card) =>
      card.querySelectorAll(".differs").length)""")
    assert marked[0] == 0 and any(marked[1:]), "what is different in a candidate is marked"


def test_every_symbol_of_144_formulas_can_be_tapped(page):
    """At 360 pixels: a tap on a symbol's ink finds that symbol, and nothing lies over it."""
    rng = np.random.default_rng(17)
    formulas = [pack(canonical(list(tokens)))[0]
                for tokens in formula_grammar.formulas(rng, 400) if len(tokens) < 40][:144]
    assert len(formulas) == 144
    missed, symbols, small = page.evaluate(TAP, formulas)
    assert symbols > 800 and missed == [], missed[:10]
    assert small == 0, "no place to hit is narrower than 24 pixels, if its neighbours leave it"


# Shows each formula and taps the middle of each box of each symbol, through the browser's own
# hit testing; the narrowest place is measured along a horizontal line through the middle.
TAP = """async (formulas) => {
  const { reading } = pad, preview = document.querySelector("#preview");
  const opening = new Set(["_{", "^{", "}", "}{", "]{"]), missed = [];
  let count = 0, small = 0;
  for (const packed of formulas) {
    const symbols = packed.flatMap((token, place) => (opening.has(token) ? []
      : [{ token, place, strokes: [place], alternatives: [{ token, probability: 1 }] }]));
    const latex = packed.join(" ");
    await reading.show([{ packed, latex, symbols, probability: 1, tokens: packed }], []);
    for (const symbol of symbols) {
      count++;
      const node = preview.querySelector(`[data-place="${symbol.place}"]`);
      node.scrollIntoView({ block: "nearest", inline: "center" });
      const boxes = pad.glyphBoxes(preview).filter(({ place }) => place === symbol.place);
      const found = boxes.some(({ box }) => {
        const x = (box[0] + box[2]) / 2, y = (box[1] + box[3]) / 2;
        return preview.contains(document.elementFromPoint(x, y))
          && reading.symbolAt(x, y) === symbol;
      });
      if (!found) missed.push(`${symbol.token} in ${latex}`);
      if (symbols.length === 1) {
        const [{ box }] = boxes, x = (box[0] + box[2]) / 2, y = (box[1] + box[3]) / 2;
        if (!reading.symbolAt(x + 12, y) || !reading.symbolAt(x - 12, y)) small++;
      }
    }
  }
  await reading.show([], []);
  return [missed, count, small];
}"""


# The layer for screen readers is made when the pen rests.
DESCRIBED = """() => document.querySelector("#preview .math math")
  && document.querySelectorAll(".spots button").length
  === pad.reading.candidates[0].symbols.filter(({ strokes }) => strokes.length).length"""


def test_a_screen_reader_gets_mathml_and_one_stop_for_the_symbols(page, inks):
    draw(page, inks[0])
    until(page, DESCRIBED)
    assert page.locator("#preview .math math").count() == 1
    assert page.get_attribute("#preview .formula", "aria-hidden") == "true"
    spots = page.locator(".spots button")
    stops = spots.evaluate_all("all => all.map((b) => b.tabIndex)")
    assert stops.count(0) == 1 and len(stops) > 1
    spots.first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => document.activeElement.dataset.place") == spots.nth(
        1).get_attribute("data-place")
    page.keyboard.press("Enter")
    assert page.is_visible("#alternatives")
    page.keyboard.press("Escape")
    assert page.evaluate("() => document.activeElement.dataset.place") == spots.nth(
        1).get_attribute("data-place"), "focus goes back to where it came from"
    until(page, "() => document.querySelector('#spoken').textContent")
    assert page.inner_text("#spoken") and "\\" not in page.inner_text("#spoken")
    labels = page.locator("#candidates .take .unseen").all_text_contents()
    assert labels[0].startswith("Candidate 1: ") and "\\" not in "".join(labels)


def test_single_keys_can_be_switched_off(page, inks):
    draw(page, inks[0])
    page.click("#open-settings")
    page.uncheck("#shortcuts")
    page.keyboard.press("Escape")
    page.locator("#surface").focus()
    for key in ("1", "e", "]"):
        page.keyboard.press(key)
    assert page.input_value("#tex") == "" and page.evaluate("() => pad.surface.tool") == "pen"
    page.click("#open-settings")
    page.check("#shortcuts")
    page.keyboard.press("Escape")
    page.locator("#surface").focus()
    page.keyboard.press("1")
    assert page.input_value("#tex")
    page.evaluate("() => localStorage.clear()")


def test_the_ring_around_the_surface_is_for_keys_only(page):
    outline = "() => getComputedStyle(document.querySelector('#surface')).outlineStyle"
    page.locator("#undo").focus()
    page.keyboard.press("Shift+Tab")
    page.locator("#surface").focus()
    assert page.evaluate(outline) == "solid"
    box = page.locator("#surface").bounding_box()
    page.mouse.move(box["x"] + 50, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 60)
    assert page.evaluate(outline) == "none"
    page.mouse.up()


STATES = {
    "empty": "() => {}",
    "dark": "() => { document.documentElement.dataset.theme = 'dark'; }",
    "settings": "() => { document.querySelector('#open-settings').click(); "
                "document.querySelector('#readable').open = true; }",
    "correction": "() => { document.querySelector('#wrong').click(); }",
    "alternatives": "() => { document.querySelector('.spots button').click(); }",
    "selection": "() => { pad.surface.dispatchEvent(new CustomEvent('lasso', "
                 "{ detail: { ids: [pad.ink.strokes[0].id] } })); }",
}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_serious(page, inks, state):
    if not AXE.is_file():
        pytest.skip("NO AXE: node_modules lacks axe-core; run `npm ci`")
    draw(page, inks[0])
    until(page, DESCRIBED)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8") + "; 0")
    page.evaluate(STATES[state])
    page.wait_for_timeout(200)                        # colours fade in
    found = page.evaluate("""async () => (await axe.run()).violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html.slice(0, 120)).join(" | ")}`)""")
    page.evaluate("() => { document.documentElement.dataset.theme = 'light'; }")
    page.keyboard.press("Escape")
    assert found == []


def test_japanese_english_dark_and_light(page):
    english = page.inner_text("#wrong")
    page.click("#language")
    assert page.inner_text("#wrong") == "違いますか？" != english
    assert page.get_attribute("html", "lang") == "ja"
    page.click("#language")
    colours = []
    for _ in range(3):
        page.click("#theme")
        colours.append(page.evaluate("() => getComputedStyle(document.body).backgroundColor"))
    assert len(set(colours)) == 2
    page.evaluate("() => localStorage.clear()")


def test_everything_that_can_be_pressed_has_a_name(page, inks):
    draw(page, inks[0])
    unnamed = page.evaluate("""() => [...document.querySelectorAll(
      "button, textarea, select, [role=button], canvas, input")].filter((node) =>
      !(node.ariaLabel || node.textContent.trim() || node.labels?.length))
      .map((node) => node.outerHTML)""")
    assert unnamed == [] and shown(page)


def test_what_can_be_read_is_shown(page):
    page.click("#open-settings")
    page.click("#readable summary")
    until(page, "() => document.querySelectorAll('#readable li').length > 90")
    assert page.evaluate("""async () => { const { SYMBOLS } = await import("./recognizer.js");
      return document.querySelectorAll('#readable li').length - Object.keys(SYMBOLS).length;
    }""") == 5
    page.keyboard.press("Escape")
