"""The kernel of a run: ipykernel in this very interpreter, and no orphan.

    python -m tegashiki.journal.execute.kernel PARENT -f connection.json

Started by the executing process in place of whatever kernelspec the notebook or the machine name.
"""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Tie this process to its parent, then be an ordinary kernel."""
    from tegashiki.journal.execute import signals
    from tegashiki.journal.session import modules

    signals.tie(int(sys.argv.pop(1)))
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # a log is for what the notebook says
    del sys.path[0]  # the working folder, which `python -m` put there; ipykernel adds its own entry

    modules.watch()  # before the notebook imports anything

    from ipykernel import kernelapp

    kernelapp.launch_new_instance()


if __name__ == "__main__":
    main()
