"""Where the code of a run comes from: commit, uncommitted changes, lock.

    state, patch = provenance.code(paths.checkout(), skip=paths.runs_root())
    state["commit"], state["dirty"]

Without git (Colab, an unpacked archive) the commit is what pip wrote down when it installed the
package, else None.
"""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path
from typing import Any

import tegashiki
from tegashiki.errors import TegashikiError
from tegashiki.journal.format import layout
from tegashiki.journal.notebook import secrets
from tegashiki.journal.session import git
from tegashiki.storage import files

UNTRACKED_LIMIT = 1 * layout.MEGABYTE  # a bigger untracked file is named, not copied
PATCH_LIMIT = 5 * layout.MEGABYTE
_LOCKS = ("requirements.lock", "uv.lock", "poetry.lock", "requirements.txt")


def code(checkout: Path | None, skip: Path | None = None) -> tuple[dict[str, Any], bytes]:
    """The state of the code in `checkout`, and the patch from its commit to its working tree.

    `skip` is a folder that is no code: the archive. The patch holds untracked files too, but none
    that holds secrets by custom (.env, keys): these are named in `left_out`. Raises TegashikiError
    if the patch would carry a secret into the archive.
    """
    if checkout is None or (commit := git.ask(checkout, "rev-parse", "HEAD")) is None:
        return _installed(), b""
    scope = ["--", "."]
    if skip is not None and skip.resolve().is_relative_to(checkout):
        scope.append(f":(exclude){skip.resolve().relative_to(checkout).as_posix()}")
    plain = ("--binary", "--no-color", "--no-ext-diff")
    changed = _names(git.ask(checkout, "diff", "--name-only", "-z", "HEAD", *scope))
    left_out = [name for name in changed if secrets.FILES.search(name)]
    spared = [f":(exclude,literal){name}" for name in left_out]
    patch = git.ask(checkout, "diff", *plain, "HEAD", *scope, *spared) or b""
    others = git.ask(checkout, "ls-files", "--others", "--exclude-standard", "-z", *scope)
    for name in _names(others):
        small = (checkout / name).is_file() and (checkout / name).stat().st_size <= UNTRACKED_LIMIT
        if small and not secrets.FILES.search(name):
            patch += git.ask(
                checkout, "diff", "--no-index", "--binary", "/dev/null", name, fine=1
            ) or b""  # fmt: skip
        else:
            left_out.append(name)
    if len(patch) > PATCH_LIMIT:
        raise TegashikiError(
            f"{checkout}: uncommitted changes are {len(patch) / layout.MEGABYTE:.0f} MB, too much "
            "to archive with the run; commit them, or ignore what is no code"
        )
    _check_secrets(patch)
    return _state(commit.decode().strip(), bool(patch or left_out), patch, left_out), patch


def _names(listed: bytes | None) -> list[str]:
    """The paths in what git prints with -z."""
    return [name for name in (listed or b"").decode(errors="surrogateescape").split("\0") if name]


def lock(checkout: Path | None) -> dict[str, Any] | None:
    """Name and sha256 of the file that pins the environment, if the checkout has one."""
    for name in _LOCKS:
        if checkout is not None and (checkout / name).is_file():
            return {"file": name, "sha256": files.sha256(checkout / name)}
    return None


def _check_secrets(patch: bytes) -> None:
    for part in patch.decode(errors="replace").split("\ndiff --git "):
        if what := secrets.form(part):
            name = part.partition("\n")[0].rpartition(" b/")[2]
            raise TegashikiError(
                f"{name}: holds what looks like {what}, and is not committed; the run would "
                "archive it, take it out or ignore the file"
            )


def _state(
    commit: str | None, dirty: bool | None, patch: bytes, left_out: list[str]
) -> dict[str, Any]:
    return {
        "commit": commit,
        "dirty": dirty,
        "patch": layout.PATCH if patch else None,
        "left_out": left_out,
    }


def installed_from() -> tuple[str, str] | None:
    """Address and commit that pip wrote down when it installed the package from git, else None."""
    try:
        text = metadata.distribution("tegashiki").read_text("direct_url.json")
        told = json.loads(text) if text else {}
    except (metadata.PackageNotFoundError, ValueError):
        return None
    commit = told.get("vcs_info", {}).get("commit_id")
    return (told.get("url", ""), commit) if commit else None


def _installed() -> dict[str, Any]:
    """The code of a run outside of a checkout: that of the package which is installed.

    pip writes down the commit that it installed from git; an editable installation is a checkout,
    of which changed files are named and not copied.
    """
    if (origin := installed_from()) is not None:
        return _state(origin[1], False, b"", [])
    home = Path(tegashiki.__file__).resolve().parents[1]
    if (home / ".git").exists() and (commit := git.ask(home, "rev-parse", "HEAD")) is not None:
        changed = git.ask(home, "ls-files", "-z", "--modified", "--", tegashiki.__name__)
        names = _names(changed)
        return _state(commit.decode().strip(), bool(names), b"", names)
    return _state(None, None, b"", [])
