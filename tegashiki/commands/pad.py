"""tegashiki pad: open the handwriting pad in the browser.

tegashiki pad
tegashiki pad --build public        # the same as a static page, for any host
tegashiki pad --package package     # what other pages embed, as a folder for `npm pack`

The page is built anew each time (a second) from the released model; nothing it does leaves this
machine. Building needs Node.js and node_modules, which `make pad` brings.
"""

from __future__ import annotations

import argparse
import json
import time
import webbrowser
from pathlib import Path

from tegashiki.decoding.released import model_folder

MIB = 1 << 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """What `tegashiki pad` takes."""
    parser.add_argument("--build", metavar="DIR", help="write the page there and do not open it")
    parser.add_argument("--package", metavar="DIR", help="write the npm package there")
    parser.add_argument("--model", metavar="DIR", help="default: the released recogniser")
    parser.add_argument("--port", type=int, default=8765, help="default: 8765; 0: any free one")
    parser.add_argument("--no-browser", action="store_true", help="only serve, open nothing")
    parser.add_argument("--json", action="store_true",
                        help="with --build or --package: files and bytes as JSON")


def run(args: argparse.Namespace) -> int:
    """Build, and unless told otherwise serve until interrupted."""
    from tegashiki.image2tex.recognizer import RELEASED as PICTURES
    from tegashiki.kanji import page as kanji_page
    from tegashiki.pad.build import CHECKOUT, Beside, build
    from tegashiki.pad.package import package
    from tegashiki.pad.serve import serving
    from tegashiki.signs import page as signs_page

    written = args.package or args.build
    folder = Path(written).resolve() if written else CHECKOUT / "build" / "pad"
    if args.package:
        files = package(folder, model_folder(args.model))
    else:
        pages = [Beside("kanji", "字", "漢字のページ (characters)", kanji_page.WEB,
                        kanji_page.MODEL),
                 Beside("signs", "手話", "手話のページ (signs)", signs_page.WEB, signs_page.MODEL)]
        files = build(folder, model_folder(args.model),
                      beside=[page for page in pages if (page.model / "model.json").is_file()],
                      pictures=PICTURES if (PICTURES / "model.json").is_file() else None)
    if written:
        sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}
        if args.json:
            print(json.dumps({"folder": str(folder), "bytes": sum(sizes.values()), "files": sizes}))
        else:
            then = ("`npm pack` makes one file of them" if args.package
                    else "put them on any host that serves https")
            print(f"{folder}: {len(files)} files, {sum(sizes.values()) / MIB:.1f} MiB; {then}")
        return 0
    with serving(folder, args.port) as address:
        print(f"the pad is at {address} (Ctrl-C ends it)", flush=True)
        if not args.no_browser:
            webbrowser.open(address)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            print()
    return 0
