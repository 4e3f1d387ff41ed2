"""Files that could run as code when somebody opens them: they do not enter the archive.

    file_scan.danger("artifacts/model.pkl", content)      # "a pickle: loading it runs code"
    file_scan.danger("artifacts/model.npz", content)      # None

Told by content first and by name second, since names lie.
"""

from __future__ import annotations

import io
import re
import zipfile
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
    **dict.fromkeys([".pkl", ".pickle", ".joblib", ".pt", ".pth", ".ckpt"],
                    "a pickle: loading it runs code"),
    **dict.fromkeys([".exe", ".dll", ".so", ".dylib", ".com", ".msi", ".class", ".jar", ".pyc",
                     ".pyd", ".whl", ".deb", ".apk", ".wasm"], "a program"),
    **dict.fromkeys([".py", ".sh", ".bash", ".bat", ".cmd", ".ps1", ".js", ".mjs", ".vbs", ".pl",
                     ".rb", ".php", ".html", ".htm", ".xhtml", ".desktop", ".lnk", ".url"],
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
_INNER_LIMIT = 200_000_000  # bytes that an archive within the bundle may unpack to


def danger(name: str, content: bytes) -> str | None:
    """Why the file is not taken in, or None."""
    suffix = PurePosixPath(name.lower()).suffix
    if suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    for magic, what in _MAGIC.items():
        if content.startswith(magic):
            return what
    if _PICKLE.match(content):
        return "a pickle: loading it runs code"
    if suffix == ".svg" and (found := _ACTIVE_SVG.search(content)):
        return f"an active picture ({found[0].decode(errors='replace').strip()[:30]!r})"
    if suffix == ".npy" or content.startswith(b"\x93NUMPY"):
        return _array(content)
    if content.startswith(b"PK\x03\x04"):
        return _archive(content)
    if content.startswith(b"\x89HDF\r\n") and _LAMBDA.search(content):
        return "a model with a Lambda layer: loading it runs code"
    return None


def _array(content: bytes) -> str | None:
    """A .npy says in its header whether it holds objects, that is pickles."""
    header = content[:10_000].partition(b"\n")[0]
    return "an array of objects: loading it runs code" if b"'|O'" in header else None


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
                    head = file.read(10_000_000 if entry.filename.endswith(".json") else 10_000)
                if _LAMBDA.search(head):
                    return "a model with a Lambda layer: loading it runs code"
                if _PICKLE.match(head):
                    return f"an archive with the pickle {entry.filename}"
                if head.startswith(b"\x93NUMPY") and (what := _array(head)):
                    return f"{what} ({entry.filename})"
    except guard.DAMAGED:
        return "an archive that cannot be read"
    return None
