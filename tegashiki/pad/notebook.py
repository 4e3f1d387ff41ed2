"""The pad below a notebook's cell: write a formula, use its TeX in the next line.

    from tegashiki import Pad
    pad = Pad()
    pad                             # a surface in JupyterLab, Notebook 7, VS Code, Colab, marimo
    pad.value, pad.tex, pad.ink     # what was taken, the best reading, the Ink

It reads in the browser where the frame lets it: model and library come over the kernel's comm, and
nothing is fetched. Else the kernel reads; `pad.where` says which. What was written last is kept in
the notebook as a picture with its TeX, for those who open it without a kernel.
"""

import base64
import functools
import html
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets

from tegashiki.decoding.recognizer import Recognizer
from tegashiki.errors import TegashikiError
from tegashiki.ink import inkjson
from tegashiki.ink.format import Ink
from tegashiki.pad import build

RELEASED = build.CHECKOUT / "models" / "ink2tex"
LIBRARY = "litert_wasm_compat_internal"      # the variant that every browser runs
K = 5


class Pad(anywidget.AnyWidget):
    """A surface to write one formula on."""

    _esm = build.WEB / "notebook" / "widget.js"
    ink = traitlets.Any().tag(                       # tegashiki.ink.format.Ink
        sync=True, to_json=lambda ink, _: _to_json(ink), from_json=lambda record, _: _ink(record))
    candidates = traitlets.List().tag(sync=True)     # [{"tex", "latex", "probability"}], best first
    tex = traitlets.Unicode().tag(sync=True)         # the best of them
    value = traitlets.Unicode().tag(sync=True)       # what was taken, in `format`
    alphabet = traitlets.List(traitlets.Unicode()).tag(sync=True)     # kinds, or a name; []: all
    format = traitlets.Unicode("tex").tag(sync=True)
    run = traitlets.Enum(["auto", "kernel"], "auto").tag(sync=True)   # where to read, if asked
    where = traitlets.Unicode().tag(sync=True)       # "browser" or "kernel", once it is on screen
    problem = traitlets.Unicode().tag(sync=True)     # why it is not the browser

    def __init__(self, model: str | Path = RELEASED, **traits: Any) -> None:
        """`model`: folder of an exported recogniser; `traits` as above, for example `alphabet`."""
        self._model = Path(model)
        self._saved: Any = None
        super().__init__(**{"ink": Ink(strokes=()), **traits})
        self.on_msg(self._asked)
        self.observe(self._save, ["tex", "value"])

    def clear(self) -> None:
        """Take the ink off the surface."""
        self.ink = Ink(strokes=())

    # -- the kernel's half -----------------------------------------------------------------------

    def _asked(self, _: Any, content: dict, __: Any) -> None:
        """Answer a question of the browser's half; `id` tells it which."""
        answer: dict[str, Any] = {"id": content.get("id")}
        buffers: list[bytes] = []
        try:
            if content.get("ask") == "files":
                found, buffers = _files(self._model)
                answer |= found
                if content.get("text"):      # Colab's manager of widgets drops buffers
                    texts = [base64.b64encode(buffer).decode() for buffer in buffers]
                    answer, buffers = answer | {"texts": texts}, []
            else:
                answer["candidates"] = self._read(content)
        except TegashikiError as error:
            answer["problem"] = str(error)
        self.send(answer, buffers)

    def _read(self, content: dict) -> list[dict]:
        """Candidates as the element takes them, read here."""
        ink = _ink({"version": inkjson.VERSION, "strokes": content["strokes"]})
        found = _recognizer(self._model).candidates(ink, K)
        return [{"tex": one.tex, "latex": one.tex, "tokens": list(one.tokens), "packed":
                 list(one.tokens), "score": one.score, "probability": one.probability,
                 "symbols": []} for one in found]

    # -- what is left in the notebook ------------------------------------------------------------

    def _ipython_display_(self) -> None:
        """Show the surface, and below it the picture that is seen where there is none."""
        from IPython.display import display

        data, metadata = self._repr_mimebundle_()      # Colab finds its manager in the metadata
        display(data, metadata=metadata, raw=True)
        self._saved = display(self._bundle(), raw=True, display_id=True)

    def _save(self, _: Any = None) -> None:
        if self._saved is not None:
            self._saved.update(self._bundle(), raw=True)

    def _bundle(self) -> dict[str, str]:
        picture = base64.b64encode(svg(self.ink).encode()).decode()
        tex = self.value or self.tex
        return {"text/plain": tex or "Pad()", "text/html":
                f'<div class="tegashiki-saved"><img alt="{html.escape(tex)}" src="data:image/'
                f'svg+xml;base64,{picture}"><br><code>{html.escape(tex)}</code></div>'}

    @staticmethod
    def collect(formulas: Sequence[str], **options: Any) -> "Collection":
        """A pad that asks for one formula after the other; see `Collection`."""
        return Collection(formulas, **options)


