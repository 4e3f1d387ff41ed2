"""InkML: what the sets write is read exactly, what nobody should send is refused in one line."""

from pathlib import Path

import numpy as np
import pytest

from tegashiki.errors import TegashikiError
from tegashiki.ink import format as limits
from tegashiki.ink import read_ink
from tegashiki.ink.format import Ink, Symbol
from tegashiki.ink.inkml import read_inkml, write_inkml

CROHME = """<ink xmlns="http://www.w3.org/2003/InkML">
<traceFormat><channel name="X" type="decimal"/><channel name="Y" type="decimal"/></traceFormat>
<annotation type="UI">2011_IVC_F001</annotation>
<annotation type="writer">depart001</annotation>
<annotation type="truth">$x &lt; 1$</annotation>
<annotationXML type="truth" encoding="Content-MathML">
<math xmlns='http://www.w3.org/1998/Math/MathML'><mi xml:id="x_1">x</mi></math></annotationXML>
<trace id="0">
1.5 2, 1.5 2, -3e1 4
</trace>
<trace id="7">5 6</trace>
<trace id="t2">7 8,9 10,</trace>
<traceGroup xml:id="3"><annotation type="truth">Segmentation</annotation>
  <traceGroup xml:id="4"><annotation type="truth">x</annotation>
    <traceView traceDataRef="t2"/><traceView traceDataRef="0"/><annotationXML href="x_1"/>
  </traceGroup>
  <traceGroup xml:id="5"><annotation type="truth">\\lt</annotation>
    <traceView traceDataRef="7"/>
  </traceGroup>
</traceGroup></ink>"""

MATHWRITING = """<ink xmlns="http://www.w3.org/2003/InkML">
<annotation type="label">\\frac ab</annotation>
<annotation type="normalizedLabel">\\frac{a}{b}</annotation>
<traceFormat><channel name="X" type="decimal"/><channel name="Y" type="decimal"/>
<channel name="T" type="decimal" units="ms"/></traceFormat>
<trace id="0">1 2 5000.0,3 4 5250.0</trace><trace id="1">5 6 6000</trace></ink>"""


def ink_of(*traces, head=""):
    body = "".join(f'<trace id="{i}">{trace}</trace>' for i, trace in enumerate(traces))
    return f"<ink>{head}{body}</ink>".encode()


def refused(data, *words):
    with pytest.raises(TegashikiError) as error:
        read_inkml(data, name="bad.inkml")
    message = str(error.value)
    assert message.startswith("bad.inkml: ") and "\n" not in message and len(message) < 250, message
    assert ";" in message, "says what to do"
    for word in words:
        assert word in message, message


def test_crohme_with_symbols():
    ink = read_inkml(CROHME.encode(), "train/HAMEX/formulaire001-equation001.inkml")
    assert [stroke.tolist() for stroke in ink.strokes] == [
        [[1.5, 2], [1.5, 2], [-30, 4]], [[5, 6]], [[7, 8], [9, 10]]]
    assert all(stroke.dtype == np.float32 for stroke in ink.strokes)
    assert (ink.id, ink.writer) == ("formulaire001-equation001", "depart001")
    assert ink.truth == "$x < 1$" and ink.times is None
    assert ink.mathml.startswith("<math") and 'xml:id="x_1"' in ink.mathml
    assert ink.symbols == (Symbol("x", (2, 0), "x_1"), Symbol("\\lt", (1,), ""))


def test_mathwriting_with_time_in_seconds():
    ink = read_inkml(MATHWRITING.encode())
    assert ink.truth == "\\frac{a}{b}"
    assert [time.tolist() for time in ink.times] == [[0, 0.25], [1]]


def test_large_times_keep_their_precision():
    head = '<traceFormat><channel name="X"/><channel name="Y"/><channel name="T"/></traceFormat>'
    ink = read_inkml(ink_of("0 0 1700000000001, 1 1 1700000000009", head=head))
    np.testing.assert_allclose(ink.times[0], [0, 0.008], atol=1e-9)


def test_channels_in_another_order_and_values_nobody_declared():
    head = '<traceFormat><channel name="F"/><channel name="Y"/><channel name="X"/></traceFormat>'
    assert read_inkml(ink_of("9 2 1", head=head)).strokes[0].tolist() == [[1, 2]]
    assert read_inkml(ink_of("1 2 606880, 3 4 607038")).strokes[0].tolist() == [[1, 2], [3, 4]]


def test_declared_but_absent_time():
    head = ('<traceFormat><channel name="X"/><channel name="Y"/><channel name="T"/></traceFormat>')
    ink = read_inkml(ink_of("1 2", head=head))
    assert ink.times is None and ink.strokes[0].tolist() == [[1, 2]]


def test_latin_1_and_utf_16():
    text = '<ink><annotation type="writer">Ren\u00e9</annotation><trace>1 2</trace></ink>'
    for encoding in ("utf-8", "utf-8-sig", "latin-1", "utf-16"):
        assert read_inkml(text.encode(encoding)).writer == "Ren\u00e9", encoding


def test_traces_inside_groups():
    data = (b'<ink><traceGroup><annotation type="truth">x</annotation>'
            b"<trace id='a'>1 2</trace><trace id='b'>3 4</trace></traceGroup></ink>")
    assert read_inkml(data).symbols == (Symbol("x", (0, 1), ""),)


