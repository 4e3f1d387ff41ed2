"""Why a formula could not be cleaned.

    try: clean_latex(truth)
    except CleanError as error: reasons[error.reason] += 1
"""

from tegashiki.errors import TegashikiError


class CleanError(TegashikiError):
    """A formula that has no normal form; `reason` is a short category that can be counted."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
