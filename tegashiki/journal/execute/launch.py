"""Running a plan: step after step, each told the runs of the steps before it.

    launched = launch.launch(plan, progress, retries=0, timeout=None)
    launched.outcomes[-1].status, launched.reused
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, replace

from tegashiki.journal.archive import reader, up_to_date
from tegashiki.journal.execute import failure
from tegashiki.journal.execute.plan import Plan, Step
from tegashiki.journal.execute.progress import Progress
from tegashiki.journal.execute.signals import Stop
from tegashiki.journal.execute.supervise import Outcome, Request, execute
from tegashiki.journal.notebook import parameters

BACKOFF_SECONDS = 2.0  # before the first retry; doubled before each further one


@dataclass(frozen=True)
class Launched:
    """What a plan came to."""

    outcomes: list[Outcome]  # of the steps that ran, in order
    reused: dict[str, str]  # {step: run} of those that stand for the others

    @property
    def runs(self) -> list[reader.ArchivedRun]:
        """The runs of the outcomes, to read their numbers from."""
        return [reader.ArchivedRun(outcome.folder) for outcome in self.outcomes]


def launch(
    plan: Plan, progress: Progress, retries: int = 0, timeout: float | None = None,
    backoff: float = BACKOFF_SECONDS, if_changed: bool = False,
) -> Launched:  # fmt: skip
    """Run the steps of the plan until one is not `ok`; the last outcome is then the bad one.

    `timeout` is in seconds, for all of it. A failure that may pass is tried `retries` times more;
    a failed assertion or gate never is. With `if_changed`, a step whose last run still stands for
    it is passed over. Raises TegashikiError if the archive cannot be written.
    """
    deadline = None if timeout is None else time.monotonic() + timeout
    series_run = secrets.token_hex(4)
    finished = {step: run.id for step, run in plan.reused.items()}
    reused = dict(finished)
    outcomes: list[Outcome] = []
    with Stop() as told:
        for number, step in enumerate(plan.steps, 1):
            why = ""
            if if_changed:
                found, why = up_to_date.find(plan.root, plan.series, plan.profile, step, finished)
                if found is not None:
                    progress.skip(number, len(plan.steps), step.source.step, why)
                    finished[step.source.step] = reused[step.source.step] = found.id
                    continue
            request = _request(plan, step, finished, series_run)
            if plan.resumes is not None and number == 1:
                before = {"id": plan.resumes.id, "why": "resume"}
                request = replace(request, predecessor=before, resumes=plan.resumes)
            progress.start(number, len(plan.steps), step.source.step, why)
            outcome = execute(request, told, deadline, progress.show)
            attempt = 0
            while outcome.transient and attempt < retries and not told.signal:
                progress.retry(outcome, wait := backoff * 2**attempt)
                if not _wait(wait, told, deadline):
                    break
                again = replace(request, predecessor={"id": outcome.id, "why": "retry"})
                outcome = execute(again, told, deadline, progress.show)
                attempt += 1
            progress.end(outcome)
            if wrong := failure.tell(plan.on_failure, outcome, plan.series):
                progress.say(wrong)
            outcomes.append(outcome)
            if outcome.status != "ok":
                break
            finished[step.source.step] = outcome.id
    return Launched(outcomes, reused)


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
        series_given=None if plan.series_given is None else dict(plan.series_given),
        why=plan.why,
        tags=plan.tags,
    )  # fmt: skip


def _wait(seconds: float, told: Stop, deadline: float | None) -> bool:
    """Wait, unless told to stop or out of time; whether there is time to go on."""
    until = time.monotonic() + seconds
    if deadline is not None and until >= deadline:
        return False
    while time.monotonic() < until and not told.signal:
        time.sleep(0.1)
    return not told.signal
