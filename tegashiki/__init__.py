"""te-ga-shiki: handwriting is formula. Pen strokes to TeX, as a journal of reproducible notebooks.

    from tegashiki.ink import read_ink, draw
    draw(read_ink("formula.inkml"))

The rooms, from what is written to what is shown; each knows only the ones before it:
`ink`, `tex` -> `data` -> `synthesis` -> `networks` -> `decoding` -> `train` -> `tflite`,
`evaluation` -> `pad`, `commands`. `journal` knows none of them.
Importing the package imports no TensorFlow.
"""

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """`from tegashiki import Pad`, the pad for notebooks, loaded when it is asked for."""
    if name != "Pad":
        raise AttributeError(f"module 'tegashiki' has no attribute '{name}'")
    import importlib

    from tegashiki.errors import TegashikiError

    try:
        # By name: with a statement here every module would import the pad, and each edit of the
        # page would ask for a new pass of the gate of training.
        pad = importlib.import_module("tegashiki.pad.notebook")
    except ModuleNotFoundError as error:
        if error.name not in ("anywidget", "traitlets"):
            raise
        raise TegashikiError("Pad: anywidget is missing; pip install 'tegashiki[notebook]'"
                             ) from None
    return pad.Pad
