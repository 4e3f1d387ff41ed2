"""What every test stands on: a quiet, windowless, repeatable environment, and the way to real data.

At the root rather than in tests/, so that the doctests of the package run under the same rules.
The variables are set before anything imports TensorFlow or matplotlib; those of the caller win,
except for the archive of runs: no test may write into the real one.
"""

import os
import tempfile
from pathlib import Path

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # errors only
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")  # the same numbers on every machine
os.environ["MPLBACKEND"] = "Agg"  # no window
os.environ.pop("TEGASHIKI_RUN", None)

_archive = tempfile.TemporaryDirectory(prefix="tegashiki-runs-")
os.environ["TEGASHIKI_RUNS"] = _archive.name

CHECKOUT = Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The root of the working tree."""
    return CHECKOUT


@pytest.fixture(scope="session")
def data_root() -> Path:
    """The folder of real public sets; the test is skipped, with the reason, where there is none."""
    place = os.environ.get("TEGASHIKI_DATA") or CHECKOUT.parent / "shared" / "data"
    root = Path(place)
    if not (root / "math").is_dir():
        pytest.skip(f"NO REAL DATA: no math/ in {root}; set TEGASHIKI_DATA to a folder of sets")
    return root


@pytest.fixture(scope="session")
def crohme_root(data_root: Path) -> Path:
    """The folder of CROHME: inkml.tar.xz and labels/."""
    root = data_root / "math" / "crohme"
    if not root.is_dir():
        pytest.skip(f"NO CROHME: {root} is missing; `tegashiki data list` says where to get it")
    return root
