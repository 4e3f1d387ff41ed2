"""Small faults put into the modules that decide what a number is worth: do their tests see them?

    python benchmarks/mutate.py                          # a sample of each file
    python benchmarks/mutate.py --sample 0 tex/scores    # every fault of one file
    python benchmarks/mutate.py --since main             # only on lines that changed since then

A fault is another comparison, another number, a condition turned round, a result or a statement
left out (FAULTS in mutations.py). Each runs in a fork of a process that has loaded what the tests
need but for the project itself, so that it costs a second; what was found is kept in --kept, and an
interrupted run goes on. Ends with 1 if fewer than 95 of a hundred are found.
"""

import argparse
import ast
import hashlib
import importlib.abc
import importlib.util
import io
import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import mutations  # noqa: E402

SHARE = 0.95
CPU, LIMIT = 40, 300.0      # seconds of processor and of wall for one fault; what hangs is found
TESTS = {
    "tex/scores": ("tex/test_scores",),
    "tex/tree": ("tex/test_tree", "tex/test_wide", "tex/test_scores"),
    "data/collection": ("synthesis/test_collection", "data/test_crohme"),
    "data/splits": ("data/test_splits",),
    "synthesis/collection": ("synthesis/test_collection",),
    "synthesis/dataset_spec": ("synthesis/test_dataset_spec",),
    "journal/format/manifest": ("journal/format/test_manifest",),
    "journal/format/status": ("journal/format/test_status",),
    "journal/format/outcome": ("journal/format/test_outcome",),
    "journal/session/gates": ("journal/session/test_gates",),
}
_LOADED = ("numpy", "pytest", "nbformat", "nbformat.v4", "jsonschema", "psutil", "platformdirs",
           "defusedxml.ElementTree", "asyncio", "unittest", "doctest", "pdb", "difflib", "tomllib",
           "concurrent.futures", "gzip", "secrets", "zipfile")  # fmt: skip


class Faulty(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module of the project with a fault in it; all others as they are."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self.name, self.path, self.tree = name, path, tree

    def find_spec(self, name: str, path: object = None, target: object = None) -> object:
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=self)

    def pytest_sessionstart(self) -> None:
        """Go before the finder by which pytest rewrites what it was given as a path."""
        sys.meta_path.remove(self)
        sys.meta_path.insert(0, self)

    def exec_module(self, module: object) -> None:
        exec(compile(self.tree, str(self.path), "exec"), module.__dict__)  # noqa: S102  (our own)


def tried(file: str, tree: ast.Module | None) -> bool:
    """Whether the tests of `file` pass with the module's code as `tree` has it."""
    with tempfile.TemporaryDirectory() as home:
        child = os.fork()
        if child == 0:
            os.setpgrp()
            resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU))
            os._exit(_tests(file, tree, home))
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status) == 0
            time.sleep(0.02)
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return False


def _tests(file: str, tree: ast.Module | None, home: str) -> int:
    import pytest

    os.chdir(ROOT)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"        # each of them costs as much as a test
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    sys.stdout = sys.stderr = io.StringIO()
    name, path = "tegashiki." + file.replace("/", "."), ROOT / "tegashiki" / f"{file}.py"
    faulty = Faulty(name, path, tree or ast.parse(path.read_text()))
    sys.meta_path.insert(0, faulty)
    found = [str(path)]                                      # the examples in its docstrings
    found += [str(ROOT / "tests" / f"{test}.py") for test in TESTS[file]]
    words = ["-x", "-q", "-m", "not slow and not training", "-p", "no:cacheprovider",
             "-p", "pytest_timeout", f"--basetemp={home}/t", "--timeout=250"]
    return int(pytest.main([*found, *words], plugins=[faulty]))


def changed_lines(file: str, since: str) -> set[int]:
    """Lines of a module that are not as they were at a commit."""
    told = subprocess.run(["git", "diff", "-U0", since, "--", f"tegashiki/{file}.py"], cwd=ROOT,
                          capture_output=True, text=True, check=True).stdout
    lines: set[int] = set()
    for start, count in re.findall(r"^@@ .*\+(\d+)(?:,(\d+))? @@", told, re.M):
        lines |= set(range(int(start), int(start) + int(count or 1)))
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("files", nargs="*", help=", ".join(TESTS))
    add("--sample", type=int, default=40, help="faults of a file at most; 0: all")
    add("--since", metavar="COMMIT", help="only lines that changed since then")
    add("--seconds", type=float, default=float("inf"), help="stop then; run again to go on")
    add("--kept", type=Path, default=Path(tempfile.gettempdir(), "tegashiki-faults.json"))
    args = parser.parse_args()
    kept = json.loads(args.kept.read_text()) if args.kept.is_file() else {}
    for name in _LOADED:
        importlib.import_module(name)
    end, share = time.monotonic() + args.seconds, []
    for file in args.files or TESTS:
        source = (ROOT / "tegashiki" / f"{file}.py").read_text()
        faults = list(mutations.faults(source))
        if args.since:
            lines = changed_lines(file, args.since)
            faults = [fault for fault in faults if fault.line in lines]
        total = len(faults)
        if args.sample and total > args.sample:
            faults = random.Random(0).sample(faults, args.sample)
        tests = "".join((ROOT / "tests" / f"{test}.py").read_text() for test in TESTS[file])
        told = hashlib.sha256((source + tests).encode()).hexdigest()[:12]
        if faults and not tried(file, None):
            raise SystemExit(f"{file}: its tests fail as it is")
        left = []
        for fault in faults:
            key = f"{file}:{told}:{fault}"
            if key not in kept:
                if time.monotonic() > end:
                    raise SystemExit("time is up; run again to go on")
                kept[key] = not tried(file, fault.tree)
                args.kept.write_text(json.dumps(kept))
            if not kept[key]:
                left.append(str(fault))
        found = len(faults) - len(left)
        share += [True] * found + [False] * len(left)
        print(f"| {file} | {total} | {len(faults)} | {found} |", flush=True)
        for fault in left:
            print(f"    lives: {fault}", flush=True)
    print(f"{sum(share)} of {len(share)} found: {100 * sum(share) / max(len(share), 1):.1f} %")
    return int(sum(share) < SHARE * len(share))


if __name__ == "__main__":
    sys.exit(main())
