"""Archives: folder, zip and tar give the same files; hostile ones are refused."""

import gzip
import io
import lzma
import os
import stat
import tarfile
import zipfile

import pytest

from tegashiki.errors import TegashikiError
from tegashiki.storage import archives, guard
from tegashiki.storage.archives import iterate, open_text

FILES = {"set/b/2.inkml": b"two", "set/a/1.inkml": b"one", "set/readme.txt": b"no",
         "set/a/empty.inkml": b""}


def make_folder(path):
    for name, data in FILES.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def make_zip(path, files=None):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (files or FILES).items():
            archive.writestr(name, data)
    return path


def make_tar(path, mode, files=None):
    with tarfile.open(path, mode) as archive:
        for name, data in (files or FILES).items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return path


def refused(path, *words, **options):
    with pytest.raises(TegashikiError) as error:
        list(iterate(path, ".inkml", **options))
    message = str(error.value)
    assert str(path) in message and "\n" not in message and ";" in message, message
    for word in words:
        assert word in message, message


def test_every_kind_gives_the_same(tmp_path):
    expected = sorted((name, data) for name, data in FILES.items() if name.endswith(".inkml"))
    kinds = [make_folder(tmp_path / "folder"), make_zip(tmp_path / "a.zip")]
    kinds += [make_tar(tmp_path / f"a.{kind or 'tar'}", f"w:{kind}") for kind in ("", "xz", "gz",
                                                                                  "bz2")]
    for path in kinds:
        assert sorted(iterate(path, ".inkml")) == expected, path.name
    assert list(iterate(kinds[0], ".inkml")) == expected, "a folder comes sorted"


def test_paths_that_are_no_archive(tmp_path):
    refused(tmp_path / "none", "cannot be read")
    (tmp_path / "text").write_text("hello")
    refused(tmp_path / "text", "neither folder, zip nor tar")
    (tmp_path / "cut.tar.xz").write_bytes(make_tar(tmp_path / "t", "w:xz").read_bytes()[:-40])
    refused(tmp_path / "cut.tar.xz", "no readable tar")
    (tmp_path / "cut.zip").write_bytes(b"PK\x03\x04" + b"\0" * 100)
    refused(tmp_path / "cut.zip", "neither folder, zip nor tar")


@pytest.mark.parametrize("name", ["../evil.inkml", "a/../../evil.inkml", "/etc/evil.inkml",
                                  "..\\evil.inkml", "C:\\evil.inkml"])
def test_names_that_lead_out(tmp_path, name):
    refused(make_tar(tmp_path / "a.tar", "w", {name: b"x"}), "leads out of the archive")
    refused(make_zip(tmp_path / "a.zip", {name: b"x"}), "leads out of the archive")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.tar", "a.zip"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE,
                                  tarfile.CHRTYPE])
def test_links_and_devices_in_a_tar(tmp_path, kind):
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as archive:
        entry = tarfile.TarInfo("link.inkml")
        entry.type, entry.linkname = kind, "/etc/passwd"
        archive.addfile(entry)
    refused(path, "link.inkml", "is a link or a device")
    skipped = []
    assert list(iterate(path, ".inkml", lambda *item: skipped.append(item))) == []
    assert skipped == [("link.inkml", "is a link or a device")]


