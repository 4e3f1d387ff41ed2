"""What the pad is built from and into: pinned, reproducible, nothing from elsewhere."""

import hashlib
import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from tegashiki.cli import main
from tegashiki.decoding import language as languages
from tegashiki.decoding.language import Ngrams
from tegashiki.errors import TegashikiError
from tegashiki.pad import build as building
from tegashiki.pad.serve import serving
from tegashiki.pad.tables import FORBIDDEN, automaton, kinds, tables
from tegashiki.tex.grammar import Grammar
from tegashiki.tex.tokenizer import by_name
from tests.pad import browser as pad_browser
from tests.pad.browser import TOY

CHECKOUT = Path(__file__).resolve().parents[2]
LOCK = json.loads((CHECKOUT / "package-lock.json").read_text(encoding="utf-8"))


# -- the lock -------------------------------------------------------------------------------------


def test_the_lock_names_no_address_and_hashes_everything():
    text = (CHECKOUT / "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in text and "resolved" not in text, "see .npmrc; remove `funding` by hand"
    packages = {name: entry for name, entry in LOCK["packages"].items() if name}
    assert packages and all(entry["integrity"].startswith("sha512-") for entry in packages.values())


def test_versions_are_exact():
    wanted = json.loads((CHECKOUT / "package.json").read_text(encoding="utf-8"))
    pinned = wanted["dependencies"] | wanted["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in pinned.values())
    for name, version in pinned.items():
        assert LOCK["packages"][f"node_modules/{name}"]["version"] == version


# -- the tables -----------------------------------------------------------------------------------


NAMES = ("packed", "packed-wide")


@pytest.mark.parametrize("name", NAMES)
def test_the_written_out_grammar_walks_like_the_grammar(name):
    grammar, rng = Grammar(by_name(name).vocabulary), np.random.default_rng(3)
    table = automaton(grammar)
    for _ in range(60):
        state, frames = grammar.start, [table["start"]]
        for room in range(40, 0, -1):
            allowed = grammar.allowed(state, room)
            need = sum(table["closing"][frame] for frame in frames)
            assert need == grammar.need(state)
            spare = max(-1, min(room - need, table["spare"]))
            cost = table["cost"][len(frames) < table["maxDepth"]][frames[-1]]
            assert [c != FORBIDDEN and int(c) <= spare for c in cost] == allowed.tolist()
            token = int(rng.choice(np.flatnonzero(allowed)))
            effect = ord(table["effect"][frames[-1]][token]) - table["first"]
            state, frames = grammar.step(state, token), frames[:-1] + table["effects"][effect]
            if not state:
                break
            assert [table["frames"][frame] for frame in frames] == [list(frame) for frame in state]


@pytest.mark.parametrize("name", NAMES)
def test_every_symbol_is_of_one_kind(name):
    written, vocabulary = tables(name), by_name(name).vocabulary
    symbols, found = set(vocabulary.tokens) - {*written["special"], *written["structure"]}, \
        kinds(vocabulary)
    assert set(found) == symbols and set(found.values()) == {"digit", "letter", "operator"}
    assert {symbol for symbol, kind in found.items() if kind == "digit"} >= set("0123456789.")


@pytest.mark.parametrize("name", NAMES)
def test_tables_are_json(name):
    assert json.loads(json.dumps(tables(name))) == tables(name)


def test_other_names_stand_for_tokens_that_the_model_has():
    for name in NAMES:
        written = tables(name)
        for tokens in written["aliases"].values():
            assert set(tokens) <= set(written["plain"])
    assert written["aliases"][r"\varepsilon"] == [r"\epsilon"]
    assert set(written["alphabets"]["school"]) <= set(written["plain"])


# -- the command ----------------------------------------------------------------------------------


def test_the_command_writes_the_page_and_says_what_it_wrote(built, tmp_path, capsys):
    assert main(["pad", "--build", str(tmp_path / "p"), "--model", str(pad_browser.TOY),
                 "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["files"]["index.html"] == (tmp_path / "p" / "index.html").stat().st_size
    assert said["bytes"] == sum(said["files"].values())


def test_the_command_without_a_model_says_so(tmp_path, capsys):
    assert main(["pad", "--model", str(tmp_path)]) == 1
    assert "no model.json here" in capsys.readouterr().err


def test_a_language_that_the_page_cannot_read_is_said(tmp_path):
    shutil.copytree(TOY, tmp_path / "model")
    languages.write(Ngrams(("<s>", "</s>"), 1, {}, 0.5, 1.0, "none"), tmp_path / "model")
    with pytest.raises(TegashikiError, match=r"language\.json: a table of n-grams, which the pad"):
        building.copy_model(tmp_path / "model", tmp_path / "there")


def test_a_port_that_is_taken_is_said(tmp_path):
    with serving(tmp_path) as address, pytest.raises(TegashikiError, match="another with --port"):
        with serving(tmp_path, int(address.rstrip("/").rsplit(":", 1)[1])):
            pass


# -- the page -------------------------------------------------------------------------------------


def test_it_holds_what_a_host_needs(built):
    names = {path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()}
    assert names >= {"index.html", "page.js", "page.css", "katex.css", "recognizer.js", "worker.js",
                     "recognizer.d.ts", "engine.js", "sw.js", "manifest.webmanifest", "icon.svg",
                     "model/model.json", "model/vocabulary.txt", "licences.txt",
                     "wasm/litert_wasm_internal.wasm", "wasm/litert_wasm_compat_internal.wasm"}
    assert not any(name.endswith((".ttf", ".woff", ".map")) for name in names)
    style = (built / "katex.css").read_text(encoding="utf-8")
    assert all((built / name).is_file() for name in re.findall(r"url\((.*?)\)", style))


def test_the_same_inputs_give_the_same_bytes(built, tmp_path):
    again = tmp_path / "pad"
    building.build(again, pad_browser.TOY)
    for path in built.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (again / path.relative_to(built)).read_bytes(), path.name


def test_the_model_is_named_with_its_hash(built):
    described = json.loads((built / "model/model.json").read_text(encoding="utf-8"))
    content = (built / "model" / described["file"]).read_bytes()
    assert described["sha256"] == hashlib.sha256(content).hexdigest()
    assert described["bytes"] == len(content)


def test_the_service_worker_lists_files_that_are_there(built):
    text = (built / "sw.js").read_text(encoding="utf-8")
    files = json.loads(re.search(r"const FILES = (\[.*?\]);", text)[1])
    assert all((built / name).is_file() for name in files) and "index.html" in files
    assert any(name.endswith(".tflite") for name in files)


def test_the_page_asks_nobody_else(built):
    page = (built / "index.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page and "'unsafe-eval'" not in page
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    source = "".join(path.read_text(encoding="utf-8") for path in building.WEB.rglob("*.js"))
    assert "innerHTML" not in source and "insertAdjacentHTML" not in source
    assert not re.search(r"https?://", source)


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years")
    with pytest.raises(TegashikiError, match="not empty and no pad"):
        building.build(tmp_path, pad_browser.TOY)
    assert (tmp_path / "thesis.txt").read_text() == "years"


def test_a_build_that_fails_leaves_the_page_that_was_there(built, tmp_path):
    before = sorted(built.rglob("*"))
    with pytest.raises(TegashikiError, match="no exported recogniser"):
        building.build(built, tmp_path)
    assert sorted(built.rglob("*")) == before
    assert not list(built.parent.glob(".*")), "nothing half made is left"


def test_without_node_modules_it_says_what_to_do(tmp_path):
    with pytest.raises(TegashikiError, match="make pad"):
        building.build(tmp_path / "pad", pad_browser.TOY, modules=tmp_path / "none")
