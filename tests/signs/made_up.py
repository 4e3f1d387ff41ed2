"""The words of the made-up signers in this folder's tests."""

WORDS = ("hello", "thanks", "yes")
