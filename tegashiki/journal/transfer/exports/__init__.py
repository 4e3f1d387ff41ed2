"""A run for other tools: one folder a format, written from the archived run and nothing else.

    exports.write(run, "ro-crate", Path("crate"))

ro_crate.py, mlflow.py, trackio.py, croissant.py, hugging_face.py, zenodo.py; facts.py is what they
share. What is private, held back or pruned is in none of them.
"""

from tegashiki.journal.transfer.exports.write import FORMATS, write

__all__ = ["FORMATS", "write"]
