"""A run done again: its own tree, its environment, its parameters, its data; then the verdict.

    verdict = rerun.verify(run, checkout, today=False, band=None)

The run's own manifest is tested first. Its commit and patch are put together in a scratch clone
(scratch.py), beside the archive as it was then; artifacts of earlier runs that git leaves out are
made again first. The environment is today's where nothing that the run had differs; else it is made
from the run's own lock, or, when asked for `today`, today's is used and what differs is a cause.
Of a run that took long, the `first` seconds may do: it is stopped then, and the rows of its curve
up to there are compared.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import tegashiki
from tegashiki.journal.archive import reader
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.execute import series
from tegashiki.journal.format import layout, manifest, paths
from tegashiki.journal.report.verification import contents, kept, scratch, surroundings
from tegashiki.journal.report.verification.band import Band
from tegashiki.journal.report.verification.scratch import CannotError
from tegashiki.journal.report.verification.verdict import (
    BEGINS,
    CANNOT,
    DRIFTED,
    Verdict,
    decide,
)
from tegashiki.storage import files

_PACKAGES = ("package", "python ")  # how causes begin that an environment of its own takes away


class Again:
    """How runs are done again: where, with which environment, and how long it may take."""

    def __init__(
        self, checkout: Path | None, today: bool = False, longest: float | None = None,
        say: Callable[[str], None] = lambda text: None,
    ) -> None:  # fmt: skip
        """`longest`: seconds that a run may have taken then; `say` is told what takes long."""
        self.checkout, self.today, self.longest, self.say = checkout, today, longest, say

    def do(
        self, run: ArchivedRun, home: Path, limit: float | None = None
    ) -> tuple[ArchivedRun, tuple[str, ...]]:
        """The run done again below the folder `home`, and every cause why it may differ.

        After `limit` seconds it is stopped; its status then says so. Raises CannotError that says
        what is missing.
        """
        self._check(run)
        tree, runs = home / "tree", home / "runs"
        home.mkdir(parents=True, exist_ok=True)
        assert self.checkout is not None
        scratch.tree(run, self.checkout, tree)
        self._check_data(run, tree)
        scratch.archive(run, runs, self.checkout)
        differing = surroundings.differing(run, self.checkout)
        python = sys.executable
        if any(item.startswith(_PACKAGES) for item in differing) and not self.today:
            python = kept.environment(run, tree)
            differing = [item for item in differing if not item.startswith(_PACKAGES)]
        self.say(f"run {run.id} ({run.step}) is done again; "
                 f"it took {run.outcome['seconds']:.0f} s then")  # fmt: skip
        causes: list[str] = []
        earlier = {found.id: found for found in scratch.read_from(run)}
        while True:
            try:
                return self._again(run, tree, runs, python, limit), (*causes, *differing)
            except CannotError as error:
                # What git leaves out is often not needed; what is, the failure names.
                needed = [one for id, one in earlier.items()
                          if id in str(error) and scratch.missing(one)]  # fmt: skip
                if not needed:
                    raise
                causes += self._remake(earlier.pop(needed[0].id), runs, home)

    def _check(self, run: ArchivedRun) -> None:
        """All that can be missing and be seen before anything is started."""
        if run.fault or (problems := run.broken()):
            raise CannotError(f"it is not what was archived: {run.fault or problems[0]}")
        record, code = run.record, run.record["code"] or {}
        if run.status != layout.OK:
            raise CannotError(f"the run is {run.status!r}; only what was ok can be done again")
        if record["notebook"] is None:
            raise CannotError(f"its notebook is not known: {record['launched']} executed it")
        if self.checkout is None or not code.get("commit"):
            raise CannotError("its commit is not known, or this is no checkout")
        if code.get("left_out"):
            raise CannotError(f"{code['left_out'][0]} was kept out of its patch, and is not in git")
        if self.longest is not None and (run.outcome["seconds"] or 0) > self.longest:
            raise CannotError(f"run {run.id} took {run.outcome['seconds']:.0f} s, more than the "
                              f"{self.longest:g} s that are allowed here")  # fmt: skip

    def _check_data(self, run: ArchivedRun, tree: Path) -> None:
        """What it read is there: in the tree of its commit, as a released model is, or here."""
        for item in run.record["data"]:
            places = (paths.located(item["place"], root) for root in (tree, self.checkout))
            path = next((place for place in places if place and place.exists()), None)
            if path is None:
                raise CannotError(f"data {item['name']} is not at {item['place']}")
            if files.size(path) != item["bytes"] or files.sha256(path) != item["sha256"]:
                raise CannotError(f"data {item['name']} at {item['place']} is not what it read")

    def _remake(self, earlier: ArchivedRun, runs: Path, home: Path) -> list[str]:
        """Make the artifacts again that an earlier run left and that are not here; what differs."""
        target = runs / earlier.series / earlier.name
        lacking = [entry for entry in scratch.missing(earlier) if not kept.fetch(entry, target)]
        if not lacking:
            _whole(target)
            return []
        place = home / f"earlier-{earlier.id}"
        try:
            made, why = self.do(earlier, place)
        except CannotError as error:
            raise CannotError(f"{lacking[0]['path']} of run {earlier.id} ({earlier.step}) is "
                              f"not here and cannot be made: {error}") from None  # fmt: skip
        wrong = [entry for entry in lacking if not kept.store(entry, made, target)]
        _whole(target)
        shutil.rmtree(place, ignore_errors=True)
        if not wrong:
            return []
        because = f" ({'; '.join(why)})" if why else ""
        return [f"{wrong[0]['path']} of run {earlier.id}, made again, is not the one that was "
                f"read{because}"]  # fmt: skip

    def _again(
        self, run: ArchivedRun, tree: Path, runs: Path, python: str, limit: float | None
    ) -> ArchivedRun:
        """Run its notebook in its tree, with its parameters, and find what was archived."""
        record = run.record
        read = {item["step"]: item["id"] for item in record["upstream"]}
        words = []
        for name, value in record["parameters"].items():
            value = read.get(name, value) if value == "latest" else value
            words += ["-p", f"{name}={value if isinstance(value, str) else repr(value)}"]
        # The tree's own package first; a checkout that has none was run with the installed one.
        packages = [str(tree), str(Path(tegashiki.__file__).parents[1])]
        settings = surroundings.settings(run, self.checkout) | {
            paths.RUNS: str(runs), "PYTHONPATH": os.pathsep.join(packages),
        }  # fmt: skip
        before = {earlier.id for earlier in reader.runs(runs)}
        notebook = str(tree / record["notebook"]["path"])
        if record["profile"] not in (None, series.QUICK):
            words += ["--profile", record["profile"]]
        if limit is not None:
            words += ["--timeout", f"{limit:g}"]
        done = subprocess.run(
            [python, "-m", "tegashiki.cli", "run", notebook, *words], cwd=tree, env=settings,
            preexec_fn=surroundings.pin(run), capture_output=True, text=True, check=False,
        )  # fmt: skip
        made = [found for found in reader.runs(runs) if found.id not in before]
        stopped = limit is not None and len(made) == 1 and made[0].status == layout.TIMED_OUT
        if not stopped and (done.returncode or len(made) != 1 or made[0].status != layout.OK):
            why = made[-1].outcome.get("reason") if made else None
            raise CannotError(f"doing it again failed: {_brief(why or _last(done.stderr))}")
        return made[0]


def verify(
    run: ArchivedRun, checkout: Path | None, today: bool = False, band: Band | None = None,
    longest: float | None = None, say: Callable[[str], None] = lambda text: None,
    first: float | None = None,
) -> Verdict:  # fmt: skip
    """Do it again and compare. What is missing becomes the verdict `cannot`, no exception.

    A run that took more than `first` seconds is stopped after so many, and the rows that its curve
    has by then are compared. Raises TegashikiError only if the archive itself cannot be read.
    """
    again = Again(checkout, today, longest, say)
    with tempfile.TemporaryDirectory(prefix="tegashiki-verify-") as home:
        try:
            limit = first if first is not None and took_longer(run, first) else None
            rerun, causes = again.do(run, Path(home), limit)
            if limit is not None and rerun.status == layout.TIMED_OUT:
                word, why, found = _begun(run, rerun, limit)
            else:
                found = contents.compare(run, rerun)
                word, why = decide(found, band)
        except CannotError as error:
            return Verdict(CANNOT, str(error))
        if word == DRIFTED:
            causes = (*causes, *surroundings.hurried(run))
            if "instructions" not in (run.record["device"] or {}):
                causes = (*causes, surroundings.unknown(run))
        return Verdict(word, why, tuple(found[:50]), causes, band.runs if band else (), rerun.id)


def took_longer(run: ArchivedRun, seconds: float) -> bool:
    """Whether it took more than so many seconds then."""
    return (run.outcome["seconds"] or 0) > seconds


def _begun(
    run: ArchivedRun, rerun: ArchivedRun, limit: float
) -> tuple[str, str, list[contents.Difference]]:
    """The verdict about a run that was stopped after `limit` seconds, and what differed."""
    rows, found = contents.beginning(run, rerun)
    if not rows:
        raise CannotError(f"it wrote no row of its curve within {limit:g} s; give it more time")
    if found:
        return *decide(found, None), found
    return BEGINS, (f"row 1 to {rows} of {len(contents.rows(run))} of its curve are equal in every "
                    f"digit; it was stopped after {limit:g} s, and took "
                    f"{run.outcome['seconds']:.0f} s then"), found  # fmt: skip


def _whole(folder: Path) -> None:
    """Take out what says that files went, once they are back: older code does not know it."""
    paths_and_hashes = ((folder / e["path"], e["sha256"]) for e in manifest.read(folder))
    if all(path.is_file() and files.sha256(path) == told for path, told in paths_and_hashes):
        (folder / layout.PRUNED).unlink(missing_ok=True)


def _last(text: str) -> str:
    return (text.strip().splitlines() or ["no message"])[-1][:200]


def _brief(reason: str) -> str:
    """A reason without the scratch folder that it happened in."""
    return re.sub(r"/\S*tegashiki-verify-[^/]*/(?:\S*?/)?(?=runs/|tree/)", "", reason)
