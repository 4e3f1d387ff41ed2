"""InkML, read and written: CROHME's files with their symbols, MathWriting's with their time.

    from tegashiki.ink.inkml import read_inkml, write_inkml
    ink = read_inkml("formula.inkml")
    write_inkml(ink, "copy.inkml")

The reader streams: it keeps points and annotations and builds no tree, so a hostile file costs no
more memory than its own size, which is limited. Document types (and with them entity bombs) are
refused. The format: https://www.w3.org/TR/InkML/; difference encoding (`'1 "2`) is not supported
and said so.
"""

import contextlib
import os
import re
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import ParseError
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from tegashiki.errors import TegashikiError
from tegashiki.ink.format import MAX_STROKES, Ink, Symbol
from tegashiki.ink.traces import read_traces
from tegashiki.storage.files import read_limited, write_or_explain

_MATH = re.compile(r"<math\b.*?</math\s*>", re.DOTALL)
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")   # cannot be written
_TRUTH = ("truth", "normalizedLabel", "label")     # CROHME's name, then MathWriting's, best first
_ID = "{http://www.w3.org/XML/1998/namespace}id"


def read_inkml(source: str | os.PathLike | bytes, name: str = "", segmented: bool = True) -> Ink:
    """Read one expression from an InkML file, or from its bytes (then `name` is said in errors).

    Returns an `Ink` in the file's own units. Its id is the file's name without the suffix, which is
    how published captions refer to it. Without `segmented` what the file says of its symbols is
    not looked at, so that a traceView that points nowhere does not matter to who wants the strokes.
    Raises TegashikiError naming trace and point.

    >>> ink = read_inkml(b'<ink><trace id="a">1 2, 3 4</trace></ink>', name="one.inkml")
    >>> ink.id, ink.strokes[0].tolist()
    ('one', [[1.0, 2.0], [3.0, 4.0]])
    """
    name = name or ("ink" if isinstance(source, bytes) else os.fspath(source))
    text = _decode(read_limited(source, name))
    file = _Handler(name)
    math = _MATH.search(text)
    _parse(file, _without(text, math))
    if not file.traces:
        raise TegashikiError(f"{name}: no <trace> in it; an expression needs at least one stroke")
    strokes, times = read_traces(name, file.traces, file.channels)
    return Ink(
        strokes=strokes,
        times=times,
        truth=_truth(file),
        mathml=math.group() if math else "",
        symbols=_symbols(name, file) if segmented else (),
        id=PurePosixPath(name.replace("\\", "/")).stem,
        writer=file.notes.get("writer", ""),
    )


def read_truth(source: bytes, name: str = "ink") -> tuple[str, str]:
    """The label of a file whose ink cannot be read, as far as it is whole: (TeX, MathML) or "".

    >>> read_truth(b'<ink><annotation type="truth">x</annotation><trace>1 two</trace></ink>')
    ('x', '')
    """
    file = _Handler(name)
    math = None
    with contextlib.suppress(TegashikiError):
        text = _decode(read_limited(source, name))
        math = _MATH.search(text)
        _parse(file, _without(text, math))
    return _truth(file), math.group() if math else ""


def _parse(file: "_Handler", text: str) -> None:
    parser = DefusedXMLParser(target=file, forbid_dtd=True)
    try:
        # the formula is another reader's: `tegashiki.tex.mathml` parses it as strictly
        parser.feed(text)
        parser.close()
    except DefusedXmlException as error:
        raise TegashikiError(f"{file.name}: document type or entities are refused in ink "
                             f"({type(error).__name__}); remove the <!DOCTYPE ...>") from None
    except (ParseError, ValueError) as error:
        raise TegashikiError(f"{file.name}: not well-formed XML: {error}; save it again as InkML"
                             ) from None


def _truth(file: "_Handler") -> str:
    return next((file.notes[key] for key in _TRUTH if file.notes.get(key)), "")


