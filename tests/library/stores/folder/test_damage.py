"""Every flipped bit is noticed or changes nothing, and who writes next mends what can be mended."""

import numpy as np
import pytest
import small_pieces as small
import stores

from symbolic_embed.errors import LibraryError
from symbolic_embed.library.stores.folder import FolderLibrary
from symbolic_embed.library.stores.opening import new_library

PIECES = range(8)


@pytest.fixture
def library(tmp_path):
    library = small.made(tmp_path / "lib", PIECES)
    yield library
    library.close()


def flip(path, place, bit):
    content = bytearray(path.read_bytes())
    content[place] ^= 1 << bit
    path.write_bytes(bytes(content))


def looked_at(folder):
    """All that can be asked of a library, compared with what was given; raises LibraryError where it is damaged."""
    library = FolderLibrary(folder)
    try:
        numbers = [file.piece for file in library.files()]
        found = {int(file.path): said for file, said in zip(library.files(), library.facts(numbers), strict=True)}
        assert found == {piece: {"number": [piece]} for piece in found}
        for piece in library:
            stores.assert_same(piece, small.with_path(int(piece.path)))
        every = np.concatenate([small.vectors_of(piece) for piece in sorted(found)])
        if len(every):
            assert library.nearest("passages", every, count=1).similarity == pytest.approx(1, abs=1e-3)
        for piece in found:
            assert library.get(str(piece)).content == f"{piece:064}"
        return set(found)
    finally:
        library.close()


@pytest.mark.parametrize(("name", "flips"), [("features", 60), ("passages", 60), ("catalogue.sqlite", 150)])
def test_flipped_bits_are_noticed_and_mended(library, tmp_path, name, flips):
    library.close()
    random = np.random.default_rng(len(name))
    (path,) = (path for path in (tmp_path / "lib").iterdir() if path.name.startswith(name) and path.suffix != ".json")
    whole = {one: one.read_bytes() for one in (tmp_path / "lib").iterdir()}
    said: list[str] = []
    for _ in range(flips):
        for one in set((tmp_path / "lib").iterdir()) - set(whole):
            one.unlink()
        for one, content in whole.items():
            one.write_bytes(content)
        flip(path, int(random.integers(len(whole[path]))), int(random.integers(8)))
        try:
            assert looked_at(library.folder) == set(PIECES)
        except LibraryError as error:
            said.append(str(error))
        mending = FolderLibrary(library.folder)
        with mending.writing() as writer:
            for piece in sorted(set(PIECES) - small.there(mending)):
                small.put(writer, piece)
        mending.close()
        assert looked_at(library.folder) == set(PIECES)
    assert len(said) >= (flips * 0.9 if name != "catalogue.sqlite" else 5)
    assert all("damaged" in line and line.endswith("`library build` again mends it") for line in said)


@pytest.mark.parametrize("ending", ["data", "rows"])
def test_a_file_that_is_cut_off_is_noticed_and_mended(library, ending):
    library.close()
    path = small.data_file(library, ending)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    with pytest.raises(LibraryError, match="damaged"):
        looked_at(library.folder)
    mending = FolderLibrary(library.folder)
    with mending.writing():
        pass
    left = small.there(mending)
    assert 3 <= len(left) <= 6
    small.add(mending, sorted(set(PIECES) - left))
    mending.close()
    assert looked_at(library.folder) == set(PIECES)


@pytest.mark.parametrize("name", ["catalogue.sqlite", "features-000000.data", "passages-000000.rows"])
def test_a_file_that_is_gone_is_noticed_and_mended(library, tmp_path, name):
    library.close()
    (tmp_path / "lib" / name).unlink()
    with pytest.raises(LibraryError, match="missing"):
        looked_at(library.folder)
    mending = new_library(library.folder, checkpoint=small.CHECKPOINT, kinds=small.KINDS)
    assert small.there(mending) == set()
    small.add(mending, PIECES)
    mending.close()
    assert looked_at(library.folder) == set(PIECES)


def test_a_reader_that_is_open_sees_what_was_mended(library):
    path = small.data_file(library, "data")
    flip(path, path.stat().st_size // 2, 3)
    with pytest.raises(LibraryError, match="damaged"):
        list(library)
    with library.writing():
        pass
    assert len(small.there(library)) == len(PIECES) - 1
    assert [piece.path for piece in library] == sorted(map(str, small.there(library)))


def test_numbers_are_not_given_again_after_mending(library):
    numbers = {file.piece for file in library.files()}
    path = small.data_file(library, "data")
    flip(path, path.stat().st_size - 9, 3)
    with pytest.raises(LibraryError):
        list(library)
    with library.writing() as writer:
        assert small.put(writer, 99) not in numbers