def test_links_in_a_zip(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        entry = zipfile.ZipInfo("link.inkml")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    refused(tmp_path / "a.zip", "link.inkml", "is a link")


def test_links_and_pipes_in_a_folder(tmp_path):
    folder = make_folder(tmp_path / "folder")
    os.symlink("/", folder / "root")                      # a loop, if it were followed
    os.symlink(tmp_path / "none", folder / "broken.inkml")
    os.mkfifo(folder / "pipe.inkml")                      # reading it would wait for ever
    skipped = {}
    assert len(list(iterate(folder, ".inkml", skipped.__setitem__))) == 3
    assert skipped.keys() == {"broken.inkml", "pipe.inkml"}


def test_control_characters_in_a_name(tmp_path):
    path = make_tar(tmp_path / "a.tar", "w", {"a\nb.inkml": b"x", "c.inkml": b"y"})
    skipped = []
    names = [name for name, _ in iterate(path, ".inkml", lambda *item: skipped.append(item))]
    assert names == ["c.inkml"] and "\n" not in skipped[0][0]


def test_one_large_file(tmp_path):
    files = {"big.inkml": os.urandom(3000), "small.inkml": b"x"}
    for path in (make_tar(tmp_path / "a.tar", "w", files), make_zip(tmp_path / "a.zip", files)):
        refused(path, "big.inkml", "larger", limit=2000)
        skipped = {}
        read = list(iterate(path, ".inkml", skipped.__setitem__, limit=2000))
        assert read == [("small.inkml", b"x")] and list(skipped) == ["big.inkml"]


def test_a_damaged_file_in_a_zip(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"a.inkml": os.urandom(500), "b.inkml": b"fine"})
    data = bytearray(path.read_bytes())
    data[100] ^= 255
    path.write_bytes(data)
    skipped = {}
    assert list(iterate(path, ".inkml", skipped.__setitem__)) == [("b.inkml", b"fine")]
    assert "damaged" in skipped["a.inkml"]


def test_bombs(tmp_path):
    zeros = bytes(2**20)
    bomb = make_zip(tmp_path / "a.zip", {f"{i}.inkml": zeros for i in range(20)})
    refused(bomb, "times its size")
    many = make_tar(tmp_path / "a.tar.xz", "w:xz", {f"{i}.inkml": zeros for i in range(20)})
    refused(many, "times its size")
    # what is not asked for is read over, which costs time all the same
    other = make_tar(tmp_path / "b.tar.xz", "w:xz", {f"{i}.txt": zeros for i in range(20)})
    refused(other, "times its size")


def test_a_tar_that_claims_a_terabyte(tmp_path):
    entry = tarfile.TarInfo("a.txt")
    entry.size = 2**40
    for opener in (open, gzip.open, lzma.open):
        with opener(tmp_path / "a.tar", "wb") as file:
            file.write(entry.tobuf() + bytes(1024))
        refused(tmp_path / "a.tar", "do not use it")


def test_a_header_that_is_a_bomb(tmp_path):
    """A pax header is read whole by tarfile, before anybody can look at the entry."""
    header = tarfile.TarInfo("././@PaxHeader")
    header.type, header.size = tarfile.XHDTYPE, 2**32
    with lzma.open(tmp_path / "a.tar.xz", "wb", preset=0) as file:
        file.write(header.tobuf())
        for _ in range(64):
            file.write(bytes(2**20))
    refused(tmp_path / "a.tar.xz", "do not use it")


def test_lines_of_text(tmp_path):
    text = "one\n\ntwo\r\nthree"
    for opener in (open, gzip.open, lzma.open):
        with opener(tmp_path / "a", "wb") as file:
            file.write(text.encode())
        assert list(open_text(tmp_path / "a")) == ["one", "two", "three"]
    with pytest.raises(TegashikiError, match="line 1: longer than 2 bytes"):
        list(open_text(tmp_path / "a", longest=2))
    with lzma.open(tmp_path / "bomb", "wb") as file:
        file.write((b"x" * 1000 + b"\n") * 20_000)
    with pytest.raises(TegashikiError, match="times its size"):
        list(open_text(tmp_path / "bomb"))
    (tmp_path / "latin").write_bytes(b"\xe9\n")
    with pytest.raises(TegashikiError, match="cannot be read"):
        list(open_text(tmp_path / "latin"))
    with pytest.raises(TegashikiError, match="cannot be read"):
        list(open_text(tmp_path / "none"))


def test_the_limits_leave_room_for_real_sets():
    assert guard.MAX_RATIO >= 50 and archives.MAX_FILES > 700_000
