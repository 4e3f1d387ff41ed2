"""One picture traced as it is, sheared and turned: what one tracing cuts wrongly another has right.

    ink = traced_ink(picture)                           # of the picture as it is
    together([recognizer.candidates(one, MORE) for one in (ink, *ink.others)], k=5)

The recogniser is asked once for each, and what it claims is averaged. (Turning the traced strokes
instead changes nothing: it is the tracing that errs, not the network.)
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tegashiki.decoding.candidates import Candidate
from tegashiki.errors import TegashikiError
from tegashiki.image2tex.recovery import recover
from tegashiki.ink.format import Ink

MORE = 10              # candidates of each view: one's fourth may be the others' first
SHEAR, TURN = 0.15, 3.0          # columns per row; degrees
VIEWS = ("as it is", "sheared right", "sheared left", "turned right", "turned left")


def matrices() -> list[np.ndarray]:
    """float32 (2, 2) for each of VIEWS: where (x, y) of the picture comes to lie."""
    slope, angle = SHEAR, np.radians(TURN)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shear = np.array([[1, slope], [0, 1]])
    return [np.float32(one) for one in (np.eye(2), shear, np.linalg.inv(shear), turn, turn.T)]


@dataclass(frozen=True, eq=False)
class TracedInk(Ink):
    """Ink that was traced in a picture as it is, in its pixels."""

    others: tuple[Ink, ...] = ()     # the same in the other views, in pixels of these


def traced_ink(picture: np.ndarray, views: int = len(VIEWS), clean: bool = False) -> TracedInk:
    """The ink of a grey picture, uint8 (rows, columns), in the first `views` views.

    Raises TegashikiError if the picture as it is shows none; other views are then left out.
    """
    ink, others = recover(picture, clean), []
    for matrix in matrices()[1:views]:
        with contextlib.suppress(TegashikiError):
            others.append(recover(seen(picture, matrix), clean))
    return TracedInk(ink.strokes, others=tuple(others))


def seen(picture: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """The grey picture, moved by a matrix (2, 2); what comes into view is like its border."""
    import cv2  # of the extra `images`

    rows, columns = picture.shape
    corners = np.float32([[0, 0], [columns, 0], [columns, rows], [0, rows]]) @ matrix.T
    low, high = corners.min(axis=0), corners.max(axis=0)
    size = np.ceil(high - low).astype(int).tolist()
    border = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    way = np.hstack([matrix, -low[:, None]])
    if np.ptp(border) <= 8:          # drawn or scanned: paper of one grey
        return cv2.warpAffine(picture, way, size, flags=cv2.INTER_LINEAR,
                              borderValue=float(np.median(border)))
    return cv2.warpAffine(picture, way, size, flags=cv2.INTER_LINEAR,
                          borderMode=cv2.BORDER_REPLICATE)


def together(answers: Sequence[Sequence[Candidate]], k: int) -> list[Candidate]:
    """The `k` formulas to which the answers give most on average, the most probable first.

    A view that does not name a formula gives it nothing. A candidate's strokes are those of the
    first view, where that names it.

    >>> one, two = (Candidate((t,), 0.0, p) for t, p in (("x", 0.6), ("y", 0.4)))
    >>> [(c.tex, c.probability) for c in together([[one, two], [replace(two, probability=1.0)]], 2)]
    [('y', 0.7), ('x', 0.3)]
    """
    found: dict[tuple[str, ...], Candidate] = {}
    shares: dict[tuple[str, ...], float] = {}
    for number, answer in enumerate(answers):
        for one in answer:
            found.setdefault(one.tokens, one if number == 0 else replace(one, strokes=()))
            shares[one.tokens] = shares.get(one.tokens, 0.0) + one.probability / len(answers)
    ranked = sorted(shares, key=lambda tokens: -shares[tokens])[:k]
    return [replace(found[tokens], probability=shares[tokens], score=float(np.log(shares[tokens])))
            for tokens in ranked]


def weighed(candidates: Sequence[Candidate], worth: np.ndarray) -> list[Candidate]:
    """The candidates with `worth` (nats) in their scores, the most probable first.

    They share among themselves what they had together.

    >>> x, y = (Candidate((t,), np.log(p), p) for t, p in (("x", 0.6), ("y", 0.4)))
    >>> [(c.tex, round(c.probability, 2)) for c in weighed([x, y], np.log([0.5, 1.0]))]
    [('y', 0.57), ('x', 0.43)]
    """
    scores = np.array([one.score for one in candidates]) + worth
    whole = sum(one.probability for one in candidates)
    shares = whole * np.exp(scores - np.logaddexp.reduce(scores))
    order = np.argsort(-scores, kind="stable").tolist()
    return [replace(candidates[i], probability=float(shares[i]), score=float(np.log(shares[i])))
            for i in order]
