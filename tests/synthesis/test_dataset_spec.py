"""What a training is fed, and what it must never see."""

import dataclasses
import itertools

import numpy as np
import pytest

from tegashiki.data import bundle, sets
from tegashiki.errors import TegashikiError
from tegashiki.synthesis import dataset_spec
from tegashiki.synthesis.dataset_spec import DatasetSpec
from tegashiki.synthesis.example_stream import StreamConfig, Weights
from tests.toys import example

FROM_TEXT = StreamConfig(Weights(real=0, text=1, grammar=0, cut=0, shorten=0, replace=0, swap=0,
                                 compose=0), truncated=0.0)
SEEN, HELD_OUT = "x + 1", "y ^ { 2 }"


@pytest.fixture
def files(tmp_path):
    """Real ink that holds all symbols, a validation bundle, and a text that has its formula too."""
    real = [example(tex, f"real{n}") for n, tex in enumerate((SEEN, "y = 2", "x - y", "2 x"))]
    bundle.write(tmp_path / "train.npz", real, {})
    bundle.write(tmp_path / "validation.npz", [example(HELD_OUT)], {})
    (tmp_path / "text").write_text(f"5\t{SEEN}\n5\t{HELD_OUT}\n")
    return tmp_path


def formulas_of(spec, count=60):
    make = spec.start()
    return {" ".join(e.tokens) for e in itertools.islice(make(np.random.default_rng(3)), count)}


def test_validation_formulas_are_kept_out_of_the_text(files):
    spec = DatasetSpec(files / "train.npz", text=files / "text", config=FROM_TEXT)
    assert formulas_of(spec) == {SEEN, HELD_OUT}
    spec = DatasetSpec(files / "train.npz", text=files / "text", config=FROM_TEXT,
                       held_out=files / "validation.npz")
    assert formulas_of(spec) == {SEEN}


def test_spec_of_a_training_keeps_its_validation_out(files, monkeypatch):
    """The door of notebooks fills in what is here, and never forgets the validation part."""
    root = files / "sets" / "math" / "formulas"
    root.mkdir(parents=True)
    (root / "formulas.txt").write_text((files / "text").read_text())
    monkeypatch.setenv("TEGASHIKI_DATA", str(files / "sets"))
    monkeypatch.setattr(dataset_spec.sets, "here",
                        lambda name: root / "formulas.txt" if name == "formulas" else None)
    spec = dataset_spec.for_training(files / "train.npz", files / "validation.npz", "crohme",
                                     FROM_TEXT)
    assert spec.paths == [root / "formulas.txt"]
    assert formulas_of(spec) == {SEEN}
    alone = dataset_spec.for_training(files / "train.npz", files / "validation.npz", "synthetic")
    assert alone.paths == [] and alone.held_out == files / "validation.npz"


def test_wide_text_keeps_them_out_in_any_spelling(files):
    """In the wide vocabulary formulas are compared by their canonical form."""
    (files / "text").write_text(f"5\t{SEEN}\n5\ty ^ 2\n")           # is y ^ { 2 }
    spec = DatasetSpec(files / "train.npz", text=files / "text", config=FROM_TEXT, wide=True)
    assert formulas_of(spec) == {SEEN, HELD_OUT}
    for held_out in ({"held_out": files / "validation.npz"},
                     {"also_held_out": (files / "validation.npz",)}):
        spec = DatasetSpec(files / "train.npz", text=files / "text", config=FROM_TEXT, wide=True,
                           **held_out)
        assert formulas_of(spec) == {SEEN}


def test_every_helper_is_a_set_that_is_known():
    fields = {field.name for field in dataclasses.fields(DatasetSpec)}
    assert set(dataset_spec.WIDE_HELPERS) <= fields
    for name in dataset_spec.WIDE_HELPERS.values():
        sets.here(name)                              # raises for a set that nobody knows
    for name in dataset_spec.HELPERS.values():
        sets.here(name)


def test_shares_of_the_wide_mixture_are_a_whole():
    assert sum(dataclasses.astuple(dataset_spec.WIDE_MIXTURE.weights)) == pytest.approx(1)


@pytest.mark.parametrize("field", ["mathwriting_symbols", "hwrt", "detexify", "mathbrush",
                                   "detypify", "omniglot"])
def test_every_set_of_drawings_is_read(files, field):
    spec = DatasetSpec(files / "train.npz", wide=True, **{field: files / "nothing"})
    assert spec.paths == [files / "nothing"]
    with pytest.raises((TegashikiError, OSError), match="nothing"):
        list(spec._drawings())
