"""Where the released recogniser lies.

    Recognizer.load(model_folder(None))      # the released one; or the folder that a person gave
"""

import os
from pathlib import Path

from tegashiki.errors import TegashikiError

RELEASED = Path(__file__).parents[2] / "models" / "ink2tex"


def model_folder(given: str | os.PathLike | None) -> Path:
    """The folder of the model that is asked for, by default the released one.

    Raises TegashikiError if there is none.
    """
    folder = Path(given) if given else RELEASED
    if not (folder / "model.json").is_file():
        raise TegashikiError(f"{folder}: no model.json here; give --model the folder of an "
                             "exported recogniser, such as artifacts/recognizer of an export run")
    return folder