def write_inkml(ink: Ink, path: str | os.PathLike) -> None:
    """Write an expression; `read_inkml` gives it back: strokes exactly, times to float32.

    Raises TegashikiError when the folder cannot be written; never leaves half a file.
    """
    timed = ink.times is not None
    lines = ['<?xml version="1.0" encoding="utf-8"?>', '<ink xmlns="http://www.w3.org/2003/InkML">',
             "<traceFormat>", '<channel name="X" type="decimal"/>',
             '<channel name="Y" type="decimal"/>']
    lines += ['<channel name="T" type="decimal" units="s"/>'] * timed + ["</traceFormat>"]
    for key, value in (("UI", ink.id), ("writer", ink.writer), ("truth", ink.truth)):
        if value:
            lines.append(f"<annotation type={quoteattr(key)}>{_text(value)}</annotation>")
    if ink.mathml:
        lines.append(f'<annotationXML type="truth">{ink.mathml}</annotationXML>')
    for index, stroke in enumerate(ink.strokes):
        rows = np.column_stack([stroke, ink.times[index]]) if timed else stroke
        points = ", ".join(" ".join(map(str, row)) for row in rows)
        lines.append(f'<trace id="{index}">{points}</trace>')
    if ink.symbols:
        lines += ["<traceGroup>", '<annotation type="truth">Segmentation</annotation>']
        for symbol in ink.symbols:
            label = _text(symbol.label)
            lines += ["<traceGroup>", f'<annotation type="truth">{label}</annotation>']
            lines += [f'<traceView traceDataRef="{stroke}"/>' for stroke in symbol.strokes]
            if symbol.id:
                lines.append(f"<annotationXML href={quoteattr(_NO_XML.sub('', symbol.id))}/>")
            lines.append("</traceGroup>")
        lines.append("</traceGroup>")
    write_or_explain(Path(path), ("\n".join([*lines, "</ink>"]) + "\n").encode("utf-8"))


def _text(value: str) -> str:
    return escape(_NO_XML.sub("", value))


class _Handler:
    """What the XML parser calls: collects traces, symbols and annotations, nothing else."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.channels: list[tuple[str, str]] = []                  # (name, units)
        self.traces: list[tuple[str, str]] = []                    # (id, text)
        self.groups: list[tuple[str, list[str], str]] = []         # (label, trace ids, href)
        self.notes: dict[str, str] = {}                            # annotations of the whole ink
        self._open: list[list] = []                                # trace groups being read
        self._text: list[str] | None = None                        # text being collected
        self._key = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition("}")[2]
        if tag == "trace":
            if len(self.traces) == MAX_STROKES:
                raise TegashikiError(f"{self.name}: more than {MAX_STROKES} strokes; "
                                     "split it into single expressions")
            self._key = attributes.get("id", attributes.get(_ID, str(len(self.traces))))
            self._text = []
        elif tag == "annotation":
            self._key = attributes.get("type", "")
            self._text = []
        elif tag == "channel":
            self.channels.append((attributes.get("name", ""), attributes.get("units", "")))
        elif tag == "traceGroup":
            self._open.append(["", [], ""])
        elif tag == "traceView" and self._open:
            self._open[-1][1].append(attributes.get("traceDataRef", "").removeprefix("#"))
        elif tag == "annotationXML" and self._open:
            self._open[-1][2] = attributes.get("href", "").removeprefix("#")

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end(self, tag: str) -> None:
        tag = tag.rpartition("}")[2]
        if tag == "trace":
            self.traces.append((self._key, "".join(self._text or ())))
            if self._open:                     # a group may hold its traces instead of naming them
                self._open[-1][1].append(self._key)
            self._text = None
        elif tag == "annotation":
            text = "".join(self._text or ()).strip()
            if not self._open:
                self.notes.setdefault(self._key, text)
            elif self._key == "truth":
                self._open[-1][0] = text
            self._text = None
        elif tag == "traceGroup":
            label, traces, href = self._open.pop()
            if traces:                         # the outermost group only holds the others
                self.groups.append((label, traces, href))

    def close(self) -> None:
        """Nothing to return; the reader takes the fields."""


def _without(text: str, part: re.Match[str] | None) -> str:
    """The text with this part cut out, its lines still where they were."""
    if part is None:
        return text
    return text[:part.start()] + "\n" * part.group().count("\n") + text[part.end():]


def _decode(data: bytes) -> str:
    """UTF-8 as XML says, UTF-16 by its mark, else latin-1 (CROHME's MfrDB0104)."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _symbols(name: str, file: _Handler) -> tuple[Symbol, ...]:
    """Trace groups as symbols; a stroke belongs to the first symbol that names it."""
    index = {trace: i for i, (trace, _) in enumerate(file.traces)}
    symbols, used = [], set()
    for label, traces, href in file.groups:
        missing = [trace for trace in traces if trace not in index]
        if missing:
            raise TegashikiError(f"{name}: symbol '{label}': refers to trace '{missing[0][:40]}', "
                                 "which is not there; correct its traceView")
        strokes = tuple(dict.fromkeys(index[trace] for trace in traces if trace not in used))
        used.update(traces)
        if strokes:
            symbols.append(Symbol(label, strokes, href))
    return tuple(symbols)
