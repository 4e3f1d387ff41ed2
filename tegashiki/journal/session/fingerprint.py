"""What code is, in one hash: a whole package, some of its rooms, or what some modules import.

    journal.fingerprint("tegashiki", rooms=["ink", "tex", "train"])
    journal.fingerprint("tegashiki", imported_by=["tegashiki.train.loop"])

The second is what a gate wants: it changes if and only if a file changes that running these modules
may load, so that an edit of the site does not ask for a new pass of the overfit notebook.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Collection, Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from tegashiki.errors import TegashikiError
from tegashiki.storage import files


def fingerprint(
    package: str, rooms: Iterable[str] | None = None, imported_by: Collection[str] | None = None
) -> str:
    """The sha256 of the files of `package`: of all, of some rooms, or of what is `imported_by`.

    `rooms` are modules and sub-packages by their path below the package; `imported_by` are full
    names of modules, and what they import within the package counts with them, at whatever depth.
    Full names given as `rooms` are taken as `imported_by`: so older notebooks ask.
    Names and contents count, data files as well as code; compiled files and times do not. Raises
    TegashikiError for a package, a room or a module that does not exist.
    """
    home = _home(package)
    if rooms is not None:
        rooms = list(rooms)
        if imported_by is not None:
            raise TypeError("fingerprint: give rooms or imported_by, not both")
        if rooms and all(room.startswith(f"{package}.") for room in rooms):
            imported_by = rooms
    if imported_by is not None:
        found = _with_data(imports(package, imported_by).values())
    else:
        found = _in_rooms(package, home, rooms)
    digest = hashlib.sha256()
    for path in sorted(found):
        name = path.relative_to(home).as_posix()
        digest.update(f"{name}\0{files.sha256(path)}\n".encode())
    return digest.hexdigest()


def imports(package: str, modules: Collection[str]) -> dict[str, Path]:
    """{module: its file} of `modules` and of all that they import within `package`.

    Imports inside of functions count; those for type checkers only do not. The packages around a
    module are run when it is imported, so they count too. Nothing is imported to find this out.
    Raises TegashikiError for a module that does not exist.
    """
    home = _home(package)
    found: dict[str, Path] = {}
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        path = _file(home, package, name)
        if path is None:
            raise TegashikiError(f"fingerprint: no module {name!r} in {package}")
        found[name] = path
        waiting += [parent for parent in _parents(name) if parent not in found]
        tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        inside = name if path.name == "__init__.py" else name.rpartition(".")[0]
        waiting += [imported for imported in _imported(tree, inside)
                    if _file(home, package, imported) is not None]  # fmt: skip
    return found


def _home(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise TegashikiError(f"fingerprint: no package {package!r} can be imported")
    return Path(next(iter(spec.submodule_search_locations)))


def _in_rooms(package: str, home: Path, rooms: Iterable[str] | None) -> set[Path]:
    found: list[Path] = []
    for room in sorted(set(rooms)) if rooms is not None else [""]:
        if (home / room).is_dir():
            found += (home / room).rglob("*")
        elif (home / f"{room}.py").is_file():
            found.append(home / f"{room}.py")
        else:
            raise TegashikiError(f"fingerprint: {package} has no room {room!r}")
    return {path for path in found if path.is_file() and path.suffix != ".pyc"}


def _with_data(modules: Iterable[Path]) -> set[Path]:
    """The files of the modules, and the data files that lie beside them."""
    modules = set(modules)
    beside = {path for folder in {module.parent for module in modules} for path in folder.iterdir()
              if path.is_file() and path.suffix not in (".py", ".pyc")}  # fmt: skip
    return modules | beside


def _file(home: Path, package: str, name: str) -> Path | None:
    """The file of a module of the package, or None if it is no module of it."""
    if name != package and not name.startswith(f"{package}."):
        return None
    path = home.joinpath(*name.split(".")[len(package.split(".")):])
    for candidate in (path / "__init__.py", path.with_suffix(".py")):
        if candidate.is_file():
            return candidate
    return None


def _parents(name: str) -> Iterator[str]:
    while name := name.rpartition(".")[0]:
        yield name


def _imported(node: ast.AST, inside: str) -> Iterator[str]:
    """Names that may be modules: `a.b` and `a.b.c` for `from a.b import c`. `inside`: package."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            base = child.module or ""
            if child.level:  # `from . import x`: each further dot is one package up
                parts = inside.split(".")
                around = ".".join(parts[: len(parts) - child.level + 1])
                base = f"{around}.{base}".rstrip(".")
            yield base
            yield from (f"{base}.{alias.name}" for alias in child.names)
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            for other in child.orelse:
                yield from _imported(other, inside)
        else:
            yield from _imported(child, inside)
