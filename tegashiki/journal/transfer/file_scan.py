"""Files that could run as code when somebody opens them: they do not enter the archive.

    file_scan.danger("artifacts/model.pkl", content)      # "a pickle: loading it runs code"
    file_scan.danger("artifacts/model.npz", content)      # None

Told by content first and by name second, since names lie.
"""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import json
import lzma
import pickletools
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import PurePosixPath

from tegashiki.storage import guard

_MAGIC = {
    b"\x7fELF": "a program (ELF)",
    b"MZ": "a program (Windows)",
    b"\xcf\xfa\xed\xfe": "a program (macOS)",
    b"\xce\xfa\xed\xfe": "a program (macOS)",
    b"\xca\xfe\xba\xbe": "a program (Java or macOS)",
    b"#!": "a script",
    b"!<arch>": "a library",
}
_PICKLE = re.compile(rb"\x80[\x02-\x05](?:\x95|[}\]()cXqKJ\x8c])")
_SUFFIXES = {
    **dict.fromkeys([".pkl", ".pickle", ".joblib", ".pt", ".pth", ".ckpt", ".dill"],
                    "a pickle: loading it runs code"),
    **dict.fromkeys([".exe", ".dll", ".so", ".dylib", ".com", ".msi", ".class", ".jar", ".pyc",
                     ".pyd", ".whl", ".deb", ".apk", ".wasm"], "a program"),
    **dict.fromkeys([".py", ".sh", ".bash", ".bat", ".cmd", ".ps1", ".js", ".mjs", ".vbs", ".pl",
                     ".rb", ".php", ".html", ".htm", ".xhtml", ".desktop", ".lnk", ".url", ".svgz",
                     ".mht", ".hta"],
                    "a script or page"),
}  # fmt: skip
# A picture that loads or runs something: matplotlib's own has none of it.
_ACTIVE_SVG = re.compile(
    rb"<\s*(?:\w+:)?(?:script|foreignObject|iframe|object|embed|handler|animate|set)\b"
    rb"|\bon[a-z]+\s*=|javascript:|<!ENTITY|@import"
    rb"|(?:href|src)\s*=\s*[\"']\s*(?!#|data:image/(?:png|jpeg))[^\"'\s]"
    rb"|url\(\s*[\"']?(?!#)[^)\s]",
    re.IGNORECASE,
)
_LAMBDA = re.compile(rb"[\"']class_name[\"']\s*:\s*[\"']Lambda[\"']")
_STYLE_ESCAPE = re.compile(rb"<style[^>]*>[^<]*\\[0-9a-f]", re.IGNORECASE)  # hides a word of CSS
_PAGE = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|script)\b", re.IGNORECASE | re.DOTALL
)
_OBJECTS = re.compile(rb"[\"'][|<>=]?O\d*[\"']")  # the type of an array in its header
_ENCODED = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_INNER_LIMIT = 200_000_000  # bytes that an archive within the bundle may unpack to
_HEAD = 1_000_000  # bytes of a member or of a packed file that are looked at
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)  # of JSON
_DEEPEST = 200  # levels of JSON, beyond which it is made to exhaust who reads it
# What a pickle does beyond holding numbers and words.
_ACTS = {"GLOBAL", "STACK_GLOBAL", "REDUCE", "INST", "OBJ", "NEWOBJ", "NEWOBJ_EX", "BUILD"}
_PACKED = {
    b"\x1f\x8b": gzip.decompress, b"BZh": bz2.decompress, b"\xfd7zXZ\x00": lzma.decompress,
    b"x\x9c": zlib.decompress, b"x\x01": zlib.decompress, b"x\xda": zlib.decompress,
}  # fmt: skip


def danger(name: str, content: bytes) -> str | None:
    """Why the file is not taken in, or None."""
    suffix = PurePosixPath(name.lower()).suffix
    if suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    if suffix == ".svg" and (what := _svg(content)):
        return what
    if suffix in (".json", ".ipynb") and _depth(content) > _DEEPEST:
        return "JSON that is nested too deep"
    if suffix == ".npy":
        return _array(content)
    return _inside(content)


