"""The process that reads notation, here in the same process: requests in, answers out."""

import io
import json
import sys

import pytest
import sheets

from symbolic_embed.notation.reading import worker
from symbolic_embed.score import read_bytes
from symbolic_embed.workers.frames import READY, read_frame, write_frame

TUNE = sheets.tune("{g}CDEF|").encode()
ASKED = {"kind": "abc", "source": "t.abc", "seconds": 100, "memory": 1 << 34}


@pytest.fixture(autouse=True)
def _limits_are_only_told(monkeypatch):
    """The limits would be those of the tests."""
    monkeypatch.setattr(worker, "limit", lambda **_: None)


def test_files_are_answered_one_after_the_other():
    requests, answers = io.BytesIO(), io.BytesIO()
    for source, data in (("t.abc", TUNE), ("none.abc", b"X:1\nK:C\n")):
        write_frame(requests, json.dumps({**ASKED, "source": source}).encode())
        write_frame(requests, data)
    requests.seek(0)
    worker.serve(requests, answers)
    answers.seek(0)
    assert read_frame(answers) == READY
    assert json.loads(read_frame(answers)) == {
        "refused": None,
        "warnings": [["grace-notes", "grace notes were left out", 1]],
    }
    assert read_bytes(read_frame(answers)).note_count == 4
    assert json.loads(read_frame(answers))["refused"].startswith("ABC without a note")
    assert (read_frame(answers), read_frame(answers)) == (b"", None)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (MemoryError(), "takes more than 17.2 GB of memory to read; is it music?"),
        (
            ZeroDivisionError("by 0"),
            "cannot be read (ZeroDivisionError: by 0); is it damaged? if not, export it as MIDI",
        ),
        (RecursionError(), "cannot be read (RecursionError: ); is it damaged? if not, export it as MIDI"),
    ],
)
def test_whatever_a_reader_raises_is_a_line(monkeypatch, fault, reason):
    def raising(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(worker, "sheet_of", raising)
    assert worker.answered(ASKED, TUNE) == ({"refused": reason, "warnings": []}, b"")


def test_limits_are_set_for_each_file_and_lifted_after(monkeypatch):
    told = []
    monkeypatch.setattr(worker, "limit", lambda **limits: told.append(limits))
    worker.answered(ASKED, TUNE)
    assert told == [{"seconds": 100, "memory": 1 << 34}, {"seconds": float("inf"), "memory": -1}]


def test_a_request_cut_short_ends_it():
    answers = io.BytesIO()
    worker.serve(io.BytesIO(b"\0\0\0\2{}\0\0\0\5ab"), answers)
    assert answers.getvalue() == b"\0\0\0\5" + READY


def test_a_system_without_limits_has_none(monkeypatch):
    monkeypatch.undo()
    monkeypatch.setitem(sys.modules, "resource", None)
    worker.limit(seconds=1, memory=1)
