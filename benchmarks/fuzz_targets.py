"""The readers that take a stranger's file, for fuzz.py: sound files to start from, and the door.

Each function is given a folder of its own and returns ([a sound file, ...], ask). Where a format
wraps another one in hashes, what is inside is changed and wrapped again, so that the reader behind
the wrapping is reached.
"""

import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

Ask = Callable[[bytes], None]
STROKES = (np.array([[0, 0], [5, 5], [9, 2]]), np.array([[12, 0], [12, 9]]))


def inkml(home: Path) -> tuple[list[bytes], Ask]:
    """CROHME's and MathWriting's way of writing InkML; the truth is asked for apart."""
    from tegashiki.ink.inkml import read_inkml, read_truth

    plain = b'<ink><trace id="a">1 2, 3 4</trace><trace id="b">5 6 7, 8 9 10</trace></ink>'
    full = b"""<ink xmlns="http://www.w3.org/2003/InkML">
<traceFormat><channel name="X" type="decimal"/><channel name="Y"/>
<channel name="T" units="s"/></traceFormat><annotation type="truth">$x^2$</annotation>
<annotationXML type="truth" encoding="Content-MathML">
<math xmlns="http://www.w3.org/1998/Math/MathML"><msup><mi xml:id="x_1">x</mi><mn>2</mn></msup>
</math></annotationXML><trace id="0">1 2 0, 3 4 0.1</trace><trace id="1">5 6 1, 7 8 2</trace>
<traceGroup xml:id="2"><annotation type="truth">Segmentation</annotation><traceGroup xml:id="3">
<annotation type="truth">x</annotation><traceView traceDataRef="0"/>
<annotationXML href="x_1"/></traceGroup></traceGroup></ink>"""

    def ask(content: bytes) -> None:
        try:
            read_truth(content)
        finally:
            read_inkml(content, "a.inkml")

    return [plain, full], ask


def inkjson(home: Path) -> tuple[list[bytes], Ask]:
    """The project's own ink."""
    from tegashiki.ink.format import Ink, Symbol
    from tegashiki.ink.inkjson import read_json, write_json

    ink = Ink(strokes=STROKES, truth="x", symbols=(Symbol("x", (0, 1)),), id="a")
    write_json(ink, home / "a.json")
    seeds = [(home / "a.json").read_bytes(), b'{"strokes": [[[0, 0], [1, 1]]]}']
    return seeds, lambda content: read_json(content, "a.json")


def notebook(home: Path) -> tuple[list[bytes], Ask]:
    """A notebook that somebody asks to run, and an executed one that a command shows."""
    from nbformat import v4

    from tegashiki.journal.format import notebook as executed
    from tegashiki.journal.notebook import source

    cell = v4.new_code_cell('rate = 0.1  # @param {type: "number"}\nname = "a"', metadata={
        "tags": ["parameters"]}, execution_count=1)  # fmt: skip
    show = v4.new_code_cell("1", execution_count=2)
    show["outputs"] = [v4.new_output("stream", text="1\n"),
                       v4.new_output("error", ename="E", evalue="v"),
                       v4.new_output("display_data", {"text/html": "<b>1</b>"})]  # fmt: skip
    text = v4.writes(v4.new_notebook(cells=[v4.new_markdown_cell("# What?"), cell, show]))
    path = home / "2026-01-01_01_step.ipynb"

    def ask(content: bytes) -> None:
        path.write_bytes(content)
        try:
            source.read(path)
        finally:
            found = executed.read(path)
            executed.text(found)

    return [text.encode()], ask


def picture(home: Path) -> tuple[list[bytes], Ask]:
    """A formula on paper in each format; and one character."""
    from PIL import Image, ImageDraw

    from tegashiki.image2tex.reading import read_picture
    from tegashiki.kanji import datasets

    paper = Image.new("L", (24, 16), 255)
    ImageDraw.Draw(paper).line([(3, 3), (12, 12), (20, 4)], fill=0, width=2)
    seeds = []
    for kind, mode in (("PNG", "L"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "I;16"), ("JPEG", "L"),
                       ("BMP", "RGB"), ("GIF", "P"), ("WEBP", "RGB"), ("TIFF", "L"), ("TIFF", "F")):
        out = io.BytesIO()
        page = Image.fromarray(np.asarray(paper, np.uint16) * 257) if mode == "I;16" else (
            paper.convert(mode))
        page.save(out, kind)
        seeds.append(out.getvalue())
    path = home / "a.png"

    def ask(content: bytes) -> None:
        path.write_bytes(content)
        try:
            datasets.read_picture(path)
        finally:
            read_picture(content, "a.png")

    return seeds, ask


def landmarks(home: Path) -> tuple[list[bytes], Ask]:
    """HDF5 with a sequence of landmarks; the library that unpacks it is C."""
    import h5py

    from tegashiki.signs import landmarks as reader

    (home / reader.WORDS).write_text('{"a": 0, "b": 1}')
    path = home / "one.hdf5"
    with h5py.File(path, "w") as file:
        group = file.create_group("1")
        group["feature"], group["token"] = np.ones((3, 2, 543), np.float32), 1
    content = path.read_bytes()

    def ask(content: bytes) -> None:
        path.write_bytes(content)
        reader.read(path)

    return [content], ask


