"""One handwritten Japanese character: sets, made characters, networks, the reader and its score."""
