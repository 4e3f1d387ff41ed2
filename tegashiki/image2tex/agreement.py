"""How much of how a formula was written its picture still shows: recovered against real strokes.

    found = agreement(examples, PictureConfig())
    found["matched"], found["direction"], found["order"]         # shares
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from tegashiki.data.example import Example
from tegashiki.image2tex.drawing import PictureConfig, draw, place
from tegashiki.image2tex.recovery import recover

SAME = 0.15     # of the median stroke's height: sides of two boxes that are nearer are the same


def agreement(examples: Sequence[Example], config: PictureConfig | None = None) -> dict[str, float]:
    """Figures over all strokes of the examples, each drawn and traced.

    `strokes`, `recovered`: how many an expression has. `matched`: share of the real strokes for
    which there is a recovered one with the same box; `whole`: of the expressions, those with all
    matched and nothing beside. `direction`: of the matched, those begun at the right end. `order`:
    of the neighbours among them, those in the right order.
    """
    config = config or PictureConfig()
    real = traced = hits = whole = forwards = neighbours = ordered = 0
    for example in examples:
        placed, _ = place(example.ink.strokes, config)
        strokes = recover(draw(example.ink.strokes, config), clean=True).strokes
        partner = match(placed, strokes, SAME * config.height)
        real, traced, hits = real + len(placed), traced + len(strokes), hits + len(partner)
        whole += len(partner) == len(placed) == len(strokes)
        forwards += sum(_same_way(placed[i], strokes[j]) for j, i in partner.items())
        places = [partner[j] for j in sorted(partner)]
        neighbours += max(len(places) - 1, 0)
        ordered += sum(later > former for former, later in pairwise(places))
    count = max(len(examples), 1)
    return {"strokes": real / count, "recovered": traced / count, "matched": hits / max(real, 1),
            "whole": whole / count, "direction": forwards / max(hits, 1),
            "order": ordered / max(neighbours, 1)}


def match(real: Sequence[np.ndarray], traced: Sequence[np.ndarray], near: float) -> dict[int, int]:
    """{number of a traced stroke: that of the real one}: boxes that differ by under `near`."""
    theirs = np.array([_box(stroke) for stroke in traced])               # (traced, 4)
    partner: dict[int, int] = {}
    for number, stroke in enumerate(real):
        apart = np.abs(theirs - _box(stroke)).max(axis=1)                # (traced,)
        fitting = [i for i in np.flatnonzero(apart < near).tolist() if i not in partner]
        if fitting:           # the strokes of an x have the same box: their ends tell them apart
            partner[min(fitting, key=lambda i: _ends(stroke, traced[i]))] = number
    return partner


def _box(stroke: np.ndarray) -> list[float]:
    return [*stroke.min(axis=0).tolist(), *stroke.max(axis=0).tolist()]


def _ends(real: np.ndarray, traced: np.ndarray) -> float:
    """How far their ends are apart, whichever is the first."""
    return min(float(np.abs(real[[0, -1]] - traced[ends]).sum()) for ends in ([0, -1], [-1, 0]))


def _same_way(real: np.ndarray, traced: np.ndarray) -> bool:
    return bool(np.hypot(*(real[0] - traced[0])) <= np.hypot(*(real[0] - traced[-1])))
