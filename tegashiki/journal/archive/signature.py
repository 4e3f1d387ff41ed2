"""Who vouches for a run: a signature beside status.json, as git signs commits with ssh keys.

    signature.sign(run, Path("~/.ssh/id_ed25519"))
    for problem in signature.problems(root, runs): print(problem)

status.json carries the sha256 of the manifest, and the manifest that of every file: signing it
signs the run. Hashes alone show that nothing was changed by accident; only a key shows by whom.
`allowed_signers` in the archive lists who may sign, in ssh-keygen's format: `who key-type key`.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.check import Problem
from tegashiki.journal.archive.reader import ArchivedRun
from tegashiki.journal.format import layout

NAMESPACE = "tegashiki-run"  # a signature for something else is none for a run
SIGNERS = "allowed_signers"


def sign(run: ArchivedRun, key: Path) -> Path:
    """Sign the run with an ssh key; the signature's path.

    Raises TegashikiError for a run that goes on or is not intact, and where ssh-keygen refuses.
    """
    if run.status == layout.RUNNING:
        raise TegashikiError(f"run {run.id} goes on; sign it when it has ended")
    if problems := run.broken():
        raise TegashikiError(f"run {run.id}: {problems[0]}; it is not what it says, do not sign it")
    path = run.folder / layout.SIGNATURE
    path.unlink(missing_ok=True)  # ssh-keygen would ask
    status = run.folder / layout.STATUS
    _ssh_keygen("-Y", "sign", "-q", "-n", NAMESPACE, "-f", str(key.expanduser()), str(status))
    return path


def signer(run: ArchivedRun, signers: Path) -> str:
    """Who signed the run. Raises TegashikiError if nobody did who may, or it was changed since."""
    path, status = run.folder / layout.SIGNATURE, run.folder / layout.STATUS
    if not path.is_file():
        raise TegashikiError("nobody signed it")
    found = _ssh_keygen("-Y", "find-principals", "-f", str(signers), "-s", str(path))
    who = found.decode(errors="replace").strip().partition("\n")[0]
    _ssh_keygen("-Y", "verify", "-q", "-n", NAMESPACE, "-f", str(signers), "-I", who,
                "-s", str(path), given=status.read_bytes())  # fmt: skip
    return who


def problems(
    root: Path, runs: Iterable[ArchivedRun], signers: Path | None = None
) -> list[Problem]:
    """Each run that has no valid signature of somebody in `signers`."""
    signers = signers or root / SIGNERS
    if not signers.is_file():
        raise TegashikiError(f"{signers}: missing; write a line for each who may sign: "
                             "who key-type key")
    found = []
    for run in runs:
        if run.status == layout.RUNNING:
            continue
        try:
            signer(run, signers)
        except TegashikiError as error:
            found.append(Problem(run.id, "signature", str(error)))
    return found


def _ssh_keygen(*arguments: str, given: bytes = b"") -> bytes:
    try:
        done = subprocess.run(
            ["ssh-keygen", *arguments], input=given, capture_output=True, check=False, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TegashikiError(f"ssh-keygen cannot be run: {error}; install OpenSSH") from None
    if done.returncode:
        said = (done.stderr + done.stdout).decode(errors="replace").strip().splitlines()
        raise TegashikiError(f"ssh-keygen: {said[-1] if said else 'it refuses'}")
    return done.stdout
