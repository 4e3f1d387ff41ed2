"""The package that other pages embed, README's snippet and the examples, each as it stands."""

import base64
import json
import re
import shutil
import subprocess

import pytest

from tegashiki.pad.package import package
from tegashiki.pad.serve import serving
from tests.pad.browser import CHECKOUT, TOY, until

pytestmark = pytest.mark.browser
EXAMPLES = CHECKOUT / "examples"
STROKES = [[[10, 20], [12, 40], [14, 60]], [[30, 40], [50, 41]]]


@pytest.fixture(scope="module")
def packed(chromium, tmp_path_factory):
    """The package with the toy recogniser."""
    folder = tmp_path_factory.mktemp("package") / "tegashiki-pad"
    package(folder, TOY)
    return folder


@pytest.fixture(scope="module")
def site(packed, tmp_path_factory):
    """A folder that is served, with the package in it and each example; its address."""
    root = tmp_path_factory.mktemp("site")
    for name in ("form", "webview"):
        shutil.copytree(EXAMPLES / name, root / name)
        (root / name / "tegashiki-pad").symlink_to(packed)
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    snippet = next(code for code in re.findall(r"```html\n(.*?)```", readme, re.S)
                   if "recognizer.js" in code)
    (root / "readme").mkdir()
    (root / "readme" / "index.html").write_text(f"<!doctype html><meta charset=utf-8>{snippet}")
    for name in ("recognizer.js", "worker.js", "engine.js", "wasm", "model"):
        (root / "readme" / name).symlink_to(packed / name)
    with serving(root) as address:
        yield root, address


@pytest.fixture
def page(chromium):
    page = chromium.new_page(viewport={"width": 700, "height": 600})
    page.wrong = []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("console", lambda message: page.wrong.append(message.text)
            if message.type == "error" and "favicon" not in str(message.location) else None)
    yield page
    page.close()
    assert page.wrong == []


def write(page, selector, strokes=STROKES):
    """With the mouse, as a person does, on the canvas of an element."""
    box = page.locator(selector).bounding_box()
    for (x, y), *rest in strokes:
        page.mouse.move(box["x"] + x, box["y"] + y)
        page.mouse.down()
        for x, y in rest:
            page.mouse.move(box["x"] + x, box["y"] + y, steps=4)
        page.mouse.up()


READY = "() => document.querySelector('tegashiki-pad').candidates.length === 5"


def test_the_readme_s_snippet_runs_as_it_stands(page, site):
    page.goto(site[1] + "readme/index.html")
    until(page, """() => { const input = document.querySelector("output"); return input
      && document.readyState === "complete"; }""")
    page.wait_for_timeout(1500)               # the model loads; nothing on the page tells when
    for _ in range(20):
        write(page, "#ink", STROKES[:1])
        page.wait_for_timeout(300)
        if page.inner_text("#tex"):
            break
    assert page.inner_text("#tex").strip()


def test_a_form_s_field_is_filled_under_a_strict_policy(page, site):
    page.goto(site[1] + "form/index.html")
    write(page, "tegashiki-pad")              # while it loads
    until(page, READY)
    page.wait_for_timeout(300)                # a later stroke may be read a moment after the first
    best = page.evaluate("() => document.querySelector('tegashiki-pad').candidates[0].latex")
    page.locator("tegashiki-pad").locator("li button").first.click()
    assert page.input_value("#answer") == f"${best}$"
    assert page.evaluate("() => document.querySelector('tegashiki-pad').strokes.length") == 0
    page.locator("tegashiki-pad").locator("button[aria-label=Undo]").click()
    until(page, READY)
    page.click("button:text('Send')")
    page.wait_for_url(re.compile(r"\?answer="))


