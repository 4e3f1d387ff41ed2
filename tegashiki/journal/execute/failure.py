"""What happens when a step fails: the command that series.toml names, a mail or a line in a chat.

    on_failure = ["notify-send", "{series} {step}", "{status}: {reason}, run {run}"]

    failure.tell(plan.on_failure, outcome, "ink2tex")       # "" or why the command itself failed

The words are filled in and handed over as they are: no shell reads them.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tegashiki.journal.execute.series import FAILURE
from tegashiki.journal.format import layout

if TYPE_CHECKING:
    from tegashiki.journal.execute.supervise import Outcome

PATIENCE = 60.0  # seconds that the command may take


def tell(command: Sequence[str], outcome: Outcome, series: str) -> str:
    """Start the command for a step that failed; what is wrong with the command, or ""."""
    if not command or outcome.status not in (layout.FAILED, layout.TIMED_OUT):
        return ""  # whoever interrupts a run knows of it
    values = (series, outcome.step, outcome.id, outcome.status, outcome.reason or "",
              str(outcome.folder))  # fmt: skip
    said = dict(zip(FAILURE, values, strict=True))
    words = [word.format(**said) for word in command]
    try:
        done = subprocess.run(
            words, timeout=PATIENCE, check=False, capture_output=True, text=True,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        return f"on_failure: {words[0]}: {error}"
    if done.returncode:
        return f"on_failure: {words[0]} ended with {done.returncode}: {done.stderr.strip()[-200:]}"
    return ""
