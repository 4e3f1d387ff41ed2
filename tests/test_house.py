"""The house: arrows between rooms run one way, and no files import each other in a circle.

Read from the source, so imports inside functions count, and so do modules that are named by a
string for `importlib` ("tegashiki.signs.evaluation:score_signs"). Nothing is executed.
"""

import ast
import functools
import itertools
import json
import re
from pathlib import Path

import pytest

PACKAGE = "tegashiki"
HOME = Path(__file__).resolve().parents[1] / PACKAGE
NOTEBOOKS = sorted(HOME.parent.glob("notebooks/*/*.ipynb"))

BOTTOM = {"errors", "storage", "parallel"}       # every room may use these
# The main line: a room may import the rooms before it, never one after it.
MAIN_LINE = ("ink", "tex", "data", "synthesis", "networks", "decoding", "train", "tflite",
             "evaluation", "pad")
SIDE_LINES = {"signs", "kanji", "image2tex", "sequences"}
FOR_SIDE_LINES = {"ink", "tex", "data", "train", "tflite"}
# A picture becomes ink, which the main line's recogniser reads and its evaluation scores.
MORE = {"image2tex": {"synthesis", "networks", "decoding", "evaluation"}}


def allowed(room: str) -> set[str]:
    """The rooms that a room may import."""
    if room in MAIN_LINE:
        return BOTTOM | set(MAIN_LINE[: MAIN_LINE.index(room)])
    if room in SIDE_LINES:
        return BOTTOM | FOR_SIDE_LINES | MORE.get(room, set())
    if room == "":                               # the package itself: `from tegashiki import Pad`
        return BOTTOM | {"pad"}
    if room in ("commands", "cli"):
        return BOTTOM | set(MAIN_LINE) | SIDE_LINES | {"commands", "cli", "journal", ""}
    return BOTTOM | ({""} if room == "journal" else set())      # "": the package, for its version


@functools.cache
def imports() -> dict[str, set[str]]:
    """{module: modules of the package that it names}, without the package's own name in front."""
    files = {}
    for path in HOME.rglob("*.py"):
        parts = path.relative_to(HOME).with_suffix("").parts
        files[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return {name: {found for found in named(path) if found in files} - {name}
            for name, path in files.items()}


def named(path: Path) -> set[str]:
    """What a file imports by statement or by string, relative to the package."""
    found: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    started = {id(b) for node in ast.walk(tree) if isinstance(node, ast.List)
               for a, b in itertools.pairwise(node.elts)
               if isinstance(a, ast.Constant) and a.value == "-m"}     # another process, no import
    for node in ast.walk(tree):
        match node:
            case ast.Import(names):
                found |= {alias.name for alias in names}
            case ast.ImportFrom(level=level) if level:
                pytest.fail(f"{path}: line {node.lineno}: relative import; name the module in full")
            case ast.ImportFrom(module=module, names=names):
                whole = {f"{module}.{alias.name}" for alias in names}
                modules = {name for name in whole if is_module(name)}
                found |= modules if len(modules) == len(whole) else modules | {module}
            case ast.Constant(str(text)) if text.startswith(f"{PACKAGE}.") and (
                    id(node) not in started):
                found |= {text.partition(":")[0]}
    return {name.removeprefix(PACKAGE).removeprefix(".") for name in found
            if name.partition(".")[0] == PACKAGE}


def is_module(name: str) -> bool:
    place = HOME.parent.joinpath(*name.split("."))
    return place.with_suffix(".py").is_file() or (place / "__init__.py").is_file()


def defined(module: str) -> set[str]:
    """Names that a module has at its top level, and the modules that lie in it."""
    place = HOME.parent.joinpath(*module.split("."))
    file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    names = {path.stem for path in place.iterdir()} if place.is_dir() else set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                names.add(name)
            case ast.alias(name=name, asname=other):
                names.add(other or name)
    return names


def room_of(module: str) -> str:
    return module.partition(".")[0]


def test_arrows_run_one_way():
    wrong = {(module, other) for module, found in imports().items() for other in found
             if room_of(module) and room_of(other) != room_of(module)
             and room_of(other) not in allowed(room_of(module))}
    lines = [f"tegashiki.{module} imports tegashiki.{other}; {room_of(module)} may import "
             f"{', '.join(sorted(filter(None, allowed(room_of(module)))))} only"
             for module, other in sorted(wrong)]
    assert not lines, "\n".join(["arrows of DESIGN.md:", *lines])


def test_no_files_import_each_other_in_a_circle():
    lines = ["tegashiki." + " <-> tegashiki.".join(sorted(circle)) for circle in circles(imports())]
    assert not lines, "\n".join(["move what they share into a file below them:", *lines])


def test_every_room_has_its_place_in_the_house():
    known = BOTTOM | set(MAIN_LINE) | SIDE_LINES | {"", "cli", "commands", "journal"}
    assert {room_of(module) for module in imports()} <= known


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_notebooks_import_what_there_is(notebook):
    """Read only, so it is quick: a module that moves is missed here before a series is run."""
    missing = []
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"]) if cell["cell_type"] == "code" else ""
        code = re.sub(r"^(\s*)[%!].*", r"\1pass", source, flags=re.M)      # lines for the shell
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith(PACKAGE):
                missing += [f"{node.module}.{alias.name}" for alias in node.names
                            if not is_module(node.module)
                            or alias.name not in defined(node.module)]
    assert not missing, f"{notebook.name}: no such name: {', '.join(missing)}"


def test_forbidden_arrows_and_circles_are_found():
    """The two readers above on a house that is known to be wrong."""
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": set()}) == {frozenset("abc")}
    assert "train" not in allowed("decoding") and "decoding" in allowed("train")
    assert not allowed("signs") & (SIDE_LINES | {"journal", "commands", "evaluation"})
    assert allowed("journal") == BOTTOM | {""}
    assert "signs.evaluation" in imports()["commands.evaluate"]     # named by a string alone


def circles(graph: dict[str, set[str]]) -> set[frozenset[str]]:
    """Sets of modules of which each reaches every other: Tarjan's strongly connected components."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found: set[frozenset[str]] = set()

    def visit(module: str) -> None:
        number[module] = lowest[module] = len(number)
        stack.append(module)
        for other in graph[module]:
            if other not in number:
                visit(other)
                lowest[module] = min(lowest[module], lowest[other])
            elif other in stack:
                lowest[module] = min(lowest[module], number[other])
        if lowest[module] == number[module]:
            at = stack.index(module)
            if len(stack) - at > 1:
                found.add(frozenset(stack[at:]))
            del stack[at:]

    for module in graph:
        if module not in number:
            visit(module)
    return found
