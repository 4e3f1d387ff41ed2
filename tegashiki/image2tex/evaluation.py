"""How well pictures are read: a folder of them with labels, or ink that is drawn for it.

    figures, text = score_pictures("pictures/", "captions.tsv", None)
    figures, text = score_pictures("crohme/test2014", None, None)       # drawn at the house's size

Counted as for ink: all that has a label, and a picture that cannot be read is read wrongly.
"""

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

import numpy as np

from tegashiki.data.crohme import Skipped
from tegashiki.data.example import Example
from tegashiki.data.labelled import Labelled, Unreadable, named, read_captions
from tegashiki.errors import TegashikiError
from tegashiki.evaluation.evaluate import evaluate_labelled, left_out
from tegashiki.image2tex.drawing import PictureConfig, draw
from tegashiki.image2tex.reading import ENDINGS, MAX_BYTES, read_picture
from tegashiki.image2tex.recognizer import PictureRecognizer
from tegashiki.image2tex.views import VIEWS, traced_ink
from tegashiki.storage.archives import iterate
from tegashiki.tex import alphabets

_SUFFIXES = tuple({*ENDINGS, *(ending.upper() for ending in ENDINGS)})


def score_pictures(data: str, labels: str | None, model: str | None,
                   alphabet: str = alphabets.ALL) -> tuple[dict, str]:
    """`tegashiki evaluate image2tex`: figures and a table for all pictures under `data`.

    `data`: a folder, zip or tar of pictures whose names are their ids; or a part of a known set,
    such as `crohme/test2014`, whose ink is drawn. `labels`: lines `id TAB tokens`. `model`: folder
    of a stroke recogniser. Raises TegashikiError if nothing under `data` has a label.
    """
    recognizer = PictureRecognizer.load(model, alphabets.read(alphabet))
    began = time.perf_counter()
    if Path(data).exists():
        if labels is None:
            raise TegashikiError(f"{data}: pictures say nothing of what they show; give --labels, "
                                 "a text of 'id TAB tokens'")
        found = traced(data, read_captions(Path(labels)))
    else:
        found = drawn(named(data).examples)
    seconds = time.perf_counter() - began
    report = evaluate_labelled(recognizer, found)
    count = max(len(found.examples), 1)
    figures = {
        "model_mb": sum(one.runtime.path.stat().st_size for one in
                        filter(None, (recognizer.strokes, recognizer.second))) / 1e6,
        "ms_to_trace": 1000 * seconds / count,
        "unreadable": [{"file": one.file, "reason": one.reason} for one in found.unreadable],
        "unlabelled": [{"file": one.file, "reason": one.reason} for one in found.unlabelled],
    }
    text = "\n".join([report.table(), f"  {figures['ms_to_trace']:.1f} ms more a picture to read "
                      f"and trace it, model {figures['model_mb']:.2f} MB", left_out(found)])
    return report.as_dict() | figures, text.rstrip()


def traced(data: str, captions: Mapping[str, tuple[str, ...]]) -> Labelled:
    """The pictures of a folder or an archive as ink with their labels, and what is no example."""
    found = Labelled()

    def put(name: str, content: bytes | None, reason: str = "") -> None:
        stem = PurePosixPath(name).stem
        if stem not in captions:
            found.unlabelled.append(
                Skipped(name, reason or "has no label; add its id to the labels"))
            return
        tokens = captions[stem]
        try:
            if content is None:
                raise TegashikiError(reason)
            found.examples.append(example_of(read_picture(content, name), stem, tokens))
        except TegashikiError as error:
            reason = str(error).removeprefix(f"{name}: ").removeprefix("picture: ")
            found.unreadable.append(Unreadable(stem, tokens, name, reason))

    for name, content in iterate(data, _SUFFIXES, lambda name, reason: put(name, None, reason),
                                 limit=MAX_BYTES):
        put(name, content)
    if not found.examples and not found.unreadable:
        raise TegashikiError(f"{data}: no picture with a label; give a folder, zip or tar of "
                             f"{', '.join(ENDINGS)} whose names are the ids of --labels")
    return found


def example_of(picture: np.ndarray, name: str, tokens: tuple[str, ...],
               views: int = len(VIEWS)) -> Example:
    """What is traced in a grey picture, with its label and without an alignment."""
    ink = replace(traced_ink(picture, views), id=name)
    return Example(ink, tokens, np.full(len(ink.strokes), -1, np.int16))


def drawn(examples: list[Example], config: PictureConfig | None = None,
          views: int = len(VIEWS)) -> Labelled:
    """The same expressions as pictures, drawn and traced in so many views."""
    found = Labelled()
    for example in examples:
        picture = draw(example.ink.strokes, config)
        try:
            found.examples.append(
                example_of(picture, example.ink.id, example.tokens, views))
        except TegashikiError as error:
            found.unreadable.append(
                Unreadable(example.ink.id, example.tokens, example.ink.id, str(error)))
    return found
