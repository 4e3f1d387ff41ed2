"""What the pad needs to remember a writer's symbols, in `memory.json` beside the model.

    WriterMemory(middle(observed), Settings(share=0.9, width=0.1, near=0.3), run).write(folder)
    WriterMemory.read(folder)                    # None where nothing was measured on this very file

`tegashiki.evaluation.personal` says what the numbers mean and measures whether they help.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from tegashiki.errors import TegashikiError
from tegashiki.storage import files

VERSION = 1
NAME = "memory.json"


@dataclass(frozen=True)
class Settings:
    """How the memory is mixed in."""

    share: float     # L where a sample is exactly alike; 0 to 1
    width: float     # cosine distance at which a sample's weight has fallen to 1/e
    near: float      # cosine below which a sample is not asked


@dataclass(frozen=True)
class WriterMemory:
    """Settings that were shown to help, and what all keys of the model have in common."""

    mean: np.ndarray     # (size,) the mean key
    settings: Settings
    run: str             # that measured them

    def write(self, model: Path, path: Path | None = None) -> None:
        """For the exported model in the folder `model`; None: beside it."""
        content = {"VERSION": VERSION, "run": self.run, "model": _sha256_of_model(model)}
        mean = [round(float(value), 5) for value in self.mean]
        files.write_text(path or model / NAME, json.dumps(
            content | asdict(self.settings) | {"mean": mean}) + "\n")

    @classmethod
    def read(cls, folder: Path) -> "WriterMemory | None":
        """What lies beside a model; None where nothing does, or it was measured on another file.

        Raises TegashikiError for a file of another version.
        """
        path = folder / NAME
        if not path.is_file():
            return None
        content = files.read_json(path)
        if content.get("VERSION") != VERSION:
            raise TegashikiError(f"{path}: not of VERSION {VERSION}, which this code reads; run "
                                 "the notebook own_hand again")
        if content["model"] != _sha256_of_model(folder):
            return None
        settings = Settings(content["share"], content["width"], content["near"])
        return cls(np.array(content["mean"]), settings, content["run"])


def _sha256_of_model(folder: Path) -> str:
    return files.sha256(folder / files.read_json(folder / "model.json")["file"])
