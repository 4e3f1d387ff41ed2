"""Files on disk, for every room: whole or not at all when written, within limits when read."""