@pytest.mark.parametrize("expression", [
    Ink(strokes=(np.float32([[0.1, 2e-7], [1e9, -3]]), np.float32([[1, 1]]))),
    Ink(strokes=(np.float32([[1, 2]]),), times=(np.float32([0]),), truth='a<b & "c"',
        mathml='<math><mi xml:id="x">x</mi></math>', symbols=(Symbol("<", (0,), 'x"&'),), id="same",
        writer="J\u00f6rg & <Anna>"),
], ids=["plain", "all fields"])
def test_written_and_read_back(tmp_path, expression):
    path = tmp_path / "same.inkml"
    write_inkml(expression, path)
    read = read_ink(path)
    for before, after in zip(expression.strokes, read.strokes, strict=True):
        np.testing.assert_array_equal(before, after)
    assert (expression.times is None) == (read.times is None)
    for field in ("truth", "mathml", "symbols", "writer"):
        assert getattr(read, field) == getattr(expression, field)
    assert read.id == "same" and [file.name for file in tmp_path.iterdir()] == ["same.inkml"]


def test_nothing_half_written(tmp_path):
    with pytest.raises(TegashikiError, match="missing"):
        write_inkml(Ink(strokes=(np.float32([[1, 2]]),)), tmp_path / "missing" / "a.inkml")
    (tmp_path / "folder.inkml").mkdir()
    with pytest.raises(TegashikiError, match="cannot be written"):
        write_inkml(Ink(strokes=(np.float32([[1, 2]]),)), tmp_path / "folder.inkml")
    assert [file.name for file in tmp_path.iterdir()] == ["folder.inkml"]


def test_characters_that_xml_has_no_place_for(tmp_path):
    ink = Ink(strokes=(np.float32([[1, 2]]),), truth="a\x00\x1b\ud800b")
    write_inkml(ink, tmp_path / "a.inkml")
    assert read_ink(tmp_path / "a.inkml").truth == "ab"


def test_a_full_disk(tmp_path):
    resource = pytest.importorskip("resource")
    path = tmp_path / "a.inkml"
    write_inkml(Ink(strokes=(np.float32([[1, 2]]),), truth="before"), path)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limit[1]))      # as a disk with 100 bytes left
    try:
        with pytest.raises(TegashikiError, match=r"a\.inkml: cannot be written: .*; make room"):
            write_inkml(Ink(strokes=(np.float32([[1, 2]] * 1000),), truth="after"), path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert [file.name for file in tmp_path.iterdir()] == ["a.inkml"], "nothing is left behind"
    assert read_ink(path).truth == "before"


def test_numbers_that_are_none():
    refused(ink_of("1 2, 3 4", "1 2, 3 nan"), "trace 1", "point 1", "3 nan")
    refused(ink_of("1 2, inf 4"), "trace 0", "point 1")
    refused(ink_of("1 2, 3 1e39"), "point 1")
    refused(ink_of("1 2, 3 four"), "point 1", "3 four")
    refused(ink_of("1 2, '3 '4"), "point 1")


def test_points_of_another_shape():
    refused(ink_of("1 2, 3, 4 5"), "trace 0", "point 1", "1 values")
    refused(ink_of("1 2,, 4 5"), "point 1", "0 values")
    refused(ink_of("1, 2, 3"), "trace 0", "1 value")


def test_empty_things():
    refused(b"", "empty")
    refused(b" \n", "empty")
    refused(b"<ink></ink>", "no <trace>")
    refused(ink_of("1 2", ""), "trace 1", "no points")
    refused(ink_of("1 2", " , "), "trace 1")


def test_a_stroke_of_one_point_is_legal():
    assert read_inkml(ink_of("1 2")).strokes[0].shape == (1, 2)


def test_broken_xml():
    refused(b"<ink><trace>1 2</trace>", "not well-formed")
    refused(b"this is no XML", "not well-formed")
    refused(b"\x00\x01\x02\xff", "not well-formed")
    refused(b"<ink>" + b"<a>" * 500_000, "not well-formed")


@pytest.mark.parametrize("doctype", [
    '<!DOCTYPE ink [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>',
    '<!DOCTYPE ink [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE ink SYSTEM "http://example.org/ink.dtd">',
])
def test_entity_bombs_and_external_entities(doctype):
    data = f'{doctype}<ink><annotation type="truth">&b;</annotation><trace>1 2</trace></ink>'
    refused(data.encode(), "document type")


def test_too_much():
    refused(ink_of("1 2," * limits.MAX_POINTS + "1 2"), "trace 0", str(limits.MAX_POINTS))
    refused(ink_of(*["1 2"] * (limits.MAX_STROKES + 1)), str(limits.MAX_STROKES))
    refused(b"<ink>" + b" " * 2**23 + b"</ink>", "MiB")


def test_a_sparse_file_of_a_terabyte_is_not_read(tmp_path):
    path = tmp_path / "huge.inkml"
    with open(path, "wb") as file:
        file.truncate(2**40)
    with pytest.raises(TegashikiError, match=r"huge\.inkml: larger than 8 MiB"):
        read_ink(path)


def test_symbols_that_name_no_trace():
    data = (b"<ink><trace id='0'>1 2</trace><traceGroup><annotation type='truth'>x</annotation>"
            b"<traceView traceDataRef='5'/></traceGroup></ink>")
    refused(data, "symbol 'x'", "'5'")


def test_a_stroke_belongs_to_one_symbol():
    group = "<traceGroup><annotation type='truth'>{}</annotation><traceView traceDataRef='#0'/>"
    data = ("<ink><trace id='0'>1 2</trace>" + group.format("a") + "</traceGroup>"
            + group.format("b") + "</traceGroup></ink>")
    assert read_inkml(data.encode()).symbols == (Symbol("a", (0,), ""),)


def test_files_that_are_not_there_or_no_ink(tmp_path):
    with pytest.raises(TegashikiError, match=r"none\.inkml: cannot be read"):
        read_ink(tmp_path / "none.inkml")
    with pytest.raises(TegashikiError, match=r"is no ink; give a \.inkml or \.json"):
        read_ink(Path("picture.png"))
