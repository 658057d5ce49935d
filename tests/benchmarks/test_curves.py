"""Curves: every run a line in every plot, also where a loss was not computed, or not from the beginning."""

import subprocess
import sys
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import curves


def test_each_loss_has_the_points_that_were_computed(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "curves.csv").write_text("batch,minutes,context_cells,fooling\n500,2.5,3.5,\n1000,5.0,2.25,0.75\n")
    found = curves.curves(tmp_path)
    assert found["context_cells"] == [(500, 3.5), (1000, 2.25)]
    assert found["fooling"] == [(1000, 0.75)]
    assert found["reconstruction"] == []
    figure = curves.drawn({"first": found, "second": {loss: [(1, 1.0)] for loss in curves.LOSSES}})
    assert [plot.get_title() for plot in figure.axes] == list(curves.LOSSES.values())
    lines = {plot.get_title(): [len(line.get_xdata()) for line in plot.lines] for plot in figure.axes}
    assert lines["what follows a cell"] == [2, 1]
    assert lines["notes written back"] == [0, 1]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["first", "second"]


def test_the_command_draws_a_picture(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "curves.csv").write_text("batch,minutes,context_cells\n500,2.5,3.5\n1000,5.0,2.25\n")
    command = [sys.executable, curves.__file__, f"a run={tmp_path}", "-o", tmp_path / "curves.png"]
    subprocess.run(command, check=True)
    with Image.open(tmp_path / "curves.png") as picture:
        assert picture.size == (int(curves.WIDTH * curves.DOTS), int(curves.HEIGHT * curves.DOTS))


def test_of_passage_encoders_there_are_the_losses_of_either_vector(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "curves.csv").write_text("batch,minutes,turning_8_bars,blind_8_bars\n100,2.5,3.5,4\n")
    figure = curves.drawn({"one": curves.curves(tmp_path)}, curves.PASSAGES)
    lines = {plot.get_title(): [len(line.get_xdata()) for line in plot.lines] for plot in figure.axes}
    assert lines["turning, 8 bars"] == lines["blind, 8 bars"] == [1]
    assert lines["turning, 2 bars"] == [0]
