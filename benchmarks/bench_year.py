"""A year of nightly quick runs: how big its archive becomes under the policy of series.toml.

    python benchmarks/bench_year.py [--from runs/ink2tex] [--nights 365]

One quick series is run (or taken from a folder that holds its four runs); each night is a copy of
it under new ids and times, sealed anew, as if every night had changed something: a schedule passes
over what is unchanged. `tegashiki prune`, which the cron line calls every night, is called here
before each measurement. Counted is what git takes. Ends with 1 if the archive
passes 60 MB, or if any run is not whole at the end.
"""

import argparse
import contextlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tegashiki.cli import main as tegashiki  # noqa: E402
from tegashiki.journal.archive import check, reader  # noqa: E402
from tegashiki.journal.archive.thin import NIGHTLY  # noqa: E402
from tegashiki.journal.format import layout, manifest, notes  # noqa: E402
from tegashiki.storage import files  # noqa: E402

LIMIT = 60.0      # MB
DAY = timedelta(days=1)


def real(home: Path) -> list[reader.ArchivedRun]:
    """The runs of one quick series, made here."""
    subprocess.run([sys.executable, "-m", "tegashiki.cli", "run", "ink2tex"], check=True, cwd=ROOT,
                   env=os.environ | {"TEGASHIKI_RUNS": str(home)})
    return reader.runs(home, "ink2tex")


def night(model: reader.ArchivedRun, root: Path, when: datetime) -> reader.ArchivedRun:
    """The same run under another id and time, whole."""
    id, stamp = uuid.uuid4().hex[:8], when.strftime("%Y%m%dT%H%M%SZ")
    folder = root / "ink2tex" / f"{stamp}-{model.step}-{id}"
    heavy = {Path(path).name for path in left_out(model)}
    shutil.copytree(model.folder, folder, ignore=shutil.ignore_patterns(*heavy),
                    copy_function=_link)
    (folder / layout.VERIFY).unlink(missing_ok=True)
    record = files.read_json(folder / layout.RUN)
    record["id"] = id
    files.write_json(folder / layout.RUN, record)
    state = files.read_json(folder / layout.STATUS)
    told = when.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    end = (when + timedelta(minutes=2)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    state |= {"started": told, "heartbeat": end, "ended": end,
              "manifest_sha256": manifest.write(folder, record["keep"], record["private"])}
    files.write_json(folder / layout.STATUS, state)
    notes.change(folder, add=[NIGHTLY])
    return reader.ArchivedRun(folder)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)       # nothing writes into a file of a run, all replace it
    except OSError:                   # another file system
        shutil.copyfile(source, target)


def pruned(root: Path) -> None:
    """Prune by series.toml, through the door that the cron line takes."""
    os.environ["TEGASHIKI_RUNS"] = str(root)
    with contextlib.redirect_stdout(io.StringIO()):
        if tegashiki(["prune"]):
            raise SystemExit("tegashiki prune failed")


def in_git(root: Path) -> int:
    """Bytes of all that git takes; `tegashiki check` counts a disk's blocks, which are more."""
    return sum(path.stat().st_size for run in reader.runs(root)
               for path in run.folder.rglob("*") if path.is_file()
               and path.relative_to(run.folder).as_posix() not in left_out(run))


def left_out(run: reader.ArchivedRun) -> set[str]:
    """What git does not take of a run."""
    return {entry["path"] for entry in manifest.read(run.folder) if not entry["in_git"]}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--from", dest="source", type=Path, help="a folder with a series' runs")
    parser.add_argument("--nights", type=int, default=365)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        (home / "notebooks").symlink_to(ROOT / "notebooks")
        models = [reader.ArchivedRun(p) for p in sorted(args.source.iterdir())] if args.source \
            else real(home / "real")
        each = in_git(args.source.parent if args.source else home / "real")
        root, largest, began = home / "runs", 0, time.monotonic()
        first = datetime.now(UTC) - args.nights * DAY
        for number in range(args.nights):
            for minute, model in enumerate(models):
                night(model, root, first + number * DAY + timedelta(minutes=3 * minute))
            if (number + 1) % 73 == 0 or number + 1 == args.nights:
                pruned(root)
                size = in_git(root)
                largest = max(largest, size)
                print(f"{number + 1:4} nights {size / 1e6:6.1f} MB", flush=True)
        runs = reader.runs(root)
        wrong = [f"{run.id}: {why}" for run in runs for why in run.broken()]
        largest = max(largest, in_git(root)) / 1e6
        taken = check.on_disk(root, runs)
    print(f"{len(runs)} runs, {each / 1e6 * args.nights:.0f} MB if nothing were let go; at most "
          f"{largest:.1f} MB (limit {LIMIT:.0f}), {taken / 1e6:.0f} MB on disk at the end, "
          f"{len(wrong)} of them not whole; "
          f"{time.monotonic() - began:.0f} s")
    return int(bool(wrong) or largest > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
