"""Writing that fails, compacting, and readers that have the library open meanwhile."""

import os
import threading
from pathlib import Path

import pytest
import small_pieces as small
import stores

from symbolic_embed.errors import LibraryError
from symbolic_embed.library.stores.folder import FolderLibrary, data
from symbolic_embed.library.stores.folder.catalogue import Catalogue


class FailingFile:
    """A file whose writes fail once there were so many acts on the disk."""

    def __init__(self, file, disk):
        self._file, self._disk = file, disk

    def write(self, content):
        self._disk.act()
        return self._file.write(content)

    def __getattr__(self, name):
        return getattr(self._file, name)


class FailingDisk:
    def __init__(self, number):
        self.number, self.count = number, 0

    def act(self, *_):
        self.count += 1
        if self.count == self.number:
            raise OSError(28, "No space left on device")


@pytest.mark.parametrize("number", range(1, 14))
def test_whatever_write_or_sync_fails_the_last_commit_stays(tmp_path, monkeypatch, number):
    library = small.made(tmp_path / "lib", [1, 2])
    disk, opened, fsync = FailingDisk(number), data.opened, os.fsync
    monkeypatch.setattr(data, "opened", lambda path, end: FailingFile(opened(path, end), disk))
    monkeypatch.setattr(os, "fsync", lambda file: (disk.act(), fsync(file)))
    said = ""
    try:
        small.add(library, [3, 4])
    except LibraryError as error:
        said = str(error)
    assert bool(said) == (disk.count >= number)
    assert small.there(library) == ({1, 2} if said else {1, 2, 3, 4})
    if said:
        assert said.startswith(str(tmp_path / "lib"))
        assert said.endswith("no space left on device; all that was committed before is there")
    monkeypatch.undo()
    small.add(library, [3, 4])
    assert [piece.path for piece in FolderLibrary(library.folder)] == ["1", "2", "3", "4"]
    for piece in library:
        stores.assert_same(piece.only(small.KINDS), small.with_path(int(piece.path)))


def test_more_than_a_third_dead_is_compacted_away(tmp_path):
    library = small.made(tmp_path / "lib", range(9))
    sizes = {ending: small.data_file(library, ending).stat().st_size for ending in ("data", "rows")}
    with library.writing() as writer:
        writer.remove_files(["0", "1", "2"])
    assert small.data_file(library, "data").name == "features-000000.data"
    with library.writing() as writer:
        writer.remove_files(["5"])
    for ending, size in sizes.items():
        assert small.data_file(library, ending).name.endswith(f"-000001.{ending}")
        assert small.data_file(library, ending).stat().st_size == size * 5 // 9
    assert [piece.path for piece in library] == ["3", "4", "6", "7", "8"]
    for piece in library:
        stores.assert_same(piece, small.with_path(int(piece.path)))
        (row,) = library.nearest("passages", small.vectors_of(int(piece.path))[:1], count=1).bar
        assert row == 0


def test_readers_go_on_while_it_is_compacted(tmp_path):
    library = small.made(tmp_path / "lib", range(200))
    reader = FolderLibrary(library.folder)
    begun = iter(reader)
    first = next(begun)
    with library.writing() as writer:
        writer.remove_files([str(piece) for piece in range(100)])
    assert small.data_file(library, "data").name == "features-000001.data"
    rest = {int(piece.path): piece for piece in begun}
    assert first.path == "0"
    assert set(rest) >= set(range(100, 200))
    for number, piece in rest.items():
        stores.assert_same(piece, small.with_path(number))
    assert small.there(reader) == set(range(100, 200))


def test_a_compaction_that_finds_damage_changes_nothing_and_the_next_writer_mends(tmp_path):
    library = small.made(tmp_path / "lib", range(9))
    path = small.data_file(library, "data")
    content = bytearray(path.read_bytes())
    content[-20] ^= 4
    path.write_bytes(bytes(content))
    with library.writing() as writer:
        writer.remove_files(["0", "1", "2", "3"])
    assert small.there(library) == {4, 5, 6, 7, 8}
    with library.writing():
        pass
    assert small.there(library) == {4, 5, 6, 7}


def test_a_reader_is_right_at_every_moment_of_writing(tmp_path):
    library = small.made(tmp_path / "lib", range(6))
    reader, wrong, done = FolderLibrary(library.folder), [], threading.Event()

    def look():
        while not done.is_set():
            for piece in reader:
                try:
                    stores.assert_same(piece, small.with_path(int(piece.path)))
                except AssertionError:
                    wrong.append(piece.path)

    thread = threading.Thread(target=look)
    thread.start()
    for turn in range(12):
        with library.writing() as writer:
            for piece in range(6):
                if (turn + piece) % 3:
                    small.put(writer, piece + 6 * (turn % 2))
                else:
                    writer.remove_files([str(piece), str(piece + 6)])
    done.set()
    thread.join()
    assert wrong == []


def test_files_of_an_earlier_generation_go_with_the_next_writer(tmp_path):
    library = small.made(tmp_path / "lib", range(3))
    stray = Path(library.folder) / "features-000007.data"
    stray.write_bytes(b"cut off")
    mine = Path(library.folder) / "notes.txt"
    mine.write_bytes(b"of the user's")
    with library.writing():
        pass
    assert not stray.exists()
    assert mine.read_bytes() == b"of the user's"


def test_the_catalogue_fails_in_a_line_that_names_it(tmp_path):
    library = small.made(tmp_path / "lib", [1])
    catalogue = Catalogue(library.folder, make=True)
    with pytest.raises(LibraryError, match=r"catalogue.sqlite: .*no such table"):
        catalogue.number("SELECT count(*) FROM missing")
    catalogue.close()