def _run(home: Path) -> Path:
    """The folder of a small sealed run."""
    from nbformat import v4

    from tegashiki.journal.format import folder, layout, manifest, metrics
    from tegashiki.journal.format import notebook as executed
    from tegashiki.storage import files

    record = folder.record("tiny", "step", "tegashiki", {"rate": 0.1})
    record |= {"began": True, "finished": True}
    path, state = folder.create(home, record, "launcher", executed.text(v4.new_notebook()), b"")
    files.write_json(path / layout.RESULTS, {"loss": 0.5})
    metrics.Metrics(path / layout.METRICS).add({"epoch": 1, "loss": 0.5})
    (path / layout.PICTURES / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    state.close("ok", exit_code=0, manifest_sha256=manifest.write(path))
    return path


def bundle(home: Path) -> tuple[list[bytes], Ask]:
    """A run's files: the first byte says which one is replaced by the rest; all hashes fit."""
    from tegashiki.journal.format import layout, manifest
    from tegashiki.journal.transfer import ingest
    from tegashiki.storage import files

    whole = _run(home / "away")
    names = (layout.RUN, layout.STATUS, layout.MANIFEST, layout.RESULTS, layout.METRICS,
             layout.NOTEBOOK, "pictures/a.svg", layout.RIGHTS, layout.PRUNED, layout.NOTES,
             layout.VERIFY)  # fmt: skip
    copy, archive = home / "copy" / "tiny" / whole.name, home / "runs"
    state = files.read_json(whole / layout.STATUS)

    def ask(content: bytes) -> None:
        for old in (copy, archive):
            shutil.rmtree(old, ignore_errors=True)
        shutil.copytree(whole, copy)
        name = names[content[0] % len(names)] if content else names[0]
        (copy / name).write_bytes(content[1:])
        if name not in (layout.STATUS, layout.MANIFEST):
            sealed = {"manifest_sha256": manifest.write(copy)}
            files.write_json(copy / layout.STATUS, state | sealed)
        try:
            taken, _ = ingest.ingest(copy, archive)
        except BaseException:
            assert not [path for path in archive.rglob("*") if path.is_file()], "refused, but left"
            raise
        assert taken.fault is None and not taken.broken(), "taken in, but not whole"

    others = {layout.RIGHTS: b'{"version": 2, "pictures": {}, "withdrawn": []}',
              layout.PRUNED: b'{"version": 3, "files": []}', layout.VERIFY: b"{}",
              layout.NOTES: b'{"version": 2, "why": "", "tags": []}'}  # fmt: skip
    return [bytes([n]) + ((whole / name).read_bytes() if (whole / name).is_file() else others[name])
            for n, name in enumerate(names)], ask


def packed(home: Path) -> tuple[list[bytes], Ask]:
    """The zip around a run, byte by byte."""
    from tegashiki.journal.archive import reader
    from tegashiki.journal.transfer import bundle as writer
    from tegashiki.journal.transfer import ingest

    (home / "out").mkdir()
    path = writer.write(reader.ArchivedRun(_run(home / "away")), home / "out")
    content, archive = path.read_bytes(), home / "runs"
    with zipfile.ZipFile(path) as file:
        assert file.namelist()

    def ask(content: bytes) -> None:
        shutil.rmtree(archive, ignore_errors=True)
        path.write_bytes(content)
        ingest.ingest(path, archive)

    return [content], ask


def examples(home: Path) -> tuple[list[bytes], Ask]:
    """The other files that people hand on: a bundle of examples, a shard, a page of KanjiVG."""
    from tegashiki.data import bundle as bundles
    from tegashiki.data.example import Example
    from tegashiki.data.tfrecord import pack, unpack
    from tegashiki.ink.format import Ink
    from tegashiki.kanji import kanjivg
    from tegashiki.tex.tokens import Vocabulary

    one = Example(Ink(strokes=STROKES, id="a"), ("x", "+", "x"), np.int16([0, 1]))
    path, vocabulary = home / "a.npz", Vocabulary.load()
    bundles.write(path, [one], {})
    path_data = b"M10,10c1,2,3,4,5,6s1,1,2,2l3,3"
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="%b"/></svg>' % path_data

    def ask(content: bytes) -> None:
        kind, rest = content[:1], content[1:]
        if kind == b"b":
            path.write_bytes(rest)
            list(bundles.read(path))
        elif kind == b"t":
            list(unpack(rest, vocabulary))
        else:
            kanjivg.parse(rest, "a.svg")

    return [b"b" + path.read_bytes(), b"t" + pack([one], vocabulary), b"k" + svg], ask


TARGETS = {reader.__name__: reader for reader in (
    inkml, inkjson, notebook, picture, landmarks, bundle, packed, examples)}  # fmt: skip
