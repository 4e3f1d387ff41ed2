"""Write what a page embeds as a folder that `npm pack` makes a package of.

    package(Path("build/package"), model=Path("models/ink2tex"))
    # $ tegashiki pad --package build/package && npm pack build/package

The modules are bundled: whoever uses the package needs no build step. The model and the library
lie in it as files, to be served from beside the modules or handed over as bytes.
"""

import json
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path

from tegashiki.errors import TegashikiError
from tegashiki.pad.build import CHECKOUT, HERE, build

TAKEN = ("recognizer.js", "recognizer.d.ts", "element.js", "element.d.ts", "worker.js", "engine.js",
         "licences.txt", "model", "wasm")


def package(target: Path, model: Path, modules: Path = CHECKOUT / "node_modules") -> list[Path]:
    """Write the package into `target`, replacing one that is there; the files written.

    Raises TegashikiError as `build` does, and when `target` holds something else.
    """
    target = Path(target).resolve()
    if target.exists() and any(target.iterdir()) and not (target / "element.js").exists():
        raise TegashikiError(f"{target}: not empty and no package of the pad; give an empty folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".pad-", dir=target.parent) as scratch:
        build(Path(scratch) / "page", model, modules)
        fresh = Path(scratch) / "package"
        fresh.mkdir()
        for name in TAKEN:
            shutil.move(Path(scratch) / "page" / name, fresh / name)
        shutil.copy(HERE / "web" / "element" / "README.md", fresh)
        shutil.copy(CHECKOUT / "LICENSE", fresh)
        (fresh / "package.json").write_text(json.dumps(_manifest(), indent=2) + "\n",
                                            encoding="utf-8")
        if target.exists():
            shutil.rmtree(target)
        fresh.rename(target)
    return sorted(path for path in target.rglob("*") if path.is_file())


def _manifest() -> dict[str, object]:
    return {
        "name": "tegashiki-pad",
        "version": version("tegashiki"),
        "description": "Handwritten formulas to TeX in the browser: a module and <tegashiki-pad>",
        "license": "Apache-2.0",
        "type": "module",
        "sideEffects": ["./element.js"],
        "exports": {
            ".": {"types": "./recognizer.d.ts", "default": "./recognizer.js"},
            "./element": {"types": "./element.d.ts", "default": "./element.js"},
            "./worker.js": "./worker.js", "./engine.js": "./engine.js",
            "./wasm/*": "./wasm/*", "./model/*": "./model/*", "./package.json": "./package.json",
        },
        "types": "./recognizer.d.ts",
        "files": ["*.js", "*.d.ts", "wasm", "model", "licences.txt"],
    }
