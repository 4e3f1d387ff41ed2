"""Write the pad as a static page: bundled modules, the model, wasm and fonts, a service worker.

    build(Path("build/pad"), model=Path("models/ink2tex"))

Needs Node.js and what package-lock.json names in node_modules (`make pad` brings them). The same
inputs give the same bytes. Everything is checked and written beside the target first, so that a
build that fails leaves the page that was there.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tegashiki.decoding import language as languages
from tegashiki.errors import TegashikiError
from tegashiki.evaluation.writer_memory import WriterMemory
from tegashiki.pad import tables, trim
from tegashiki.tex.tokenizer import PackedTokenizer, WideTokenizer

HERE = Path(__file__).parent
WEB = HERE / "web"
CHECKOUT = HERE.parent.parent
WASM = ("litert_wasm_internal", "litert_wasm_compat_internal")   # with relaxed SIMD, and without
# name of the bundle: (its source, esbuild's output format)
BUNDLES = {
    "recognizer.js": ("recognizer/recognizer.js", "esm"),
    "engine.js": ("recognizer/same.js", "esm"),
    "worker.js": ("recognizer/worker.js", "iife"),   # classic: LiteRT.js calls importScripts
    "page.js": ("page/page.js", "esm"),
    "tracer.js": ("pictures/recovery.js", "esm"),     # fetched when the first picture comes
    "timing.js": ("page/timing.js", "esm"),
    "element.js": ("element/element.js", "esm"),
}
TYPES = ("recognizer/recognizer.d.ts", "element/element.d.ts")
COPIED = ("index.html", "timing.html", "manifest.webmanifest", "icon.svg")
LICENCES = ("katex", "@litertjs/core")
PAGES = "<!-- pages beside this one -->"     # in index.html, where links to them go


@dataclass(frozen=True)
class Beside:
    """A page of its own beside the pad, in a folder of its name, with a link from the pad to it."""

    name: str            # of the folder
    label: str           # what the link shows
    title: str           # what the link is read out as
    web: Path            # index.html, page.js and page.css
    model: Path          # model.json and the file that it names


def build(target: Path, model: Path, modules: Path = CHECKOUT / "node_modules",
          beside: Sequence[Beside] = (), pictures: Path | None = None) -> list[Path]:
    """Write the page into `target`, replacing a page that is there; the files written.

    `beside`: other pages that are built with it and share its library. `pictures`: the model that
    reads strokes traced in pictures; without it they are read as ink is.
    Raises TegashikiError when something it needs is missing, or `target` holds something else.
    """
    target, modules = Path(target).resolve(), Path(modules).resolve()
    if target.exists() and any(target.iterdir()) and not (target / "recognizer.js").exists():
        raise TegashikiError(f"{target}: not empty and no pad; give an empty folder")
    check_tools(modules)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        fresh.chmod(0o755)
        _bundle(fresh, modules, _tokenizer_of(Path(model)))
        copy_model(Path(model), fresh / "model")
        _vendor(fresh, modules)
        if pictures is not None:
            copy_model(Path(pictures), fresh / "picture")
        for page in beside:
            _add_page(fresh, page, modules)
        _write_service_worker(fresh)
        if target.exists():
            shutil.rmtree(target)
        os.replace(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return sorted(path for path in target.rglob("*") if path.is_file())


def _add_page(folder: Path, page: Beside, modules: Path) -> None:
    """The page in its folder, its model, and the link in the pad's header."""
    own = folder / page.name
    own.mkdir()
    for source in ("page.js", "page.css"):
        _esbuild(modules, page.web / source, "--bundle", "--format=esm", "--minify",
                 "--target=es2022", "--charset=utf8", "--legal-comments=none",
                 f"--outfile={own / source}")
    shutil.copy(page.web / "index.html", own / "index.html")
    copy_model(page.model, own / "model", vocabulary=False)
    index = folder / "index.html"
    link = (f'<a class="beside" href="{page.name}/index.html" lang="ja" '
            f'aria-label="{page.title}">{page.label}</a>')
    text = index.read_text(encoding="utf-8")
    index.write_text(text.replace(PAGES, f"{link}{PAGES}"), encoding="utf-8")


def check_tools(modules: Path) -> None:
    """Raise TegashikiError unless Node.js and the modules are there."""
    if shutil.which("node") is None:
        raise TegashikiError("pad: Node.js is missing; install it (Debian: apt-get install nodejs "
                             "npm) and run `make pad`")
    for name in ("esbuild", "katex", "@litertjs/core"):
        if not (modules / name).is_dir():
            raise TegashikiError(f"{modules}: {name} is missing; run `npm ci` in the checkout, or "
                                 "`make pad`")


def _tokenizer_of(model: Path) -> str:
    """The tokenizer's name in a model's description; what is wrong with one is said elsewhere."""
    try:
        name = json.loads((model / "model.json").read_text(encoding="utf-8"))["spelling"]
    except (OSError, ValueError, KeyError, TypeError):
        return PackedTokenizer.name
    return name if name == WideTokenizer.name else PackedTokenizer.name


