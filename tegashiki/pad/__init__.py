"""The handwriting pad: a static page that recognises in the browser, and the module under it.

    from tegashiki.pad.build import build
    build(Path("public"), model=Path("models/ink2tex"))     # index.html, recognizer.js, model, wasm
    # $ tegashiki pad                                        # the same, on localhost, in a browser

`web/recognizer` is what an app embeds: ink in, candidates out, all in a worker. `web/page` is the
pad itself and uses nothing of it but its public module. What both sides must agree on (the
vocabulary's structure, the grammar, constants of the normal form) is generated from the Python
package by `tables` when the page is built, so that it is written once.
"""
