"""What lies in a run's folder: a state that comes back, a damaged one refused, curves whose columns grow."""

import csv

import pytest
import torch

from symbolic_embed.errors import CheckpointError
from symbolic_embed.training.run_files import CURVES, STATE, append_losses, save_progress, saved_progress


def test_a_state_comes_back_and_where_there_is_none_there_is_none(tmp_path):
    assert saved_progress(tmp_path) is None
    save_progress(tmp_path / "run", {"module": {"weights": torch.arange(3)}, "batches": 7, "history": [0.5]})
    state = saved_progress(tmp_path / "run")
    assert (state["batches"], state["history"]) == (7, [0.5])
    assert state["module"]["weights"].tolist() == [0, 1, 2]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no state"])
def test_a_damaged_state_is_refused_in_one_line(tmp_path, content):
    (tmp_path / STATE).write_bytes(content)
    with pytest.raises(CheckpointError) as caught:
        saved_progress(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / STATE}: damaged (")
    assert str(caught.value).endswith("; delete it to start anew")


class Harmful:
    """What a pickle can do when it is loaded."""

    def __reduce__(self):
        return open, ("harmed", "w")


def test_a_state_can_run_no_code(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch.save({"module": Harmful()}, tmp_path / STATE)
    with pytest.raises(CheckpointError, match="damaged"):
        saved_progress(tmp_path)
    assert not (tmp_path / "harmed").exists()


def test_curves_grow_by_lines_and_by_columns(tmp_path):
    append_losses(tmp_path, {"batch": 2, "phase_one": 0.25})
    append_losses(tmp_path, {"batch": 4, "phase_one": 1 / 3, "fooling": 0.125})
    append_losses(tmp_path, {"batch": 6, "phase_one": 0.5})
    assert (tmp_path / CURVES).read_text() == ("batch,phase_one,fooling\n2,0.25,\n4,0.333333,0.125\n6,0.5,\n")
    with open(tmp_path / CURVES, newline="") as file:
        assert [row["fooling"] for row in csv.DictReader(file)] == ["", "0.125", ""]
