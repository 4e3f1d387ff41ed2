"""The recogniser as a module in somebody's page."""

import json

import pytest

from tegashiki.ink import inkjson

pytestmark = pytest.mark.browser


def test_the_embedding_of_the_readme(browser):
    page = browser[0].new_page()
    page.goto(browser[1] + "licences.txt")
    tex = page.evaluate("""async () => {
      const { create } = await import("/recognizer.js");
      const recognizer = await create({ model: "/model/" });
      recognizer.addStroke([[10, 20], [12, 40], [14, 60]]);
      const [best] = await recognizer.candidates(5);
      recognizer.correct(0, "1");
      const [pinned] = await recognizer.candidates(5);
      recognizer.close();
      return [best.latex, pinned.latex, JSON.stringify(recognizer.toJSON("1"))];
    }""")
    assert len(tex[0]) and "1" in tex[1]
    assert inkjson.read_json(json.loads(json.dumps(tex[2])).encode()).truth == "1"
    page.close()


def test_what_is_closed_answers_no_more_and_bytes_are_counted(browser):
    page = browser[0].new_page()
    page.goto(browser[1] + "licences.txt")
    answers = page.evaluate("""async () => {
      const { create } = await import("/recognizer.js"), seen = [], codes = [];
      for (const worker of [true, false]) {
        const progress = (loaded, total) => seen.push(loaded / total);
        const recognizer = await create({ model: "/model/", worker, progress });
        recognizer.addStroke([[10, 20], [12, 40], [14, 60]]);
        const under_way = recognizer.candidates(5).catch(({ code }) => code);
        recognizer.close();
        codes.push(await under_way, await recognizer.candidates(5).catch(({ code }) => code));
      }
      return [codes, seen.every((share) => share > 0 && share <= 1), Math.max(...seen)];
    }""")
    assert [code if isinstance(code, str) else "answered" for code in answers[0]].count(
        "worker") >= 3
    assert answers[1] and answers[2] > 0.95
    page.close()


def test_the_first_that_is_told_is_the_best(page, browser, inks):
    told = page.evaluate("""async ({ inks, model }) => {
      const { create } = await import("/recognizer.js"), found = [];
      for (const worker of [true, false]) {
        const recognizer = await create({ model, worker });
        for (const ink of inks) {
          recognizer.reset();
          for (const stroke of ink) recognizer.addStroke(stroke);
          const firsts = [];
          const all = await recognizer.candidates(5, (best) => firsts.push(best));
          found.push([firsts.map(({ latex }) => latex), all[0].latex, JSON.stringify(
            firsts[0]?.symbols) === JSON.stringify(all[0].symbols)]);
        }
        recognizer.close();
      }
      return found;
    }""", {"inks": inks[:8], "model": "/model/"})
    firsts = [(first, best, same) for first, best, same in told if first]
    assert len(firsts) >= 12
    assert all(first == [best] and same for first, best, same in firsts)
