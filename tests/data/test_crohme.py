"""The sets: found or said where to get; CROHME with its symbols; the others with their tokens."""

import json
import lzma
import zipfile
from collections import Counter

import numpy as np
import pytest

from tegashiki.data import crohme, mathwriting, sets, symbols
from tegashiki.data.alignment import align
from tegashiki.errors import TegashikiError
from tegashiki.ink.format import Ink, Symbol

INKML = """<ink><annotation type="writer">{writer}</annotation>
<annotation type="truth">$x^2$</annotation>
<annotationXML><math><msup><mi xml:id="x_1">x</mi><mn xml:id="2_1">2</mn></msup></math>
</annotationXML>
<trace id="0">0 0, 1 1</trace><trace id="1">2 -1</trace><trace id="2">1 0, 0 1</trace>
<traceGroup><traceGroup><annotation type="truth">x</annotation><traceView traceDataRef="0"/>
<traceView traceDataRef="2"/><annotationXML href="x_1"/></traceGroup>
<traceGroup><annotation type="truth">2</annotation><traceView traceDataRef="1"/></traceGroup>
</traceGroup></ink>"""


@pytest.fixture
def package(tmp_path):
    """A CROHME package as a zip: two good files, two bad ones, and one of another part."""
    path = tmp_path / "TC11_package.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data/TrainINKML/MathBrush/2009210-947-12.inkml", INKML.format(writer=""))
        archive.writestr("data/TrainINKML/HAMEX/f1.inkml", INKML.format(writer="depart001"))
        archive.writestr("data/TrainINKML/HAMEX/empty.inkml", "")
        archive.writestr("data/TrainINKML/HAMEX/no.inkml", "<ink><trace>1 2</trace></ink>")
        archive.writestr("data/TestINKMLGT/t1.inkml", INKML.format(writer="Unknown"))
    return path


def test_a_package_with_bad_files(package):
    seen = []
    examples, skipped = crohme.read(package, "train", progress=seen.append)
    assert [example.ink.id for example in examples] == ["2009210-947-12", "f1"]
    assert [example.ink.writer for example in examples] == ["2009210-947", "depart001"]
    for example in examples:
        assert example.tokens == ("x", "^", "{", "2", "}")
        assert example.alignment.tolist() == [0, 3, 0]
    assert crohme.aligned(examples) == 1
    assert {item.file.rpartition("/")[2] for item in skipped} == {"empty.inkml", "no.inkml"}
    reasons = {item.file.rpartition("/")[2]: item.reason for item in skipped}
    assert reasons["empty.inkml"].startswith("is empty")
    assert seen == [1, 2, 3, 4]
    test, _ = crohme.read(package, "test2013")
    assert [(example.ink.id, example.ink.writer) for example in test] == [("t1", "")]


def test_the_folder_of_a_part_itself(package, tmp_path):
    with zipfile.ZipFile(package) as archive:
        archive.extractall(tmp_path / "unpacked")
    whole, _ = crohme.read(tmp_path / "unpacked", "train")
    part, _ = crohme.read(tmp_path / "unpacked" / "data" / "TrainINKML", "train")
    source, _ = crohme.read(tmp_path / "unpacked" / "data" / "TrainINKML" / "HAMEX", "train")
    assert [len(whole), len(part), len(source)] == [2, 2, 1]


def test_unknown_or_missing_parts(package):
    with pytest.raises(TegashikiError, match=r"valid: no part of CROHME; parts are train, "):
        crohme.read(package, "valid")
    with pytest.raises(TegashikiError, match=r"no \.inkml in a folder named test2014 or"):
        crohme.read(package, "test2014")


def test_captions(tmp_path):
    (tmp_path / "train_caption.txt").write_text("a\tx ^ { 2 }\nb\t\\frac { 1 } { 2 }\n")
    assert crohme.captions("train", tmp_path) == {
        "a": ("x", "^", "{", "2", "}"), "b": ("\\frac", "{", "1", "}", "{", "2", "}")}
    assert crohme.captions("test2014", tmp_path) == {}
    (tmp_path / "train_caption.txt").write_text("a\tx\nno tab\n")
    with pytest.raises(TegashikiError, match=r"train_caption\.txt: line 2: is not"):
        crohme.captions("train", tmp_path)


