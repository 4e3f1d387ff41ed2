"""Outline fonts that are known here, each with its licence, and pictures of their characters.

    for font in here():
        print(font.name, font.licence, font.path)
    glyph(font, "字")                     # uint8 (rows, columns), ink 255, cut to its ink; or None

Fonts are looked for where Debian and matplotlib-fontja (PyPI) put them, and under TEGASHIKI_FONTS.
A font that this list does not know is not used: nobody has read its licence.
"""

import importlib.util
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

PIXELS = 64  # size at which a character is drawn, before it is cut to its ink
_SYSTEM = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")


@dataclass(frozen=True)
class Font:
    """A font that may be used, and where it is on this machine."""

    name: str
    licence: str
    package: str  # Debian's or PyPI's
    pen: bool  # drawn like handwriting, or printed
    path: Path = Path()


# file name: (name, licence as its package states it, package, like a pen)
KNOWN = {
    "ipaexg.ttf": ("IPAex Gothic", "IPA-1.0", "fonts-ipaexfont-gothic, matplotlib-fontja", False),
    "ipaexm.ttf": ("IPAex Mincho", "IPA-1.0", "fonts-ipaexfont-mincho", False),
    "ipag.ttf": ("IPA Gothic", "IPA-1.0", "fonts-ipafont-gothic", False),
    "Mplus1-Thin.otf": ("M+ 1 Thin", "OFL-1.1", "fonts-mplus", False),
    "Mplus1-Regular.otf": ("M+ 1", "OFL-1.1", "fonts-mplus", False),
    "NotoSansCJK-Regular.ttc": ("Noto Sans CJK", "OFL-1.1", "fonts-noto-cjk", False),
    "NotoSerifCJK-Regular.ttc": ("Noto Serif CJK", "OFL-1.1", "fonts-noto-cjk", False),
    "BIZUDGothic-Regular.ttf": ("BIZ UDGothic", "OFL-1.1", "fonts-morisawa-bizud-gothic", False),
    "MTLc3m.ttf": ("Motoya L Cedar", "Apache-2.0", "fonts-motoya-l-cedar", False),
    "MTLmr3m.ttf": ("Motoya L Maruberi", "Apache-2.0", "fonts-motoya-l-maruberi", False),
    "Konatu.ttf": ("Konatu", "MIT", "fonts-konatu", False),
    "VL-Gothic-Regular.ttf": ("VL Gothic", "M+ and Sazanami and BSD-3", "fonts-vlgothic", False),
    "dejima-mincho-r227.ttf": ("Dejima Mincho", "MIT", "fonts-dejima-mincho", False),
    "KleeOne-Regular.ttf": ("Klee One", "OFL-1.1", "fonts-klee", True),
    "KleeOne-SemiBold.ttf": ("Klee One SemiBold", "OFL-1.1", "fonts-klee", True),
    "kiloji.ttf": ("Kiloji", "BSD-3-Clause", "fonts-kiloji", True),
    "kiloji_b.ttf": ("Kiloji B", "BSD-3-Clause", "fonts-kiloji", True),
    "setofont.ttf": ("SetoFont", "OFL-1.1", "fonts-seto", True),
    "YuseiMagic-Regular.ttf": ("Yusei Magic", "OFL-1.1", "fonts-yusei-magic", True),
    "YOzBE_.ttf": ("YOzFont E", "OFL-1.1", "fonts-yozvox-yozfont-edu", True),
    "YOzRE_.ttf": ("YOzFont RE", "OFL-1.1", "fonts-yozvox-yozfont-edu", True),
    "YOzREX.ttf": ("YOzFont REX", "OFL-1.1", "fonts-yozvox-yozfont-edu", True),
    "AoyagiKouzanT.ttf": ("Aoyagi Kouzan", "public domain", "fonts-aoyagi-kouzan-t", True),
    "aoyagi-soseki.ttf": ("Aoyagi Soseki", "public domain", "fonts-aoyagi-soseki", True),
    "kouzan-mouhitsu.ttf": ("Kouzan Mouhitsu", "public domain", "fonts-kouzan-mouhitsu", True),
    "kouzan-mouhitsu-gyosho.ttf": ("Kouzan Gyosho", "public domain", "fonts-kouzan-mouhitsu", True),
}


def here() -> list[Font]:
    """The known fonts on this machine, by name."""
    found: dict[str, Font] = {}
    for folder in _folders():
        for path in sorted(folder.rglob("*.[ot]t[cf]")):
            if path.name in KNOWN and path.name not in found:
                found[path.name] = Font(*KNOWN[path.name], path)
    return sorted(found.values(), key=lambda font: font.name)


def _folders() -> Iterator[Path]:
    named = os.environ.get("TEGASHIKI_FONTS", "")
    for folder in (*named.split(os.pathsep), *_SYSTEM):
        if folder and Path(folder).expanduser().is_dir():
            yield Path(folder).expanduser()
    package = importlib.util.find_spec("matplotlib_fontja")
    if package is not None and package.origin:
        yield Path(package.origin).parent / "fonts"


def glyph(font: Font, character: str, pixels: int = PIXELS) -> np.ndarray | None:
    """The character as the font draws it, cut to its ink; None if the font does not have it."""
    opened = _opened(font.path, pixels)
    if ord(character) not in _covered(font.path):
        return None
    mask = opened.getmask(character, mode="L")
    if 0 in mask.size:
        return None
    picture = np.array(mask, np.uint8).reshape(mask.size[::-1])
    inked = picture > 64
    if not inked.any():
        return None
    rows, columns = np.flatnonzero(inked.any(1)), np.flatnonzero(inked.any(0))
    return picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].copy()


@lru_cache(maxsize=4)
def _opened(path: Path, pixels: int) -> Any:
    from PIL import ImageFont  # matplotlib brings it

    return ImageFont.truetype(str(path), pixels)


@lru_cache(maxsize=64)
def _covered(path: Path) -> frozenset[int]:
    """The code points that the font has a drawing for; a box for the others is no drawing."""
    from fontTools.ttLib import TTFont  # matplotlib brings it

    with TTFont(path, fontNumber=0, lazy=True) as font:
        return frozenset(font.getBestCmap())