def _bundle(folder: Path, modules: Path, tokenizer: str) -> None:
    """Run esbuild over the sources; the tables are generated for the model's tokenizer."""
    with tempfile.TemporaryDirectory(prefix="tegashiki-pad-") as scratch:
        generated = Path(scratch) / "tables.json"
        tables.write(generated, tokenizer)
        for name, (source, form) in BUNDLES.items():
            _esbuild(modules, WEB / source, "--bundle", f"--format={form}", "--minify",
                     "--target=es2022", f"--alias:tables={generated}", "--external:./recognizer.js",
                     "--external:./tracer.js", "--charset=utf8", "--legal-comments=none",
                     f"--outfile={folder / name}")
        _esbuild(modules, WEB / "page/page.css", "--bundle", "--minify", "--external:fonts/*",
                 f"--outfile={folder / 'page.css'}")
    for name in TYPES:
        shutil.copy(WEB / name, folder)
    for name in COPIED:
        shutil.copy(WEB / "page" / name, folder / name)


def single_element(model: Path, modules: Path = CHECKOUT / "node_modules") -> bytes:
    """The element and the recogniser's module as one ES module, for a notebook's frame."""
    with tempfile.TemporaryDirectory(prefix="tegashiki-pad-") as scratch:
        generated, bundle = Path(scratch) / "tables.json", Path(scratch) / "single.js"
        tables.write(generated, _tokenizer_of(model))
        _esbuild(modules, WEB / "element/single.js", "--bundle", "--format=esm", "--minify",
                 "--target=es2022", f"--alias:tables={generated}", "--charset=utf8",
                 "--legal-comments=none", f"--outfile={bundle}")
        return bundle.read_bytes()


def _esbuild(modules: Path, source: Path, *options: str) -> None:
    command = [str(modules / ".bin" / "esbuild"), str(source), "--log-level=warning", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=source.parent,
                          env={**os.environ, "NODE_PATH": str(modules)})
    if done.returncode or done.stderr.strip():
        raise TegashikiError(f"{source}: esbuild: {done.stderr.strip() or 'failed'}")


def copy_model(model: Path, folder: Path, vocabulary: bool = True) -> None:
    """model.json, with the file's hash, memory and language; vocabulary and the one file."""
    folder.mkdir()
    try:
        description = json.loads((model / "model.json").read_text(encoding="utf-8"))
        content = (model / description["file"]).read_bytes()
        if vocabulary:
            shutil.copy(model / "vocabulary.txt", folder / "vocabulary.txt")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TegashikiError(f"{model}: no exported recogniser ({error}); give the folder of one, "
                             "as `tegashiki run ink2tex` exports it") from None
    (folder / description["file"]).write_bytes(content)
    description |= {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    memory = WriterMemory.read(model)
    if memory:
        description["memory"] = asdict(memory.settings) | {"mean": memory.mean.tolist()}
    language = languages.read(model)
    if isinstance(language, languages.Ngrams):
        raise TegashikiError(f"{model / languages.NAME}: a table of n-grams, which the pad does "
                             "not read; give a model with a network, or take the file away")
    if language:
        description["language"] = language.content()
    (folder / "model.json").write_text(json.dumps(description, indent=2) + "\n", encoding="utf-8")


def _vendor(folder: Path, modules: Path) -> None:
    """LiteRT's wasm, KaTeX's fonts and style, and the licences of both."""
    (folder / "wasm").mkdir()
    for name in WASM:
        for suffix in (".js", ".wasm"):
            shutil.copyfile(modules / "@litertjs/core/wasm" / f"{name}{suffix}",
                            folder / "wasm" / f"{name}{suffix}")
        _trim(folder / "wasm", name)
    (folder / "fonts").mkdir()
    for font in sorted((modules / "katex/dist/fonts").glob("*.woff2")):
        shutil.copyfile(font, folder / "fonts" / font.name)
    # Every browser that runs the wasm reads woff2: the older formats are not shipped.
    style = (modules / "katex/dist/katex.min.css").read_text(encoding="utf-8")
    (folder / "katex.css").write_text(
        re.sub(r',url\([^)]*\.(?:woff|ttf)\) format\("[a-z]+"\)', "", style), encoding="utf-8")
    (folder / "licences.txt").write_text("\n".join(_licences(modules)), encoding="utf-8")


def _trim(folder: Path, name: str) -> None:
    """The small library beside the whole one, if it is known what it needs."""
    whole = (folder / f"{name}.wasm").read_bytes()
    ran = trim.functions(whole)
    if ran is None:
        return
    (folder / "small").mkdir(exist_ok=True)
    (folder / "small" / f"{name}.wasm").write_bytes(trim.trim(whole, ran))
    shutil.copyfile(folder / f"{name}.js", folder / "small" / f"{name}.js")


def _licences(modules: Path) -> Iterator[str]:
    for name in LICENCES:
        package = json.loads((modules / name / "package.json").read_text(encoding="utf-8"))
        yield f"{name} {package['version']}: {package['license']}\n"
        for path in sorted((modules / name).glob("LICEN*")):
            yield path.read_text(encoding="utf-8")


def _write_service_worker(folder: Path) -> None:
    """sw.js with the list of files and a version made of their content."""
    # A browser needs one of the two wasm variants: the worker itself says which.
    files = ["model/vocabulary.txt", *sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*")
        if path.is_file() and path.suffix not in (".ts", ".txt")
        and not {"wasm", "picture"} & set(path.relative_to(folder).parts))]
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    text = (WEB / "page/sw.js").read_text(encoding="utf-8")
    text = text.replace('"VERSION"', json.dumps(digest.hexdigest()[:16]))
    text = text.replace('["FILES"]', json.dumps(files))
    small = (folder / "wasm" / "small").is_dir()
    text = text.replace('"WASM"', json.dumps("wasm/small" if small else "wasm"))
    (folder / "sw.js").write_text(text, encoding="utf-8")
