"""What a pass of the overfit gate vouches for: the code that training imports, and no more."""

import ast
import json

import pytest

from tegashiki import journal, networks
from tegashiki.journal.session.fingerprint import imports
from tegashiki.train import TRAINING_MODULES

TRAINING = ("02_overfit", "03_train", "05_strokes", "09_ablations", "13_distillation")
# Read by the training notebooks too, but what is trained does not depend on them.
REPORTING = ("tegashiki.journal", "tegashiki.evaluation", "tegashiki.ink.draw",
             "tegashiki.train.plots", "tegashiki.data.sets")


@pytest.fixture(scope="module")
def gated():
    return imports("tegashiki", TRAINING_MODULES)


@pytest.mark.parametrize("inside", [
    "tegashiki.train.learner", "tegashiki.train.known_faults", "tegashiki.tex.grammar",
    "tegashiki.ink.format", "tegashiki.decoding", "tegashiki.storage.archives",
    "tegashiki.synthesis.synthesizer", "tegashiki.errors"])
def test_what_training_imports_is_gated(gated, inside):
    assert inside in gated


def test_what_training_does_not_import_is_free(gated):
    rooms = {name.split(".")[1] for name in gated if "." in name}
    assert not rooms & {"journal", "signs", "kanji", "image2tex", "sequences", "pad", "commands",
                        "tflite", "evaluation", "cli"}


def test_every_network_is_gated(gated):
    """`networks.build` names its modules while it runs, where no reader of imports sees them."""
    assert {f"tegashiki.networks.{name}" for name in networks.FEATURES} <= set(gated)


def test_training_notebooks_import_nothing_that_is_not_gated(gated, checkout):
    for notebook in sorted((checkout / "notebooks" / "ink2tex").glob("*.ipynb")):
        if not notebook.stem.endswith(TRAINING):
            continue
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        code = "\n".join("".join(cell["source"]) for cell in cells[2:]
                         if cell["cell_type"] == "code" and "%pip" not in "".join(cell["source"]))
        names = {name for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)
                 and str(node.module).startswith("tegashiki")
                 for name in (node.module, *(f"{node.module}.{a.name}" for a in node.names))}
        found = set(imports("tegashiki", [n for n in names if is_module(n, checkout)]))
        reporting = set(imports("tegashiki", [n for n in found if n.startswith(REPORTING)]))
        assert not found - reporting - set(gated), notebook.name


def test_older_notebooks_ask_for_the_same_gate():
    """They say `rooms=`; a pass must count for older and newer notebooks alike."""
    assert journal.fingerprint("tegashiki", rooms=TRAINING_MODULES) == journal.fingerprint(
        "tegashiki", imported_by=TRAINING_MODULES)


def is_module(name, checkout):
    place = checkout.joinpath(*name.split("."))
    return place.is_dir() or place.with_suffix(".py").is_file()
