"""The run as its notebook sees it: begin, note what was read and what came out, finish.

    run = journal.begin("ink2tex", "train", epochs=epochs, seed=seed)
    run.metrics(epoch=1, loss=2.31)
    run.finish()

Under `tegashiki run` it joins the folder that the launcher made; elsewhere it makes its own.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive import licences, reader
from tegashiki.journal.format import layout, paths, rights
from tegashiki.journal.format.metrics import Metrics
from tegashiki.journal.notebook import secrets
from tegashiki.journal.session import declared, earlier, environment, gates, mirror, modules
from tegashiki.journal.session.unmanaged import Owner
from tegashiki.journal.transfer import bundle
from tegashiki.storage import files

_QUIET_SECONDS = 10.0  # between two lines of progress where there is no launcher's terminal
_PICTURE_LIMIT = 500_000  # bytes of SVG, beyond which a PNG is smaller and quicker to look at


class Run:
    """One run in progress. Made by `journal.begin`."""

    def __init__(
        self, folder: Path, record: dict[str, Any], owner: Owner | None,
        around: Mapping[str, Any],
    ) -> None:  # fmt: skip
        """`around` are the variables of the notebook, among which its parameters are."""
        self.folder = folder
        self._record = record
        self._owner = owner
        self._around = around
        self._metrics = Metrics(folder / layout.METRICS)
        self._results: dict[str, Any] = {}
        self._progressed = 0.0
        self._mirror = mirror.of(folder, record["launched"])
        self._note(began=True)

    def __repr__(self) -> str:
        return f"<run {self.id}: {self._record['series']} {self._record['step']}>"

    @property
    def id(self) -> str:
        """Eight digits, by which later runs and people name this one."""
        return self._record["id"]

    def seed(self, name: str) -> int:
        """A seed of 31 bits for one purpose, derived from the root seed and the purpose's name."""
        digest = hashlib.sha256(f"{self._record['seed']}/{name}".encode()).digest()
        value = int.from_bytes(digest[:4], "big") >> 1  # every framework takes 31 bits
        self._note(seeds=self._record["seeds"] | {name: value})
        return value

    def data(self, path: str | Path, name: str | None = None) -> Path:
        """Note the file or folder that is read: name, bytes, sha256. Returns its path.

        Raises TegashikiError if it is not there.
        """
        path = Path(path).expanduser()
        if not path.exists():
            raise TegashikiError(f"{path}: no such data; get it, or give another path")
        entry = {
            "name": name or path.name, "place": paths.portable(path),
            "bytes": files.size(path), "sha256": files.sha256(path),
        }  # fmt: skip
        self._note(data=[*self._record["data"], entry])
        return path

    def upstream(
        self, step: str, which: str = "latest", series: str | None = None,
        unfinished: bool = False,
    ) -> reader.ArchivedRun:
        """An earlier run to read from: by id, or the `latest` ok run of `step`.

        `latest` keeps to this run's profile, so that a full training never takes quick data. The
        run must be `ok` and intact; with `unfinished` it may also have been stopped, where its
        checkpoint is what is wanted. Raises TegashikiError if there is no such run.
        """
        series = series or self._record["series"]
        run = self._upstream(step, which, series)
        if run.status != layout.OK and not (unfinished and run.outcome.get("manifest_sha256")):
            raise TegashikiError(f"run {run.id} of {step} is {run.status!r}; use one that is ok")
        if problems := run.broken():
            raise TegashikiError(f"run {run.id} of {step}: {problems[0]}; run {step} again")
        entry = {
            "step": step, "series": series, "id": run.id, "asked": which,
            "manifest_sha256": run.outcome["manifest_sha256"],
        }  # fmt: skip
        self._note(upstream=[*self._record["upstream"], entry])
        return run

    def metrics(self, **row: float) -> None:
        """One row of metrics.csv, on disk at once."""
        self._check_open()
        if why := secrets.within({name: v for name, v in row.items() if isinstance(v, str)}):
            raise TegashikiError(f"metric {why}: it looks like a secret, and runs are published")
        self._metrics.add(row)
        if self._mirror:
            self._mirror.copy_now_and_then()

    def result(self, **numbers: Any) -> None:
        """Key numbers of the run, added to results.json."""
        self._check_open()
        numbers = files.plain(numbers)
        if why := secrets.within(numbers):
            raise TegashikiError(f"result {why}: it looks like a secret, and runs are published")
        self._results |= numbers
        files.write_json(self.folder / layout.RESULTS, self._results)

    def artifact(self, name: str, keep: bool = False, private: bool = False) -> Path:
        """Where to write a file for later steps or for people.

        Up to 1 MB it goes into git; with `keep=True` up to 6 MB, and it is shown at the end. With
        `private=True` it never does: data that is not ours to publish.
        """
        self._check_open()
        path = (self.folder / layout.ARTIFACTS / name).resolve()
        if not path.is_relative_to((self.folder / layout.ARTIFACTS).resolve()):
            raise TegashikiError(f"artifact {name!r}: lies outside of the run's folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        if keep and name not in self._record["keep"]:
            self._note(keep=[*self._record["keep"], name])
        if private and name not in self._record["private"]:
            self._note(private=[*self._record["private"], name])
        return path

    def figure(self, figure: Any, name: str, shows: str = rights.SETS) -> None:
        """Save a matplotlib figure under pictures/: SVG, or PNG where that would be big.

        It carries the name and licence of the sets that the run read, or a run before it; where
        one of them lets nothing be shown, it stays out of the notebook and of git. With
        `shows="numbers"`, nobody's ink or body is seen on it, and neither is needed.
        Returns nothing, so that a cell may end with it: the figure itself is shown below the cell.
        """
        import matplotlib

        self._check_open()
        folder = self.folder / layout.PICTURES
        folder.mkdir(exist_ok=True)
        path = folder / f"{name}.svg"
        sets = [] if shows == rights.NUMBERS else self._sets()
        source = "; ".join(f"{s.name} ({s.licence}), {s.credit}" for s in sets)
        # The same figure gives the same bytes: no date, and ids from its content.
        with matplotlib.rc_context({"svg.hashsalt": name}):
            said = {"Source": source} if source else {}
            figure.savefig(path, bbox_inches="tight", metadata={"Date": None, **said})
            if path.stat().st_size > _PICTURE_LIMIT:
                path.unlink()
                path = path.with_suffix(".png")
                figure.savefig(path, bbox_inches="tight", dpi=120, metadata=said)
        self._note_rights(figure, path, shows, sets)

    def data_behind(self) -> list[dict[str, Any]]:
        """What this run read, and every run that it came from, as records name data.

        Raises TegashikiError if one of these runs is not in the archive: whose data it was trained
        on could not be told then.
        """
        known = {run.id: run for run in reader.runs(paths.runs_root())}
        records, missing = licences.lineage(self._record, known)
        if missing:
            raise TegashikiError(f"run {missing[0]}, from which this one came, is not in the "
                                 "archive; `tegashiki pull` it, or ingest its bundle")
        return [item for one in records for item in one["data"]]

    def _note_rights(self, figure: Any, path: Path, shows: str, sets: list[licences.Set]) -> None:
        import matplotlib.pyplot as plt

        closed = [f"{s.name} ({s.licence})" for s in sets if s.pictures == licences.NONE]
        where = path.relative_to(self.folder).as_posix()
        if sets or shows == rights.NUMBERS:
            rights.note(self.folder, where, shows, [s.entry() for s in sets], held=bool(closed))
        if closed:
            plt.close(figure)  # else it would be shown below the cell, and kept in the notebook
            self.log(f"{where} is kept here only, out of the notebook and of git: it may show "
                     f"{', '.join(closed)}. If it is a chart, say shows=\"numbers\".")

    def _sets(self) -> list[licences.Set]:
        """The sets that pictures of this run may show, by the archive's licences.toml."""
        root = paths.runs_root()
        table = licences.load(root)
        if table is None:
            return []
        return licences.behind(self._record, {run.id: run for run in reader.runs(root)}, table)

    def log(self, text: str) -> None:
        """Say something, in the notebook and in log.txt."""
        print(text, flush=True)
        if self._owner and not self._owner.ended:
            self._owner.log.write(secrets.mask(text.rstrip("\n")) + "\n")

    def progress(self, done: float, total: float, text: str = "") -> None:
        """How far the work is: a bar on the launcher's terminal, now and then a line elsewhere."""
        pause = _QUIET_SECONDS if self._owner else 0.2
        if time.monotonic() - self._progressed < pause and done < total:
            return
        self._progressed = time.monotonic()
        if self._owner:
            self.log(f"{done}/{total} {text}")
        else:
            state = {"done": done, "total": total, "text": secrets.mask(text)}
            files.write_json(self.folder / layout.PROGRESS, state)

    def pass_gate(self, name: str, code: str, data: str) -> None:
        """State that this run, if it ends `ok`, shows what the gate asks for code and data."""
        now = self._record["gates"]
        self._note(gates=now | {"passed": [*now["passed"], gates.gate(name, code, data)]})

    def require_gate(self, name: str, code: str, data: str) -> reader.ArchivedRun:
        """Go on only if an `ok` run of this series passed the gate for the same code and data.

        Raises GateError otherwise.
        """
        wanted = gates.gate(name, code, data)
        run = gates.find(self.folder.parents[1], self._record["series"], wanted)
        now = self._record["gates"]
        self._note(gates=now | {"required": [*now["required"], wanted | {"run": run.id}]})
        return run

    def finish(self) -> None:
        """The last cell's call: without it no run is `ok`. Nothing can be added afterwards."""
        if why := declared.changed(self._record["parameters"], self._around):
            raise TegashikiError(f"finish: parameter {why}; the record would be wrong, give it "
                                 "another name")
        device = self._record["device"] | {"accelerators": environment.accelerators()}
        ran, changed = modules.found()
        if changed:
            self.log(f"code was edited while this run went on: {', '.join(changed)}; the record "
                     "holds what ran")
        self._note(finished=True, device=device, modules=ran, changed_modules=changed)
        if self._owner:
            self._owner.close(layout.OK)
            bundle.hand_over(reader.ArchivedRun(self.folder), self._record["launched"])
        if self._mirror:
            self._mirror.copy()

    def abandon(self) -> None:
        """Another run begins in the same kernel: this one, if still open, was interrupted."""
        if self._owner:
            self._owner.close(layout.INTERRUPTED, "begin() was called again before finish()")

    def _upstream(self, step: str, which: str, series: str) -> reader.ArchivedRun:
        root = self.folder.parents[1]
        if which != "latest":
            run = reader.find(root, which)
            if (run.series, run.step) != (series, step):
                found = f"{run.series} {run.step}"
                raise TegashikiError(f"run {run.id} is of {found}, not of {series} {step}")
            return run
        profile = self._record["profile"]
        known = reader.good(root, series, step)
        fitting = [r for r in known if profile is None or r.record["profile"] in (profile, None)]
        if fitting:
            return fitting[0]
        if not known and self._owner is not None and earlier.offer(series, step):
            return self._upstream(step, which, series)
        notebook = earlier.find(series, step)
        how = f"`{earlier.command(notebook)}`" if notebook else f"run {step} first"
        other = f"; {known[0].id} is of profile {known[0].record['profile']}" if known else ""
        raise TegashikiError(
            f"no ok run of {series} {step}{f' in profile {profile}' if profile else ''}{other}; "
            f"{how}, or name a run"
        )

    def _note(self, **changes: Any) -> None:
        self._check_open()
        self._record |= changes
        files.write_json(self.folder / layout.RUN, self._record)

    def _check_open(self) -> None:
        if self._record["finished"]:
            raise TegashikiError(f"run {self.id} is finished; begin a new one")
