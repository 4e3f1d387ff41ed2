r"""The page's JavaScript with the tables of the wide vocabulary: TeX, KaTeX, MathML and so on."""

import json
import shutil
import subprocess

import numpy as np
import pytest

from tegashiki.pad import tables
from tegashiki.pad.build import WEB
from tegashiki.storage.archives import open_text
from tegashiki.tex.clean import clean_mathml
from tegashiki.tex.packing import SLOTS, pack
from tegashiki.tex.problems import CleanError
from tegashiki.tex.tokenizer import by_name
from tegashiki.tex.tokens import wide
from tegashiki.tex.tree import canonical
from tests.pad import browser as pad_browser

ASK = """
import katex from "katex";
import { compact, pack, unpack } from "./recognizer.js";
import { marked } from "./formula.js";
import { typst, unicode } from "./plain.js";
import { emWidth } from "./size.js";
import { spoken } from "./speech.js";
import { readFileSync } from "node:fs";

const options = { throwOnError: true, strict: false };
function attempt(ask) {
  try { return ask(); } catch (problem) { return `${problem.name}: ${problem.message}`; }
}
const asked = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify({
  typed: asked.typed.map((tex) => attempt(() => pack(tex))),
  drawn: asked.packed.map((packed) => attempt(() => {
    katex.renderToString(`\\\\displaystyle ${marked(packed)}`, { ...options, trust: true });
    const tex = compact(unpack(packed));
    return { tex, mathml: katex.renderToString(tex, { ...options, output: "mathml" }),
      again: pack(tex), width: emWidth(packed), said: spoken(packed), sagt: spoken(packed, "ja"),
      typst: typst(tex), unicode: unicode(tex) };
  })),
}));
"""


@pytest.fixture(scope="module")
def ask(browser_tools, tmp_path_factory):
    """A function that asks the page's modules, bundled for Node with the tables `packed-wide`."""
    folder = tmp_path_factory.mktemp("wide")
    for name in ("formula", "plain", "size", "speech"):
        shutil.copy(WEB / "page" / f"{name}.js", folder)
    (folder / "recognizer.js").write_text("".join(
        f'export * from "{WEB / "recognizer" / name}.js";\n' for name in ("tex", "aligned")))
    (folder / "ask.js").write_text(ASK, encoding="utf-8")
    tables.write(folder / "tables.json", "packed-wide")
    modules = pad_browser.CHECKOUT / "node_modules"
    subprocess.run([str(modules / ".bin" / "esbuild"), str(folder / "ask.js"), "--bundle",
                    "--platform=node", "--format=cjs", f"--alias:tables={folder / 'tables.json'}",
                    f"--outfile={folder / 'asked.cjs'}", "--log-level=error"],
                   check=True, timeout=120,
                   env={"NODE_PATH": str(modules), "PATH": "/usr/bin:/bin"})

    def answer(**question):
        done = subprocess.run(["node", str(folder / "asked.cjs")], input=json.dumps(question),
                              text=True, capture_output=True, check=True, timeout=120)
        return json.loads(done.stdout)

    return answer


TYPED = {
    r"\hat x": r"\hat { x }",
    r"\bar{x}_1^2": r"\overline { x } _ { 1 } ^ { 2 }",
    r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}":
        r"( \begin{matrix} a & b \\ c & d \end{matrix} )",
    r"\begin{cases} 1 & x>0 \\ 0 \end{cases}": r"\{ \begin{matrix} 1 & x > 0 \\ 0 \end{matrix}",
    r"\begin{matrix} a & & b & \\ & \\ c & & d \end{matrix}":
        r"\begin{matrix} a & b \\ c & d \end{matrix}",
    r"[\begin{matrix} x \end{matrix}]": "[ x ]",
    r"\binom n{k} \mathbb R \mathcal{L} \mathbb{E}":
        r"( \begin{matrix} n \\ k \end{matrix} ) \mathbb{R} \mathcal{L} \mathbb{E}",
    r"\left. \varepsilon \right| A \setminus B \implies C":
        r"\epsilon | A \backslash B \Rightarrow C",
    r"5\% \le \|x\|": r"5 \% \leq \| x \|",
}
BROKEN = [r"\hat", r"\hat{}", r"\begin{matrix} a", "a & b", r"\end{matrix}", r"\mathbb", r"\foo",
          r"\begin{matrix} a } \end{matrix}"]


def test_tex_is_packed_as_in_python(ask):
    found = ask(typed=[*TYPED, *BROKEN], packed=[])["typed"]
    assert found[:len(TYPED)] == [pack(tex.split())[0] for tex in TYPED.values()]
    assert all(isinstance(problem, str) for problem in found[len(TYPED):])


def test_every_symbol_is_drawn_said_and_written_otherwise(ask):
    tokenizer = by_name("packed-wide")
    symbols = [[t] for t in tokenizer.vocabulary.tokens[22:]]
    accents = [[token, "x", "}"] for token in SLOTS
               if token[0] == "\\" and token.endswith("{") and token != r"\frac{"]
    found = ask(typed=[], packed=[*symbols, *accents])["drawn"]
    for packed, one in zip([*symbols, *accents], found, strict=True):
        assert isinstance(one, dict), (packed, one)
        assert one["again"] == packed and one["said"] and one["sagt"] and one["unicode"]
        assert "\\math" not in one["typst"] + one["unicode"]


def test_formulas_are_drawn_and_their_mathml_is_read_back(ask, data_root):
    path = data_root / "math" / "formulas" / "formulas_wide.txt.xz"
    if not path.is_file():
        pytest.skip(f"NO REAL DATA: {path} is missing")
    lines = [line.partition("\t")[2].split() for line in open_text(path)]
    chosen = np.random.default_rng(0).choice(len(lines), 300, replace=False).tolist()
    chosen += [i for i, tokens in enumerate(lines) if r"\begin{matrix}" in tokens][::200]
    formulas = [canonical(lines[i]) for i in chosen]
    packed = [pack(tokens)[0] for tokens in formulas]
    found = ask(typed=[" ".join(lines[i]) for i in chosen], packed=packed)
    assert found["typed"] == packed
    back = 0
    for tokens, parts, one in zip(formulas, packed, found["drawn"], strict=True):
        assert isinstance(one, dict), (tokens, one)
        assert one["again"] == parts
        assert 0.3 < one["width"] < 200
        math = one["mathml"]
        try:
            read = clean_mathml(math[math.index("<math"):math.rindex("</math>") + 7], wide())
        except CleanError:
            continue
        back += list(read.tokens) == tokens
    assert back / len(formulas) > 0.9