def test_finding_a_set(tmp_path, monkeypatch):
    monkeypatch.setenv("TEGASHIKI_DATA", str(tmp_path))
    with pytest.raises(TegashikiError) as error:
        sets.find("crohme")
    message = str(error.value)
    for word in ("crohme: not found", str(tmp_path), "tc11.cvc.uab.es", "CC BY", "inkml.tar.xz"):
        assert word in message
    assert sets.here("crohme") is None
    (tmp_path / "math" / "crohme" / "inkml").mkdir(parents=True)
    assert sets.find("crohme") == tmp_path / "math" / "crohme" / "inkml"
    (tmp_path / "math" / "crohme" / "inkml.tar.xz").write_bytes(b"")
    assert sets.find("crohme").name == "inkml.tar.xz", "the best place first"
    assert sets.find(tmp_path) == tmp_path, "a path is itself"
    with pytest.raises(TegashikiError, match="neither a path that exists nor a known set"):
        sets.find("chrome")
    monkeypatch.setenv("TEGASHIKI_DATA", str(tmp_path / "none"))
    with pytest.raises(TegashikiError, match=r"TEGASHIKI_DATA=.*none: is no folder; set"):
        sets.find("crohme")
    assert sets.here("crohme") is None


def test_every_set_says_what_a_person_needs():
    for name, known in sets.SETS.items():
        assert name == known.name and known.what and known.licence and known.home and known.places
        assert all(not place.startswith("/") for place in known.places)


def ink_of(*symbols):
    """One short stroke a symbol, at (x, y), of the given width: (label, x, y, width)."""
    strokes = tuple(np.float32([[x, y], [x + width, y]]) for _, x, y, width in symbols)
    return Ink(strokes=strokes,
               symbols=tuple(Symbol(item[0], (i,)) for i, item in enumerate(symbols)))


def test_alignment_by_signs_where_the_names_are_missing():
    tokens = r"\frac { a - 1 } { \sqrt { a } } - 1".split()
    ink = ink_of(("a", 0, 0, 1), ("-", 2, 0, 1), ("1", 4, 0, 0), ("-", 0, 3, 5),
                 (r"\sqrt", 1, 5, 3), ("a", 2, 6, 1), ("-", 7, 3, 1), ("1", 9, 3, 0))
    assert [tokens[i] for i in align(ink, tokens)] == [
        "a", "-", "1", r"\frac", r"\sqrt", "a", "-", "1"]
    assert align(ink, tokens).tolist() == [2, 3, 4, 0, 7, 9, 12, 13]


def test_alignment_of_what_does_not_fit():
    ink = ink_of(("x", 0, 0, 1), ("y", 1, 0, 1), ("x", 2, 0, 1), ("", 3, 0, 1))
    assert align(ink, ["x", "x", "x"]).tolist()[1] == -1, "no such token"
    assert align(ink, ["x"]).tolist() == [0, -1, -1, -1], "one token is written once"
    assert align(ink_of((".", 0, 0, 0), (".", 1, 0, 0), (".", 2, 0, 0)),
                 [r"\ldots"]).tolist() == [0, 0, 0], "but its dots may be named one by one"
    strange = Ink(strokes=(np.float32([[0, 0]]),), symbols=(Symbol("a", (0,), "twice"),))
    assert align(strange, ["a", "a"], ["twice", "twice"]).tolist() in ([0], [1])


def test_detexify_and_hwrt(tmp_path):
    lines = [
        {"id": 1, "command": "\\alpha", "mode": "math", "strokes": [[[0, 0.5], [1, 0.5]]]},
        {"id": 2, "command": "\\to", "mode": "both", "strokes": [[[0, 0]]]},
        {"id": 3, "command": "\\heartsuit", "mode": "math", "strokes": [[[0, 0]]]},
        {"id": 4, "command": "\\alpha", "mode": "math", "strokes": [[[0, None]]]},
        {"id": 5, "command": "|", "mode": "text", "strokes": [[[0, 0]]]},
    ]
    path = tmp_path / "detexify.jsonl.xz"
    path.write_bytes(lzma.compress("\n".join(map(json.dumps, lines)).encode()))
    samples, skipped = symbols.detexify(path)
    assert [(sample.token, sample.style) for sample in samples] == [
        ("\\alpha", "detexify/1"), ("\\rightarrow", "detexify/2")]
    assert samples[0].strokes[0].tolist() == [[0, 0.5], [1, 0.5]]
    assert skipped["\\heartsuit"] == 1 and skipped["|"] == 1 and sum(skipped.values()) == 3

    path = tmp_path / "hwrt.jsonl"
    path.write_text(json.dumps({"latex": "B", "user": 10, "type": "single symbol",
                                "strokes": [[[260, 240, 28], [1, 2, 3]]]}) + "\nnot json\n")
    with pytest.raises(TegashikiError, match=r"hwrt\.jsonl: line 2: is no JSON object"):
        symbols.hwrt(path)
    path.write_text(path.read_text().splitlines()[0])
    samples, skipped = symbols.hwrt(path)
    assert samples[0].style == "hwrt/10" and samples[0].strokes[0].shape == (2, 2)
    assert skipped == Counter()
    with pytest.raises(TegashikiError, match="no symbol of the vocabulary"):
        symbols.detexify(path)