def _inside(content: bytes, packed: bool = False) -> str | None:
    """What the content is, whatever the file is called."""
    for magic, what in _MAGIC.items():
        if content.startswith(magic):
            return what
    if _PICKLE.match(content) or _acts(content):
        return "a pickle: loading it runs code"
    if _PAGE.match(content[:4096]):
        return "a script or page"
    if content.startswith(b"\x93NUMPY"):
        return _array(content)
    if content.startswith(b"PK\x03\x04"):
        return _archive(content)
    if content.startswith(b"\x89HDF\r\n") and _LAMBDA.search(content):
        return "a model with a Lambda layer: loading it runs code"
    if content[257:262] == b"ustar":
        return "a tar, which is not looked into"
    opener = next((open for magic, open in _PACKED.items() if content.startswith(magic)), None)
    return _unpacked(content, opener) if opener and not packed else None


def _unpacked(content: bytes, opener: Callable[[bytes], bytes]) -> str | None:
    """What a compressed file holds, of which no more than its head is unpacked."""
    try:
        if len(content) > _HEAD or len(inner := opener(content)) > _INNER_LIMIT:
            return "a compressed file that unpacks to too much"
    except (OSError, EOFError, ValueError, lzma.LZMAError, zlib.error):
        return None  # it only begins like one
    what = _inside(inner, packed=True)
    return f"compressed: {what}" if what else None


def _svg(content: bytes) -> str | None:
    """What a picture does beyond being seen: ours are UTF-8 and do nothing."""
    if content.startswith(_ENCODED) or b"\0" in content:
        return "a picture that is not UTF-8: what it does cannot be seen"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "a picture that is not UTF-8: what it does cannot be seen"
    if re.search(rb"encoding\s*=\s*[\"'](?!utf-?8)", content[:400], re.I):
        return "a picture that says it is not UTF-8"
    if found := _ACTIVE_SVG.search(content) or _STYLE_ESCAPE.search(content):
        return f"an active picture ({found[0].decode(errors='replace').strip()[:30]!r})"
    return None


def _acts(content: bytes) -> bool:
    """Whether it is a pickle that calls something, of any protocol: the oldest are plain text."""
    acts = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")      # text that is no pickle is full of strange escapes
        try:
            for operation, _, _ in pickletools.genops(content[:_HEAD]):
                acts = acts or operation.name in _ACTS
                if operation.name == "STOP":
                    return acts
        except (ValueError, KeyError, IndexError, OverflowError, UnicodeDecodeError, struct.error):
            pass
    return False


def _depth(content: bytes) -> int:
    """How deep brackets are nested; in strings they do not count: coloured logs have many."""
    deepest = depth = 0
    for sign in re.findall(rb"[\[\]{}]", _STRING.sub(b"", content)):
        depth += 1 if sign in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _array(content: bytes) -> str | None:
    """A .npy says in its header whether it holds objects, that is pickles."""
    header = content[:10_000].partition(b"\n")[0]
    return "an array of objects: loading it runs code" if _OBJECTS.search(header) else None


def _archive(content: bytes) -> str | None:
    """.npz, .keras and other zips: what they hold, without unpacking more than a little."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as inner:
            entries = inner.infolist()
            if sum(entry.file_size for entry in entries) > _INNER_LIMIT or len(entries) > 10_000:
                return "an archive that unpacks to too much"
            for entry in entries:
                if PurePosixPath(entry.filename).suffix in (".pkl", ".py", ".pyc", ".so"):
                    return f"an archive with {entry.filename}"
                with inner.open(entry) as file:
                    # Keras writes its configuration in JSON; arrays tell by their header.
                    whole = entry.filename.endswith(".json")
                    head = file.read(10_000_000 if whole else _HEAD)
                if _LAMBDA.search(head) or (whole and _lambda(head)):
                    return "a model with a Lambda layer: loading it runs code"
                if what := _inside(head, packed=True):
                    return f"{what} ({entry.filename})"
    except guard.DAMAGED:
        return "an archive that cannot be read"
    return None


def _lambda(content: bytes) -> bool:
    """Whether a Keras configuration has a Lambda layer, however its letters are written."""
    if _depth(content) > _DEEPEST:
        return True
    try:
        waiting = [json.loads(content)]
    except ValueError:
        return False
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if value.get("class_name") == "Lambda":
                return True
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return False
