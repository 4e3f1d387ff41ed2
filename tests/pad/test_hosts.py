"""The widget's half under hosts that are not here: what Colab loses, what VS Code may forbid.

The host is a stand-in that keeps anywidget's protocol (get, set, on, send); the kernel's half is
the real one. Not tried here: Colab and VS Code themselves.
"""

import base64

import pytest

from tegashiki import Pad
from tegashiki.pad import build
from tests.pad.browser import TOY

pytestmark = pytest.mark.browser

# Of VS Code's notebooks where `notebook.experimental.enableCsp` is on, with the blob: that loading
# any anywidget needs: workers from blobs are forbidden, WebAssembly is not.
STRICT = ("default-src 'none'; script-src 'self' blob: 'unsafe-inline' 'unsafe-eval'; "
          "style-src 'self' 'unsafe-inline'; img-src data:; connect-src https:; "
          "child-src https: data:")
HOST = """async ({ drops, strokes }) => {
  const { default: widget } = await import("/widget.js");
  const state = { alphabet: [], format: "tex", run: "auto", ink: null, where: "", problem: "" };
  const heard = [];
  const codes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const bytes = (text) => new DataView(codes(text).buffer);
  const model = {
    get: (name) => state[name], set: (name, value) => { state[name] = value; },
    save_changes: () => {},
    on: (name, listener) => { if (name === "msg:custom") heard.push(listener); },
    send: async (content) => {
      const [answer, buffers] = await globalThis.kernel(content);
      for (const listener of heard) listener(answer, drops ? undefined : buffers.map(bytes));
    },
  };
  const el = document.createElement("div");
  document.body.append(el);
  await widget.render({ model, el });
  const pad = el.firstElementChild;
  const read = new Promise((resolve) => {
    pad.addEventListener("candidates", () => setTimeout(resolve));
  });
  pad.strokes = strokes.map((points, id) => ({ id: id + 1, points }));
  await read;
  return { where: state.where, tex: state.tex, name: pad.localName, problem: state.problem };
}"""
STROKES = [[[10, 20, 0, 0.5], [12, 40, 0, 0.5]], [[30, 40, 0, 0.5], [50, 41, 0, 0.5]]]


@pytest.mark.parametrize(("drops", "policy", "where"), [
    (False, None, "browser"), (True, None, "browser"), (False, STRICT, "kernel")])
def test_the_widget_reads_under(chromium, drops, policy, where):
    page, pad = chromium.new_page(), Pad(model=TOY)
    sent = []
    pad.send = lambda content, buffers=None: sent.append((content, buffers or []))

    def kernel(content):
        pad._asked(None, content, [])
        answer, buffers = sent.pop()
        return [answer, [base64.b64encode(buffer).decode() for buffer in buffers]]

    def serve(route):
        if route.request.url.endswith("widget.js"):
            route.fulfill(path=build.WEB / "notebook" / "widget.js", content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html><title>host</title>", content_type="text/html",
                          headers={"Content-Security-Policy": policy} if policy else {})

    page.expose_function("kernel", kernel)
    page.route("http://host.test/**", serve)
    page.goto("http://host.test/")
    found = page.evaluate(HOST, {"drops": drops, "strokes": STROKES})
    assert found["where"] == where and found["tex"], found
    assert found["name"] == "tegashiki-pad"
    assert bool(found["problem"]) == (where == "kernel")
    page.close()
    pad.close()
