"""Where the page that reads one character is: its sources and its model.

    Beside("kanji", "字", "characters", page.WEB, page.MODEL)     # tegashiki.pad.build joins them

The sources import the pad's drawing surface and the past of its ink; the pad's build bundles both.
"""

from pathlib import Path

WEB = Path(__file__).parent / "web"
MODEL = Path(__file__).resolve().parents[2] / "models" / "kanji"