class Collection(Pad):
    r"""Formulas to copy by hand, one after the other: a test set of one's own hand.

        collection = Pad.collect([r"\frac{1}{2}", "x^2"])
        collection                          # write what is asked for, press the first candidate
        collection.inks                     # [Ink] with their truth
        collection.save("mine")             # a folder that `tegashiki evaluate` scores on

    Whatever candidate is pressed goes on to the next: the truth is what was asked for.
    """

    def __init__(self, formulas: Sequence[str], writer: str = "", **options: Any) -> None:
        self.formulas, self.writer = list(formulas), writer
        self.inks: list[Ink] = []
        super().__init__(**options)
        self.observe(self._next, "value")

    @property
    def asked(self) -> str:
        """The TeX to be copied now, "" when all are done."""
        done = len(self.inks)
        return self.formulas[done] if done < len(self.formulas) else ""

    def save(self, folder: str | Path) -> list[Path]:
        """Write every ink as JSON with its truth; the files."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        paths = [folder / f"{number:04d}.json" for number in range(len(self.inks))]
        for ink, path in zip(self.inks, paths, strict=True):
            inkjson.write_json(ink, path)
        return paths

    def _next(self, change: Any) -> None:
        if not change["new"] or not self.asked or not self.ink.strokes:
            return
        self.inks.append(Ink(strokes=self.ink.strokes, truth=self.asked, writer=self.writer,
                             id=f"{len(self.inks):04d}"))
        self.value = ""
        self.clear()
        self._save()

    def _bundle(self) -> dict[str, str]:
        done = f"{len(self.inks)} of {len(self.formulas)}"
        text = f"{done}; write {self.asked}" if self.asked else f"{done}: all written"
        shown = html.escape(self.asked)
        return {"text/plain": text, "text/html": f"<p>{done} &nbsp; $\\displaystyle {shown}$ "
                f"<code>{shown}</code></p>" if self.asked else f"<p>{done}</p>"}


def svg(ink: Ink, height: float = 120) -> str:
    """The ink as lines, `height` CSS pixels high."""
    if not ink.strokes:
        return '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
    points = np.concatenate(ink.strokes)
    low, size = points.min(0), np.maximum(np.ptp(points, axis=0), 1)
    scale = min(height / size[1], 700 / size[0])
    width, high = size * scale + 12
    lines = "".join('<polyline points="{}"/>'.format(" ".join(
        f"{x:.1f},{y:.1f}" for x, y in (stroke - low) * scale + 6)) for stroke in ink.strokes)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{high:.0f}" '
            f'fill="none" stroke="#14213d" stroke-width="2.4" stroke-linecap="round" '
            f'stroke-linejoin="round">{lines}</svg>')


def _ink(record: dict | None) -> Ink:
    """Ink from the browser's half, or nothing."""
    if not record or not record.get("strokes"):
        return Ink(strokes=())
    return inkjson.read_json(json.dumps(record).encode(), "pad")


def _to_json(ink: Ink) -> dict[str, Any]:
    return {"version": inkjson.VERSION, "strokes": [stroke.tolist() for stroke in ink.strokes]}


@functools.cache
def _recognizer(model: Path) -> Recognizer:
    return Recognizer.load(model)


@functools.cache
def _files(model: Path) -> tuple[dict[str, Any], list[bytes]]:
    """What the browser's half needs, by name and as bytes; no scripts where nothing can bundle."""
    try:
        build.check_tools(build.CHECKOUT / "node_modules")
    except TegashikiError:
        return {}, []
    with tempfile.TemporaryDirectory(prefix="tegashiki-notebook-") as folder:
        build.build(Path(folder) / "pad", model)
        page = Path(folder) / "pad"
        description = json.loads((page / "model" / "model.json").read_text(encoding="utf-8"))
        files = {"element.js": build.single_element(model), "worker.js": page / "worker.js",
                 "vocabulary.txt": page / "model" / "vocabulary.txt",
                 "model": page / "model" / description["file"],
                 "library.js": page / "wasm" / f"{LIBRARY}.js",
                 "library.wasm": page / "wasm" / f"{LIBRARY}.wasm"}
        buffers = [part if isinstance(part, bytes) else part.read_bytes()
                   for part in files.values()]
    return {"scripts": list(files), "description": description}, buffers
