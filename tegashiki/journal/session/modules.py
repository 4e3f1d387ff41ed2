"""The code that really ran: every module of ours is hashed in the moment in which it is imported.

    modules.watch()                            # once, as early as possible
    ran, changed = modules.found()             # {"tegashiki.ink": sha256}, ["tegashiki.ink.draw"]

A file that is edited while a run goes on is not the code of that run: `found` gives the hash of
what was imported, and names the modules whose file is another by now.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType

from tegashiki.journal.format import paths
from tegashiki.storage import files

_PACKAGE = __name__.partition(".")[0]


class _Watcher(MetaPathFinder):
    """Looks at each import before it happens; finding the module is left to the others."""

    def __init__(self) -> None:
        self.hashes: dict[str, str] = {}  # {module: sha256 of its file}
        self.checkout = paths.checkout()

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Note the hash of a module of ours; always None, so that Python goes on looking."""
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.origin and self.ours(name, Path(spec.origin)):
            self.note(name, Path(spec.origin))
        return None

    def ours(self, name: str, path: Path) -> bool:
        """Whether it is of this package, or lies in the checkout but not in an environment."""
        if name.partition(".")[0] == _PACKAGE:
            return True
        inside = self.checkout is not None and path.is_relative_to(self.checkout)
        return inside and "site-packages" not in path.parts

    def note(self, name: str, path: Path) -> None:
        if path.is_file():
            self.hashes[name] = files.sha256(path)


_watcher: _Watcher | None = None


def watch() -> None:
    """Hash what was imported already, and from now on each module when it is imported."""
    global _watcher
    if _watcher is not None:
        return
    _watcher = _Watcher()
    sys.meta_path.insert(0, _watcher)
    for name, path in _loaded(_watcher):
        _watcher.note(name, path)


def found() -> tuple[dict[str, str], list[str]]:
    """{module: sha256 of what was imported}, and the modules whose file has changed since."""
    watch()
    assert _watcher is not None
    ran, changed = {}, []
    for name, path in _loaded(_watcher):
        now = files.sha256(path)
        ran[name] = _watcher.hashes.get(name, now)
        if ran[name] != now:
            changed.append(name)
    return ran, changed


def _loaded(watcher: _Watcher) -> list[tuple[str, Path]]:
    pairs = []
    for name, module in sorted(sys.modules.items()):
        path = Path(getattr(module, "__file__", None) or "")
        if path.is_file() and watcher.ours(name, path):
            pairs.append((name, path))
    return pairs
