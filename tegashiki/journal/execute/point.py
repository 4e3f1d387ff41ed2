"""One point of a sweep in a process of its own, tied to the worker that started it.

    python -m tegashiki.journal.execute.point < {"parent": pid, "notebook": ..., "given": {...},
                                                 "profile": "quick", "timeout": null}

Prints one line of JSON: {"run", "step", "series", "status", "reason", "results"}. The process is a
launcher like `tegashiki run`, so a run of a sweep is a run like any other, and it is told to stop
(SIGTERM, which ends the run as `interrupted`) when the worker dies.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import Any

from tegashiki.errors import TegashikiError


def start(notebook: str, given: dict[str, str], profile: str,
          timeout: float | None = None) -> dict[str, Any]:
    """Run one point in a child process and wait for it; what it printed.

    Raises TegashikiError where the run could not even begin.
    """
    asked = {"parent": os.getpid(), "notebook": notebook, "given": given, "profile": profile,
             "timeout": timeout}
    child = subprocess.run([sys.executable, "-m", __name__], input=json.dumps(asked), text=True,
                           capture_output=True, check=False)
    lines = child.stdout.strip().splitlines()
    if not lines:
        said = child.stderr.strip().splitlines()
        raise TegashikiError(f"{notebook}: {said[-1] if said else f'exit code {child.returncode}'}")
    return json.loads(lines[-1])


def main() -> int:
    """Read what to run, run it, print what came out."""
    from tegashiki.journal.execute import launch, plan, signals
    from tegashiki.journal.execute.progress import Progress

    asked = json.load(sys.stdin)
    signals.tie(asked["parent"], signal.SIGTERM)
    try:
        todo = plan.make(asked["notebook"], asked["given"], asked["profile"])
        with open(os.devnull, "w", encoding="utf-8") as nobody:
            launched = launch.launch(todo, Progress(nobody), timeout=asked["timeout"])
    except TegashikiError as error:
        print(error, file=sys.stderr)
        return 1
    outcome, run = launched.outcomes[-1], launched.runs[-1]
    print(json.dumps({"run": outcome.id, "series": run.series, "step": outcome.step,
                      "status": outcome.status, "reason": outcome.reason,
                      "results": run.results}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
