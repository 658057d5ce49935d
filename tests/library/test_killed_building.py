"""A library that is being built, killed at any moment: nothing is lost, doubled or wrong, and the same call goes on."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import closing

import midi_bytes
import pieces
import pytest
from stores import assert_same

from symbolic_embed.bars import cut
from symbolic_embed.library.features import Needs
from symbolic_embed.library.stores.opening import new_library, open_library
from symbolic_embed.library.unembedded import unembedded
from symbolic_embed.score import read

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals")

FILES, DISTINCT, KILLS = 160, 40, 5
KINDS = frozenset({"content", "harmony", "melody"})
BAD = {"words.mid": b"once upon a time", "empty.mid": midi_bytes.midi(midi_bytes.track())}

BUILD = """
import json, sys
from symbolic_embed.files.folders import find_midi
from symbolic_embed.library import indexing
from symbolic_embed.library.engines import reading_here
from symbolic_embed.library.indexing import index
from symbolic_embed.library.reading import Manner
from symbolic_embed.library.stores.opening import open_library

place, folder, name = sys.argv[1:]
indexing.COMMIT_SECONDS = 0.02
library = open_library(place)
with reading_here(Manner(library.kinds), jobs=2) as each:
    workers = each.__self__
    def told(outcome):
        print(json.dumps([outcome.path, outcome.state, *workers.pids]), flush=True)
    index(library, find_midi([folder]), each, iter, told)
"""


@pytest.fixture
def music(tmp_path):
    """Many files, each content several times, and two that are bad."""
    scores = [pieces.piece(seed, bars=2) for seed in range(DISTINCT)]
    folder = pieces.folder_of(tmp_path / "music", {f"{k:03}.mid": scores[k] for k in range(DISTINCT)})
    for number in range(DISTINCT, FILES):
        os.link(folder / f"{number % DISTINCT:03}.mid", folder / f"{number:03}.mid")
    for name, data in BAD.items():
        (folder / name).write_bytes(data)
    for path in folder.iterdir():
        os.utime(path, (1_000_000_000, 1_000_000_000))
    return folder


def building(place, music):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", BUILD, str(place), str(music), "build"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def files_in(place, music):
    """The files of a library, each of its pieces what the file holds; nothing twice."""
    with closing(open_library(str(place))) as library:
        files = library.files()
        assert len({file.path for file in files}) == len(files)
        assert len({file.sha256 for file in files}) == len({file.piece or file.path for file in files})
        for piece in library:
            if int(os.path.basename(piece.path)[:3]) % 20 == 0:  # the others cost time and say the same
                assert_same(piece, unembedded(piece.path, cut(read(piece.path)), Needs(KINDS)))
        return {os.path.basename(file.path): file.problem for file in files}


def test_killed_again_and_again_it_goes_on_from_where_it_was(tmp_path, music):
    chance, place, before = random.Random(5), tmp_path / "library", {}
    new_library(str(place), checkpoint="c" * 64, kinds=KINDS).close()
    for _ in range(KILLS):
        with building(place, music) as process:
            done = 0
            for line in process.stdout:
                done += json.loads(line)[1] != "unchanged"
                if done > 15:
                    time.sleep(chance.uniform(0, 0.05))
                    process.send_signal(signal.SIGKILL)
                    break
        after = files_in(place, music)
        assert before.items() <= after.items()
        before = after
    assert len(before) > 0
    with building(place, music) as process:
        states = [json.loads(line)[1] for line in process.stdout]
    assert process.returncode == 0
    assert len(states) == FILES + len(BAD)
    after = files_in(place, music)
    assert {name for name, problem in after.items() if problem} == set(BAD)
    assert len(after) == FILES + len(BAD)


def test_workers_that_are_killed_cost_nothing(tmp_path, music):
    chance, place, killed = random.Random(6), tmp_path / "library", set()
    new_library(str(place), checkpoint="c" * 64, kinds=KINDS).close()
    with building(place, music) as process:
        for number, line in enumerate(process.stdout):
            _, _, *pids = json.loads(line)
            if number % (FILES // KILLS) == 0:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid := chance.choice(pids), signal.SIGKILL)
                    killed.add(pid)
    assert process.returncode == 0
    assert len(killed) > 2
    after = files_in(place, music)
    assert {name for name, problem in after.items() if problem} == set(BAD)
    assert len(after) == FILES + len(BAD)
