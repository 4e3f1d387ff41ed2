"""Running a plan: step after step, each told the runs of the steps before it.

    outcomes = launch.launch(plan, screen, retries=0, timeout=None)
"""

from __future__ import annotations

import secrets
import time
from dataclasses import replace

from tegashiki.journal import archive, parameters
from tegashiki.journal.execute import Outcome, Request, execute
from tegashiki.journal.plan import Plan, Step
from tegashiki.journal.screen import Screen
from tegashiki.journal.stop import Stop

BACKOFF_SECONDS = 2.0  # before the first retry; doubled before each further one


def launch(
    plan: Plan, screen: Screen, retries: int = 0, timeout: float | None = None,
    backoff: float = BACKOFF_SECONDS,
) -> list[Outcome]:  # fmt: skip
    """Run the steps of the plan until one is not `ok`; the last outcome is then the bad one.

    `timeout` is in seconds, for all of it. A failure that may pass is tried `retries` times more;
    a failed assertion or gate never is. Raises TegashikiError if the archive cannot be written.
    """
    deadline = None if timeout is None else time.monotonic() + timeout
    series_run = secrets.token_hex(4)
    finished = {step: run.id for step, run in plan.reused.items()}
    outcomes: list[Outcome] = []
    with Stop() as told:
        for number, step in enumerate(plan.steps, 1):
            request = _request(plan, step, finished, series_run)
            screen.start(number, len(plan.steps), step.source.step)
            outcome = execute(request, told, deadline, screen.show)
            attempt = 0
            while outcome.transient and attempt < retries and not told.signal:
                screen.retry(outcome, wait := backoff * 2**attempt)
                if not _wait(wait, told, deadline):
                    break
                again = replace(request, predecessor={"id": outcome.id, "why": "retry"})
                outcome = execute(again, told, deadline, screen.show)
                attempt += 1
            screen.end(outcome)
            outcomes.append(outcome)
            if outcome.status != "ok":
                break
            finished[step.source.step] = outcome.id
    return outcomes


def archived(outcomes: list[Outcome]) -> list[archive.ArchivedRun]:
    """The runs of the outcomes, to read their numbers from."""
    return [archive.ArchivedRun(outcome.folder) for outcome in outcomes]


def _request(plan: Plan, step: Step, finished: dict[str, str], series_run: str) -> Request:
    """The step's request; a parameter named like a finished step is given that step's run."""
    upstream = {
        name: finished[name] for name in step.source.parameters
        if name in finished and name not in step.given
    }  # fmt: skip
    given = step.given | upstream
    values = parameters.effective(step.source.parameters, given, str(step.source.path))
    return Request(
        source=step.source, parameters=values, given=given, profile=plan.profile,
        series=plan.series, root=plan.root, series_run=series_run,
    )  # fmt: skip


def _wait(seconds: float, told: Stop, deadline: float | None) -> bool:
    """Wait, unless told to stop or out of time; whether there is time to go on."""
    until = time.monotonic() + seconds
    if deadline is not None and until >= deadline:
        return False
    while time.monotonic() < until and not told.signal:
        time.sleep(0.1)
    return not told.signal
