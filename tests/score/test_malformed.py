"""The corpus of 411 malformed and odd files: each is read as it should be, or refused in words.

It is written by `../shared/bad_midi/make_bad_midi.py`, which stands beside the developers' checkout and nowhere else.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from symbolic_embed.errors import MidiError
from symbolic_embed.score import read

MAKER = Path(__file__).parents[3] / "shared" / "bad_midi" / "make_bad_midi.py"
SLOWEST_SECONDS = 5
UNNOTICEABLE = {
    "meta/timesig_4_pow7": "4/128 is legal, like the 1/128 that is to be accepted",
    "event/stray_data_bytes": "under running status they are two note-offs like any others",
    "fs/no_permission.mid": "the superuser may read it",
}

pytestmark = pytest.mark.skipif(not MAKER.exists(), reason=f"{MAKER} is not on this machine")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """The manifest, and what came of reading each file: a score or a refusal."""
    folder = tmp_path_factory.mktemp("malformed")
    subprocess.run([sys.executable, MAKER, folder], check=True, capture_output=True)
    with open(folder / "manifest.json") as file:
        manifest = json.load(file)
    return [(entry, outcome(os.path.join(os.fsencode(folder), entry["path"].encode("latin-1")))) for entry in manifest]


def outcome(path):
    """The score or the refusal, after checking that it came soon."""
    begun = time.process_time()
    try:
        result = read(os.fsdecode(path))
    except MidiError as refusal:
        result = refusal
    assert time.process_time() - begun < SLOWEST_SECONDS
    return result


def of(corpus, expect):
    chosen = [(entry, result) for entry, result in corpus if entry["expect"] == expect]
    assert len(chosen) == {"accept": 98, "warn": 223, "reject": 90}[expect]
    return chosen


def test_good_files_are_read_without_a_word(corpus):
    assert {entry["id"]: str(result) for entry, result in of(corpus, "accept") if is_refused(result)} == {}
    assert {entry["id"]: result.warnings for entry, result in of(corpus, "accept") if result.warnings} == {}


def test_hopeless_files_are_refused_in_one_line(corpus):
    assert [entry["id"] for entry, result in of(corpus, "reject") if not is_refused(result)] == []
    for _, refusal in of(corpus, "reject"):
        assert "\n" not in str(refusal)
        assert len(refusal.reason) > 20


def test_odd_files_are_never_passed_over_in_silence(corpus):
    silent = {entry["id"] for entry, result in of(corpus, "warn") if not is_refused(result) and not result.warnings}
    assert {name for name in silent if not name.startswith("fuzz/")} <= set(UNNOTICEABLE)
    assert len([name for name in silent if name.startswith("fuzz/")]) <= 5  # a flipped bit in a velocity is a velocity


def test_every_known_number_of_notes_is_found(corpus):
    counted = [(entry, result) for entry, result in corpus if entry["notes"] is not None and not is_refused(result)]
    assert len(counted) > 200
    assert {entry["id"]: result.note_count for entry, result in counted if result.note_count != entry["notes"]} == {}


def is_refused(result):
    return isinstance(result, MidiError)
