"""Notebooks that run by themselves every night: the lock, the line for cron, the timer.

    with schedule.exclusive(root, "ink2tex"): ...     # TegashikiError if another one is at it
    print(schedule.recipe(checkout, "ink2tex", "quick"))
"""

from __future__ import annotations

import contextlib
import os
import shlex
from collections.abc import Iterator
from pathlib import Path

from tegashiki.errors import TegashikiError
from tegashiki.journal.archive.thin import NIGHTLY
from tegashiki.journal.format import paths

BUSY = 75  # exit code: EX_TEMPFAIL of sysexits.h, "try again later"
_LIMIT = 4 * 3600  # seconds a night


class BusyError(TegashikiError):
    """Another schedule runs this series right now."""


@contextlib.contextmanager
def exclusive(root: Path, series: str) -> Iterator[None]:
    """Hold the series: a second schedule of it is told so at once, and does nothing.

    The lock is the system's and ends with the process, however that ends. Raises BusyError, and
    TegashikiError where the archive cannot be written.
    """
    import fcntl

    try:
        root.mkdir(parents=True, exist_ok=True)
        handle = os.open(root / f".lock-{series}", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise TegashikiError(f"{root}: cannot be locked: {error.strerror}") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            who = os.pread(handle, 20, 0).decode(errors="replace").strip()
            raise BusyError(f"{series}: process {who} runs it already; nothing was done") from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def recipe(home: Path, series: str, profile: str, at: str = "03:17", prunes: bool = False) -> str:
    """A crontab line and a systemd timer that run the series every night in this checkout.

    `prunes`: before it, what `keep` of series.toml does not keep is let go.

    >>> recipe(Path("/srv/ink"), "ink2tex", "quick").splitlines()[2].split()[:5]
    ['17', '3', '*', '*', '*']

    What the environment says of data and archive goes along: cron and systemd know none of it.
    Raises TegashikiError for a time that is none.
    """
    hours, _, minutes = at.partition(":")
    if not (hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60):
        raise TegashikiError(f"--at {at}: expected hours and minutes, as 03:17")
    command = (
        f".venv/bin/tegashiki run {series} --profile {profile} --if-changed --exclusive "
        f"--tag {NIGHTLY} --retries 2 --timeout {_LIMIT} --summary"
    )
    first = ".venv/bin/tegashiki prune > /dev/null; " if prunes else ""
    kept = {name: os.environ[name] for name in (paths.DATA, paths.RUNS) if os.environ.get(name)}
    place = str(home)
    quoted = shlex.quote(place).replace("%", "\\%")  # cron ends a command at a bare %
    escaped = _systemd(place).replace(" ", "\\x20")
    given = "".join(f"{name}={shlex.quote(value)} " for name, value in kept.items())
    given = given.replace("%", "\\%")
    lines = "".join(
        f'Environment="{name}={_systemd(value)}"\n' for name, value in kept.items()
    )
    return f"""# crontab -e, then add this line (cron mails what it prints: one line a night)
# Steps whose notebook, parameters, data and code are as they were do not run again.
{int(minutes)} {int(hours)} * * * cd {quoted} && {given + first if first else ""}{given}{command}

# or, with systemd: ~/.config/systemd/user/tegashiki-{series}.service
[Unit]
Description=tegashiki {series}
[Service]
Type=oneshot
WorkingDirectory={escaped}
{lines}ExecStart=/bin/sh -c "{first}exec {command}"
Nice=10
TimeoutStartSec={_LIMIT + 300}

# and ~/.config/systemd/user/tegashiki-{series}.timer
[Unit]
Description=tegashiki {series} every night
[Timer]
OnCalendar=*-*-* {int(hours):02}:{int(minutes):02}:00
Persistent=true
[Install]
WantedBy=timers.target

# systemctl --user daemon-reload && systemctl --user enable --now tegashiki-{series}.timer
"""


def _systemd(text: str) -> str:
    """A text as a unit file takes it: backslashes and percent signs mean something there."""
    return text.replace("\\", "\\\\").replace("%", "%%").replace('"', '\\"')
