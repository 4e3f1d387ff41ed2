"""The one exception that a person is meant to read.

    raise TegashikiError("ink.inkml: trace 3: point 7 is not a number; write it as 'x y'")
"""


class TegashikiError(Exception):
    """Something outside the program is wrong and a person can mend it.

    The message is one line: the file, the place in it, what is wrong, and what to do. The command
    line prints it after `error:` and ends with exit code 1; a traceback is kept for real bugs.
    """
