"""The learning rate over a run."""

from pathlib import Path

import pytest

from symbolic_embed.errors import SettingsError
from symbolic_embed.training.settings import EmbedderTraining

HIGHEST = 1e-3


@pytest.mark.parametrize(
    ("batch", "done", "rate"),
    [
        (0, 0.0, HIGHEST / 10),
        (4, 0.1, HIGHEST / 2),
        (9, 0.1, HIGHEST),
        (100, 0.1, HIGHEST),
        (100, 0.5, HIGHEST),
        (100, 0.75, HIGHEST / 2),
        (100, 0.9, HIGHEST / 5),
        (100, 1.0, HIGHEST / 50),
        (4, 0.75, HIGHEST / 4),  # a run so short that it falls while it rises
    ],
)
def test_the_rate_rises_stays_and_falls_in_a_straight_line(batch, done, rate):
    settings = EmbedderTraining(learning_rate=HIGHEST, warmup=10)
    assert settings.rate_at(batch=batch, done=done) == pytest.approx(rate)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"leaning_rate": 1}, "EmbedderTraining has no setting `leaning_rate`; did you mean `learning_rate`?"),
        ({"model": {"contextdim": 8}}, "ModelSettings has no setting `contextdim`; did you mean `context_dim`?"),
        ({"prior": "kl"}, "setting model.bounded: true, but prior kl needs false"),
        ({"model": {"bounded": False}}, "setting model.bounded: false, but prior gaussian needs true"),
        ({"objective": "x"}, "`objective` must be 'adssm', 'adjacency' or 'none', not 'x'"),
    ],
)
def test_what_a_run_does_not_know_it_refuses(values, words):
    with pytest.raises(SettingsError) as caught:
        EmbedderTraining(**values)
    assert str(caught.value) == words


SETTINGS = Path(__file__).parents[2] / "checkpoints" / "settings"


@pytest.mark.parametrize("file", sorted(SETTINGS.glob("*.json")), ids=lambda file: file.name)
def test_settings_that_come_with_the_project_can_be_used(file):
    chosen = EmbedderTraining.from_file(file)
    assert chosen.model.channels > EmbedderTraining().model.channels
    assert EmbedderTraining(**chosen.model_dump()) == chosen
