"""What changed in the code between two runs, down to the functions.

    code_changes.changes(checkout, one, other)     # ["tegashiki/train/loop.py: fit, _stale", ...]

The code of a run is its commit with its patch on top. Both are put together in an index of their
own, with new objects in a folder that is thrown away: the repository is only read.
"""

from __future__ import annotations

import ast
import tempfile
from pathlib import Path

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout
from tegashiki.journal.session import git


def changes(checkout: Path, one: ArchivedRun, other: ArchivedRun) -> list[str]:
    """One line for each Python file that differs, with the names of what changed in it.

    Only files that one of the runs imported, where both runs know that. Raises TegashikiError if
    a commit is not in this repository, or a patch does not fit its commit.
    """
    with tempfile.TemporaryDirectory() as scratch:
        before = _Tree(checkout, one, Path(scratch) / "one")
        after = _Tree(checkout, other, Path(scratch) / "other")
        paths = {p for p in before.blobs.keys() | after.blobs.keys() if p.endswith(".py")}
        if one.record["modules"] and other.record["modules"]:
            imported = {*one.record["modules"], *other.record["modules"]}
            paths = {path for path in paths if _module(path) in imported}
        found = []
        for path in sorted(p for p in paths if before.blobs.get(p) != after.blobs.get(p)):
            named = functions(before.text(path), after.text(path))
            found.append(f"{path}: {', '.join(named) or 'comments and layout only'}")
        return found


def functions(before: str, after: str) -> list[str]:
    """Names of the functions and classes that differ between two texts of one module.

    Comments, layout and docstrings are no difference.

    >>> functions("def f():\\n    return 1", "def f():\\n    return 2\\ndef g(): pass")
    ['f', 'g (new)']
    """
    old, new = _parts(before), _parts(after)
    named = [name for name in old if name in new and old[name] != new[name]]
    named += [f"{name} (new)" for name in new if name not in old]
    return named + [f"{name} (gone)" for name in old if name not in new]


class _Tree:
    """All files of a run's code, by path."""

    def __init__(self, checkout: Path, run: ArchivedRun, scratch: Path) -> None:
        scratch.mkdir()
        self._checkout = checkout
        objects = git.ask(checkout, "rev-parse", "--path-format=absolute", "--git-path", "objects")
        if objects is None:
            raise TegashikiError(f"{checkout}: no git repository, so code cannot be compared")
        self._settings = {
            "GIT_INDEX_FILE": str(scratch / "index"),
            "GIT_OBJECT_DIRECTORY": str(scratch),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": objects.decode().strip(),
        }
        commit = (run.record["code"] or {}).get("commit")
        if not commit or self._ask("read-tree", commit) is None:
            said = commit and commit[:12]
            raise TegashikiError(f"run {run.id}: its commit {said} is not in this repository")
        if (run.record["code"] or {}).get("patch"):
            patch = str(run.folder / layout.PATCH)
            if self._ask("apply", "--cached", patch) is None:
                raise TegashikiError(f"run {run.id}: {layout.PATCH} does not fit its commit")
        listed = self._ask("ls-files", "--stage", "-z") or b""
        lines = [line for line in listed.decode(errors="surrogateescape").split("\0") if line]
        self.blobs = {line.split("\t", 1)[1]: line.split()[1] for line in lines}

    def text(self, path: str) -> str:
        """The file's text, "" if it is not there."""
        blob = self.blobs.get(path)
        found = blob and self._ask("cat-file", "blob", blob)
        return (found or b"").decode(errors="replace")

    def _ask(self, *arguments: str) -> bytes | None:
        return git.ask(self._checkout, *arguments, settings=self._settings)


def _parts(source: str) -> dict[str, str]:
    """{qualified name: what it does} of a module's functions, classes, and the rest of it."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return {"(not readable as Python)": source}
    parts: dict[str, str] = {}
    _collect(tree, "", parts)
    return parts


def _collect(node: ast.Module | ast.ClassDef, prefix: str, parts: dict[str, str]) -> None:
    rest = []
    for item in _without_docstring(node.body):
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef):
            for inner in ast.walk(item):
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    inner.body = _without_docstring(inner.body) or [ast.Pass()]
            parts[prefix + item.name] = ast.dump(item)
        elif isinstance(item, ast.ClassDef):
            _collect(item, f"{prefix}{item.name}.", parts)
            head = [*item.bases, *item.keywords, *item.decorator_list]
            parts[prefix + item.name] = parts.pop(f"{prefix}{item.name}.", "") + "".join(
                map(ast.dump, head)
            )
        else:
            rest.append(ast.dump(item))
    if rest or not prefix:
        parts[prefix or "(module level)"] = "\n".join(rest)


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    first = body[0] if body else None
    said = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return body[1:] if said and isinstance(first.value.value, str) else body


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