def test_a_webview_s_assets(chromium, site):
    """The address and the types that WebViewAssetLoader gives; no request leaves for anywhere."""
    page = chromium.new_page(viewport={"width": 360, "height": 600})
    kinds = {".js": "text/javascript", ".html": "text/html", ".wasm": "application/wasm"}

    def answer(route):
        path = site[0] / route.request.url.split("/assets/pad/", 1)[1].split("?")[0]
        route.fulfill(body=path.read_bytes(), content_type=kinds.get(path.suffix, "text/plain"))

    page.context.route("https://appassets.androidplatform.net/assets/pad/**", answer)
    page.goto("https://appassets.androidplatform.net/assets/pad/webview/index.html")
    write(page, "tegashiki-pad")
    until(page, READY)
    page.locator("tegashiki-pad").locator("li button").first.click()
    assert page.title() not in ("", "Pad")
    page.close()


OBSIDIAN = """async ({ code, files }) => {
  class Plugin { constructor(app, manifest) { Object.assign(this, { app, manifest }); }
    addCommand(command) { this.command = command; } }
  class Modal { constructor(app) { this.app = app; this.contentEl = document.body; }
    open() { this.onOpen(); } close() { this.onClose(); } }
  const module = { exports: {} };
  new Function("module", "exports", "require", code)(module, module.exports,
    (name) => ({ obsidian: { Plugin, Modal } })[name]);
  const bytes = (name) => Uint8Array.from(atob(files[name]), (c) => c.charCodeAt(0)).buffer;
  const adapter = { read: async (name) => new TextDecoder().decode(bytes(name)),
    readBinary: async (name) => bytes(name) };
  const plugin = new module.exports.default({ vault: { adapter } }, { dir: "dir" });
  await plugin.onload();
  let text = null;
  await plugin.command.editorCallback({ replaceSelection: (tex) => { text = tex; } });
  const pad = document.querySelector("tegashiki-pad");
  pad.strokes = [[[10, 20], [12, 40], [14, 60]]];
  await new Promise((resolve, reject) => {
    pad.addEventListener("candidates", ({ detail }) => detail.candidates.length && resolve());
    pad.addEventListener("problem", ({ detail }) => reject(detail.problem));
    setTimeout(() => reject(new Error("no candidates within a minute; the pad says: "
      + pad.shadowRoot.querySelector("[role=status]").textContent)), 60_000);
  });
  pad.take(0);
  return [text, document.querySelector("tegashiki-pad")];
}"""


def test_an_obsidian_plugin_in_a_commonjs_bundle(page, packed, tmp_path):
    modules = tmp_path / "node_modules"
    modules.mkdir()
    (modules / "tegashiki-pad").symlink_to(packed)
    shutil.copy(EXAMPLES / "obsidian" / "main.js", tmp_path / "main.js")
    subprocess.run([str(CHECKOUT / "node_modules/.bin/esbuild"), "main.js", "--bundle",
                    "--format=cjs", "--external:obsidian", "--outfile=dist.js",
                    "--log-level=error"], cwd=tmp_path, check=True, timeout=120)
    compat = "wasm/litert_wasm_compat_internal"
    names = ("model/model.json", "model/vocabulary.txt", "model/model.int8.tflite", "worker.js",
             f"{compat}.js", f"{compat}.wasm")
    files = {f"dir/{name}": base64.b64encode((packed / name).read_bytes()).decode()
             for name in names}
    page.goto("about:blank")
    text, left = page.evaluate(OBSIDIAN, {"code": (tmp_path / "dist.js").read_text(),
                                          "files": files})
    assert re.fullmatch(r"\$.+\$", text) and left is None
    manifest = json.loads((EXAMPLES / "obsidian" / "manifest.json").read_text())
    assert manifest["id"] == "tegashiki"


def test_the_package_names_what_it_holds(packed):
    manifest = json.loads((packed / "package.json").read_text(encoding="utf-8"))
    for entry in manifest["exports"].values():
        for name in entry.values() if isinstance(entry, dict) else [entry]:
            assert list(packed.glob(name.removeprefix("./"))), name