def test_mathwriting(tmp_path):
    inkml = ('<ink><annotation type="label">{0}</annotation><annotation type="normalizedLabel">{1}'
             '</annotation><traceFormat><channel name="X"/><channel name="Y"/><channel name="T" '
             'units="ms"/></traceFormat><trace>1 2 500, 3 4 1500</trace></ink>')
    for name, labels in {"train/b": ("x", r"\frac{a}{b}"), "train/a": ("x", "x^2"),
                         "train/c": ("x", r"\aleph"), "symbols/s": (r"\alpha", ""),
                         "symbols/t": (r"\aleph", "")}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.inkml").write_text(inkml.format(*labels))
    examples, skipped = mathwriting.read(tmp_path, "train")
    assert [(example.ink.id, " ".join(example.tokens)) for example in examples] == [
        ("a", "x ^ { 2 }"), ("b", r"\frac { a } { b }")]
    assert examples[0].ink.times[0].tolist() == [0, 1] and examples[0].alignment.tolist() == [-1]
    assert [item.file for item in skipped] == ["train/c.inkml"] and "aleph" in skipped[0].reason
    assert len(mathwriting.read(tmp_path, "train", limit=1)[0]) == 1
    samples, left_out = mathwriting.symbols(tmp_path)
    assert [(sample.token, sample.style) for sample in samples] == [("\\alpha", "mathwriting/s")]
    assert left_out == {r"\aleph": 1}
    with pytest.raises(TegashikiError, match="no part of MathWriting"):
        mathwriting.read(tmp_path, "symbols")
    with pytest.raises(TegashikiError, match=r"no \.inkml in a folder named valid"):
        mathwriting.read(tmp_path, "valid")


def real(name):
    path = sets.here(name)
    if path is None:
        pytest.skip(f"THE REAL SET {name} IS NOT HERE (set TEGASHIKI_DATA): not tested on it")
    return path


@pytest.mark.slow
def test_real_test2014():
    examples, skipped = crohme.read(real("crohme"), "test2014")
    published = crohme.captions("test2014", real("crohme-labels"))
    assert len(examples) == len(published) == 986 and not skipped
    same = sum(example.tokens == published[example.ink.id] for example in examples)
    assert same / 986 >= 0.97, "agreement of our cleaning with the published captions"
    assert crohme.aligned(examples) > 0.99
    assert all(example.ink.writer for example in examples)


@pytest.mark.slow
def test_real_train():
    examples, skipped = crohme.read(real("crohme"), "train")
    published = crohme.captions("train", real("crohme-labels"))
    assert len(examples) == 8835
    assert [item.file.rpartition("/")[2] for item in skipped] == ["MfrDB3088.inkml"]
    same = sum(example.tokens == published[example.ink.id] for example in examples)
    assert same / 8835 >= 0.93
    assert crohme.aligned(examples) > 0.97
    assert sum(example.ink.times is not None for example in examples) == 1583
    writers = {example.ink.writer for example in examples}
    assert len(writers) == 354, "332 with a name, 21 sessions of MathBrush, and unknown as one"


@pytest.mark.slow
def test_real_symbols():
    for read, name in ((symbols.hwrt, "hwrt"), (mathwriting.symbols, "mathwriting-symbols")):
        samples, _ = read(real(name))
        assert len(samples) > 2000
        assert len({sample.token for sample in samples}) > 85
