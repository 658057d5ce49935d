"""A writer that is killed loses, doubles and changes nothing; and who writes holds the library alone."""

import subprocess
import sys
from pathlib import Path

import pytest
import small_pieces as small

from symbolic_embed.errors import LibraryInUseError

sys.path.insert(0, str(Path(__file__).parents[4] / "benchmarks" / "libraries"))

import kills

HOLDING = """
import sys, time
from symbolic_embed.library.stores.opening import open_library
with open_library(sys.argv[1]).writing():
    print("holds", flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no fork")
def test_killed_writers_leave_what_was_committed(tmp_path, monkeypatch):
    for module, name in ((kills.indexing, "INDEXED_FROM"), (kills.indexing, "LATER"), (kills.reader, "INDEXED_FROM")):
        monkeypatch.setattr(module, name, getattr(module, name))  # as it was, when the test is over
    counts = kills.kill_writers(str(tmp_path / "library"), kills=25, seed=5)
    assert (counts["lost"], counts["doubled"], counts["wrong"], counts["refused"]) == (0, 0, 0, 0)
    assert counts["commits"] > 5
    assert counts["answers"] > 25


def test_the_lock_dies_with_its_process(tmp_path):
    library = small.made(tmp_path / "lib", [1])
    other = subprocess.Popen([sys.executable, "-c", HOLDING, library.folder], stdout=subprocess.PIPE)
    assert other.stdout.readline() == b"holds\n" or other.stdout.readline()
    with pytest.raises(LibraryInUseError, match=f"process {other.pid} is writing into it; wait until it is done"):
        small.add(library, [2])
    assert small.there(library) == {1}
    other.kill()
    other.wait()
    other.stdout.close()
    small.add(library, [2])
    assert small.there(library) == {1, 2}


def test_what_was_never_committed_is_cut_off_by_the_next_writer(tmp_path):
    library = small.made(tmp_path / "lib", [1])
    files = [small.data_file(library, ending) for ending in ("data", "rows")]
    whole = [file.read_bytes() for file in files]
    for file, content in zip(files, whole, strict=True):
        file.write_bytes(content + b"half a piece" * 100)
    assert [piece.path for piece in library] == ["1"]
    with library.writing():
        pass
    assert [file.read_bytes() for file in files] == whole
