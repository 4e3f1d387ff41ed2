"""Made-up signing: parametric arms and hands with known words, without any download.

    signs = made_up(np.random.default_rng(0), signers=6, repeats=3)
    signs.sequences[0].points.shape      # (T, 543, 3), T differs from one to the next

Every word is a path of the leading hand around the body and a hand shape; every signer has a build,
a place in the picture, a speed, a leading hand and a tracker that fails now and then. It is stored
as real sets are (`write`), so that notebooks and tests read it through the same door.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tegashiki.signs.landmarks import (
    FACE,
    LANDMARKS,
    LEFT_HAND,
    POSE,
    RIGHT_HAND,
    WORDS,
    Sequence,
    Signs,
)


@dataclass(frozen=True)
class Word:
    """How a word is signed: where the wrist goes (shoulder widths), and how open each finger is."""

    start: tuple[float, float]             # from between the shoulders; y grows downwards
    end: tuple[float, float]
    circle: float = 0.0                    # radius of a circling motion on the way
    wave: float = 0.0                      # sideways swing of the hand, radians
    fingers: tuple[float, ...] = (1, 1, 1, 1, 1)    # thumb to little finger: 1 open, 0 closed
    both: bool = False                     # the other hand comes along


VOCABULARY = {
    "hello": Word((-0.55, -0.75), (-0.85, -0.8), wave=0.4),
    "thanks": Word((-0.05, -0.35), (-0.25, 0.35)),
    "iloveyou": Word((-0.6, -0.1), (-0.65, -0.15), fingers=(1, 1, 0, 0, 1)),
    "no": Word((-0.6, -0.2), (-0.6, -0.2), wave=0.3, fingers=(0.4, 1, 1, 0, 0)),
    "yes": Word((-0.6, 0.0), (-0.6, 0.15), circle=0.05, fingers=(0, 0, 0, 0, 0)),
    "please": Word((-0.1, 0.3), (-0.1, 0.3), circle=0.16),
    "help": Word((-0.1, 0.6), (-0.1, 0.2), fingers=(1, 0, 0, 0, 0), both=True),
    "sorry": Word((-0.1, 0.3), (-0.1, 0.3), circle=0.16, fingers=(0, 0, 0, 0, 0)),
    "fine": Word((-0.1, 0.4), (-0.3, 0.15), fingers=(1, 0.8, 0.6, 0.9, 1)),
    "goodbye": Word((-0.9, -0.5), (-0.4, -0.6), wave=0.7),
}
# Of the wrists, hanging. A signer faces the camera: their left is at +x in the picture.
_RESTS = {1: (0.45, 1.3), -1: (-0.45, 1.3)}
_SHOULDER = 0.5


@dataclass(frozen=True)
class Signer:
    """What stays the same from one sequence of a person to the next."""

    name: str
    place: np.ndarray      # (2,), between the shoulders, in image widths and heights
    size: float            # shoulder width, image heights
    build: float           # length of the arms against the usual
    speed: float
    leading: int           # -1 the right hand, 1 the left
    hand: float            # size of the hand, shoulder widths
    lost: float            # share of frames in which a hand is not tracked
    noise: float           # shoulder widths

    @classmethod
    def random(cls, name: str, rng: np.random.Generator) -> "Signer":
        """Somebody."""
        return cls(name, rng.uniform((0.4, 0.5), (0.6, 0.7)), rng.uniform(0.3, 0.45),
                   rng.uniform(0.85, 1.15), rng.uniform(0.7, 1.5),
                   1 if rng.random() < 0.2 else -1, rng.uniform(0.35, 0.5),
                   rng.uniform(0, 0.25), rng.uniform(0.005, 0.02))


def made_up(rng: np.random.Generator, signers: int = 6, repeats: int = 3,
            words: tuple[str, ...] = tuple(VOCABULARY)) -> Signs:
    """`signers` people who sign every word `repeats` times."""
    sequences = []
    for person in range(signers):
        signer = Signer.random(f"{901 + person}", rng)
        for label, word in enumerate(words):
            for number in range(repeats):
                id = f"{signer.name}/{signer.name}{label:02}{number:02}"
                points = sign(VOCABULARY[word], signer, rng)
                sequences.append(Sequence(id, signer.name, label, points))
    return Signs(sequences, words, [])


def sign(word: Word, signer: Signer, rng: np.random.Generator) -> np.ndarray:
    """One sequence, float32 (T, 543, 3), NaN where tracking failed."""
    frames = max(8, round(30 / signer.speed * rng.uniform(0.85, 1.15)))
    u = np.linspace(0, 1, frames)
    lead, other = signer.leading, -signer.leading
    # The hand rises in the first fifth and sinks in the last; in between the word happens.
    active = np.clip(np.minimum(u, 1 - u) / 0.2, 0, 1)[:, None]
    core = np.clip((u - 0.2) / 0.6, 0, 1)
    path = np.outer(1 - core, word.start) + np.outer(core, word.end)
    phase = 2 * np.pi * 2 * core + rng.uniform(0, 2 * np.pi)
    path += word.circle * np.stack([np.cos(phase), np.sin(phase)], axis=-1)
    path = path * (-lead, 1) + rng.normal(0, 0.05, 2)
    wrists = {lead: active * path + (1 - active) * _RESTS[lead]}
    wrists[other] = np.tile(np.array(_RESTS[other]), (frames, 1))
    if word.both:
        wrists[other] = active * (path * (-1, 1) * 0.6 + (0, 0.12)) + (1 - active) * wrists[other]
    swing = word.wave * np.sin(phase)
    body = np.full((frames, LANDMARKS, 2), np.nan)
    body[:, FACE] = _face()
    body[:, POSE] = _pose(wrists, signer.build)
    for side, part in ((1, LEFT_HAND), (-1, RIGHT_HAND)):
        fingers = np.array(word.fingers if side == lead else (1, 1, 1, 1, 1), float)
        fingers = np.clip(fingers + rng.normal(0, 0.08, 5), 0, 1)
        turned = swing if side == lead else np.zeros(frames)
        body[:, part] = wrists[side][:, None] + _hand(fingers, turned, side) * signer.hand
        # Hands that hang down are below the picture; others get lost now and then, for a while.
        hidden = (wrists[side][:, 1] > 0.95) | _gaps(frames, signer.lost, rng)
        body[hidden, part] = np.nan
    body += rng.normal(0, signer.noise, body.shape)
    points = np.zeros((frames, LANDMARKS, 3), np.float32)
    points[..., :2] = signer.place + body * signer.size * (3 / 4, 1)     # a 4:3 camera
    points[np.isnan(body).any(axis=-1)] = np.nan
    return points


def write(signs: Signs, folder: Path) -> None:
    """Store a set as `landmarks.read` reads it: one HDF5 file a signer, and the list of words."""
    import h5py

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tokens = {word: token for token, word in enumerate(signs.words)}
    (folder / WORDS).write_text(json.dumps(tokens, indent=1) + "\n", encoding="utf-8")
    for signer in sorted(set(signs.signers())):
        with h5py.File(folder / f"{signer}.hdf5", "w") as file:
            for sequence in (s for s in signs.sequences if s.signer == signer):
                group = file.create_group(sequence.id.rpartition("/")[2])
                feature = sequence.points.transpose(2, 0, 1)             # (3, T, 543)
                group.create_dataset("feature", data=feature, compression="gzip")
                group["token"] = np.array([sequence.label], np.int64)


def _gaps(frames: int, share: float, rng: np.random.Generator) -> np.ndarray:
    """Which frames are lost, (frames,): a two-state chain, about `share` of them, in runs."""
    lost = np.zeros(frames, bool)
    if share > 0:
        for t in range(1, frames):
            lost[t] = rng.random() < (0.8 if lost[t - 1] else 0.2 * share / (1 - share))
    return lost


def _face() -> np.ndarray:
    """(468, 2): an oval of points around the head."""
    ring = np.arange(468) * 2.399963          # the golden angle spreads them evenly
    radius = np.sqrt((np.arange(468) + 0.5) / 468)
    return np.stack([0.25 * radius * np.cos(ring), -0.72 + 0.35 * radius * np.sin(ring)], axis=-1)


def _pose(wrists: dict[int, np.ndarray], build: float) -> np.ndarray:
    """(frames, 33, 2): head and trunk stand still, the arms bend to where the wrists are."""
    frames = len(wrists[1])
    still = np.zeros((33, 2))
    still[0] = (0, -0.65)
    still[1:11] = [(0.05, -0.75), (0.08, -0.75), (0.11, -0.75), (-0.05, -0.75), (-0.08, -0.75),
                   (-0.11, -0.75), (0.2, -0.7), (-0.2, -0.7), (0.06, -0.55), (-0.06, -0.55)]
    still[11], still[12] = (_SHOULDER, 0), (-_SHOULDER, 0)
    still[23:33] = [(side * 0.3, y) for y in (1.5, 2.3, 3.1, 3.2, 3.25) for side in (1, -1)]
    pose = np.tile(still, (frames, 1, 1))
    for side, shoulder in ((1, 11), (-1, 12)):
        reach = wrists[side] - pose[:, shoulder]
        far = np.linalg.norm(reach, axis=-1, keepdims=True)
        bend = np.sqrt(np.maximum((0.75 * build) ** 2 - (far / 2) ** 2, 0.01))
        outwards = np.stack([-reach[:, 1], reach[:, 0]], axis=-1) / np.maximum(far, 1e-6) * -side
        pose[:, shoulder + 2] = pose[:, shoulder] + reach / 2 + outwards * bend
        pose[:, shoulder + 4] = wrists[side]
        for joint in (6, 8, 10):               # little finger, index finger, thumb of the pose
            pose[:, shoulder + joint] = wrists[side] + (0, -0.1)
    return pose


def _hand(fingers: np.ndarray, turned: np.ndarray, side: int) -> np.ndarray:
    """(frames, 21, 2), hand sizes from the wrist; closed fingers fold back on the palm."""
    spread = np.radians([55, 20, 3, -14, -32])           # of the fingers from straight up
    hand = np.zeros((21, 2))
    for finger, (angle, open_) in enumerate(zip(spread, fingers, strict=True)):
        along = np.array([np.sin(angle), -np.cos(angle)])
        root = 0.35 if finger == 0 else 0.55
        # How far along the finger each of its four joints is: open, or bent back towards the root.
        straight, folded = np.array([0, 0.18, 0.32, 0.45]), np.array([0, 0.16, 0.08, -0.08])
        hand[1 + 4 * finger : 5 + 4 * finger] = np.outer(
            root + open_ * straight + (1 - open_) * folded, along)
    hand[:, 0] *= -side
    cos, sin = np.cos(turned), np.sin(turned)
    rotation = np.stack([np.stack([cos, sin], -1), np.stack([-sin, cos], -1)], -2)
    return hand @ rotation
