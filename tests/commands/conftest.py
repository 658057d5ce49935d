"""What the commands' tests work on: a small model with random weights, and a folder with good and bad files."""

import os

import composers
import midi_bytes
import numpy as np
import pieces
import pytest
import tiny

from symbolic_embed.originality.fingerprint import Fingerprint


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory):
    return tiny.embedder_checkpoint(tmp_path_factory.mktemp("model")).folder


@pytest.fixture(scope="session")
def composer(tmp_path_factory):
    """A composer whose fingerprint holds every run there could be."""
    everything = Fingerprint(np.ones(64, bool), hashes=1, runs=64, source="all music")
    return composers.composer_checkpoint(tmp_path_factory.mktemp("composer"), fingerprint=everything).folder


@pytest.fixture
def band(here):
    """The file band.mid: a tune, chords, a bass and drums, four bars."""
    (here / "band.mid").write_bytes(composers.band_seed().events.to_bytes())
    return here


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder that the command is run in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def songs(here):
    """Three pieces, one of them in a folder of its own."""
    names = ["songs/a.mid", "songs/b.mid", "songs/deep/c.MID"]
    return pieces.folder_of(here, {name: pieces.piece(seed, bars=3) for seed, name in enumerate(names)}) / "songs"


@pytest.fixture
def mixed(songs):
    """The same, with one file that has no notes, one that is no MIDI, one to warn of, and a link to nowhere."""
    (songs / "empty.mid").write_bytes(midi_bytes.midi(midi_bytes.track()))
    (songs / "words.mid").write_bytes(b"once upon a time")
    # the header declares two tracks, one is there
    odd = midi_bytes.header(tracks=2) + midi_bytes.chunk(midi_bytes.track(midi_bytes.NOTE))
    (songs / "odd.mid").write_bytes(odd)
    os.symlink("nowhere", songs / "gone.mid")
    return songs
