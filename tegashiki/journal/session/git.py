"""Git, asked one question at a time and never changed by it.

    commit = git.ask(checkout, "rev-parse", "HEAD")            # b"3f9a1c2b...\\n", or None
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

_SECONDS = 60  # a git that waits for a password or a lock does not answer at all


def ask(
    folder: Path, *arguments: str, settings: Mapping[str, str] | None = None, fine: int = 0
) -> bytes | None:
    """What `git ARGUMENTS` in `folder` prints; None where there is no git, or it says no.

    `settings` are environment variables for git; `fine` is one more exit code that is no refusal
    (`diff --no-index` ends with 1 where files differ).
    """
    # Reading must never take the lock that a person's own git command waits for.
    environment = os.environ | {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"} | dict(settings or {})
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True, env=environment, check=False, timeout=_SECONDS,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode in (0, fine) else None
