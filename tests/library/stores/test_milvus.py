"""A library on a Milvus server does what every library does. The server is the one of milvus-lite, on loopback."""

import socket
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

import library_contract
import pytest
import small_pieces as small

from symbolic_embed.errors import LibraryError
from symbolic_embed.library.stores.milvus import MilvusLibrary
from symbolic_embed.library.stores.milvus import lease as leases
from symbolic_embed.library.stores.opening import new_library, open_library

pytest.importorskip("pymilvus")
pytest.importorskip("milvus_lite")

NUMBERS = count()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of a server of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("server")
    command = [str(Path(sys.executable).parent / "milvus-lite"), "server", "--host", "127.0.0.1", "--port", str(port)]
    with open(folder / "log", "wb") as log:
        running = subprocess.Popen([*command, "--data-dir", str(folder / "data")], stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    for _ in range(240):
        try:
            MilvusLibrary.is_there(address)
            break
        except LibraryError:
            time.sleep(0.25)
    yield address
    running.kill()
    running.wait()


@pytest.fixture
def address(server):
    """Of a library that is not there yet."""
    return f"{server}/library_{next(NUMBERS)}"


class TestMilvusLibrary(library_contract.LibraryContract):
    @pytest.fixture(autouse=True)
    def _server(self, server, monkeypatch):
        self.server = server
        monkeypatch.setattr(leases, "SETTLES_S", 0.0)

    def empty(self, checkpoint, kinds, folder):
        name = f"{self.server}/library_{next(NUMBERS)}"
        return MilvusLibrary.made(name, checkpoint=checkpoint, kinds=kinds, options={})

    def again(self, library):
        return MilvusLibrary(library.address)


def test_it_is_opened_and_made_by_its_address(address):
    with pytest.raises(LibraryError, match=r"no library there; `library build http://.* FOLDERS...` makes one"):
        open_library(address)
    library = new_library(address, checkpoint=small.CHECKPOINT, kinds=small.KINDS, options={"a": "1"})
    small.add(library, [1])
    again = new_library(address, checkpoint=small.CHECKPOINT, kinds=small.KINDS, options={"a": "1"})
    assert small.there(again) == {1}
    with pytest.raises(LibraryError, match="built with a 1, unset is asked for"):
        new_library(address, checkpoint=small.CHECKPOINT, kinds=small.KINDS)


def test_what_a_writer_left_that_broke_off_is_taken_away(address):
    library = new_library(address, checkpoint=small.CHECKPOINT, kinds=small.KINDS)
    small.add(library, [1, 2])
    numbers = {file.piece for file in library.files()}
    left = library.writing()
    writer = left.__enter__()
    small.put(writer, 3)
    writer.remove_files(["1"])
    del left, writer  # neither ended nor given back: the lease runs out
    assert small.there(library) == {1, 2}
    with library.writing() as writer:
        assert small.put(writer, 3) not in numbers
    assert small.there(library) == {1, 2, 3}


def test_libraries_on_one_server_know_nothing_of_each_other(address):
    one, other = (
        new_library(f"{address}{ending}", checkpoint=small.CHECKPOINT, kinds=small.KINDS) for ending in ("", "0")
    )
    small.add(one, [1, 2])
    small.add(other, [1, 2, 3])
    with one.writing() as writer:
        writer.remove_files(["1", "2"])
    assert small.there(one) == set()
    assert other.nearest("passages", small.vectors_of(1), count=1).bar[:, 0].tolist() == list(range(small.ROWS))
    with pytest.raises(LibraryError, match="a library's name there is of letters, digits and _"):
        open_library(f"{address}/more")


def test_a_server_that_is_not_there_is_named(monkeypatch):
    with pytest.raises(LibraryError, match=r"http://127\.0\.0\.1:9: cannot be opened: "):
        open_library("http://127.0.0.1:9")


def test_without_the_extra_it_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(LibraryError, match=r"needs pymilvus, which is not installed; `pip install .*\[milvus\]`"):
        open_library("http://127.0.0.1:9")
