"""Who executes the notebook that this kernel belongs to, where it was not `tegashiki run`.

    frontend.by()          # "colab", "jupyter", "papermill" or "python"
"""

from __future__ import annotations

import os
import sys

_HEADLESS = ("papermill", "nbconvert", "nbclient", "airflow")


def by() -> str:
    """The kind of front end, as it stands in run.json."""
    if "google.colab" in sys.modules:
        return "colab"
    if "JPY_SESSION_NAME" in os.environ:  # set by Jupyter's server for the kernels it starts
        return "jupyter"
    if "ipykernel" not in sys.modules:
        return "python"
    import psutil

    try:
        parent = " ".join(psutil.Process(os.getppid()).cmdline())
    except psutil.Error:
        return "jupyter"
    return "papermill" if any(name in parent for name in _HEADLESS) else "jupyter"
