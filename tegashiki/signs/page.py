"""The page that reads one sign in the browser: its sources, its model, recorded landmarks for it.

    Beside("signs", "手話", "signs", page.WEB, page.MODEL)         # tegashiki.pad.build joins them
    Path("hello.json").write_text(json.dumps(page.recording(points)))   # points (T, 543, 3)

The camera's pictures become landmarks by MediaPipe, which is not part of this repository; the
page says where it is from. Recorded landmarks are read without it.
"""

from pathlib import Path
from typing import Any

import numpy as np

from tegashiki.signs import normal_form
from tegashiki.signs.landmarks import LEFT_HAND, RIGHT_HAND, checked

WEB = Path(__file__).parent / "web"
MODEL = Path(__file__).resolve().parents[2] / "models" / "signs" / "mp543"


def recording(points: np.ndarray, fps: float = 30.0) -> dict[str, Any]:
    """Landmarks (T, 543, 3) as the page takes them: aspect, fps, frames of 67 joints or null."""
    points = checked(np.asarray(points))
    joints = np.concatenate([normal_form.body_of(points)[:, :normal_form.BODY],
                             points[:, LEFT_HAND], points[:, RIGHT_HAND]], axis=1)
    known = np.isfinite(joints).all(axis=-1)
    frames = [[joint.tolist() if seen else None for joint, seen in zip(frame, row, strict=True)]
              for frame, row in zip(joints, known, strict=True)]
    return {"aspect": normal_form.ASPECT, "fps": fps, "frames": frames}
