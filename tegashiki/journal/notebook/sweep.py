"""The last look before a run is closed: no text in its folder holds a secret.

    held = sweep.sweep(folder)         # ["artifacts/settings.txt: a GitHub token"], taken out

What cells print is cleaned while it arrives; files that a notebook writes itself are seen only
here.
"""

from __future__ import annotations

from pathlib import Path

from tegashiki.journal.notebook import secrets
from tegashiki.storage import files

_LARGEST = 32 * 2**20  # bytes of a text that is looked through
_PROBE = 8192  # bytes: a file with a NUL among them is no text


def sweep(folder: Path) -> list[str]:
    """Take every secret out of the texts in `folder`; each file that had one, and what it was."""
    held = []
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _LARGEST:
            continue
        content = path.read_bytes()
        if b"\0" in content[:_PROBE]:
            continue
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            continue
        if what := secrets.form(text):
            files.write_text(path, secrets.mask(text))
            held.append(f"{path.relative_to(folder).as_posix()}: {what}")
    return held
