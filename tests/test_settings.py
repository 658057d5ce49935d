"""Settings: frozen, exact, written down and read again; what they do not know they refuse."""

import json
from typing import Literal

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError, model_validator

from symbolic_embed.embedding.model import ModelSettings
from symbolic_embed.errors import SettingsError
from symbolic_embed.settings import Settings, refused
from symbolic_embed.training.settings import ComposerTraining, EmbedderTraining


class Inner(Settings):
    size: int = Field(3, ge=1)


class Outer(Settings):
    temperature: float = 1.0
    top_p: float = Field(0.9, gt=0, le=1)
    inner: Inner = Inner()
    names: tuple[str, ...] = Field(("x",), min_length=1)
    loud: bool = False
    kind: Literal["a", "b"] = "a"

    @model_validator(mode="after")
    def _require_quiet(self):
        if self.loud and self.kind == "b":
            raise refused("`loud` goes with `kind` a alone")
        return self


def refusal(make, *arguments, **values):
    with pytest.raises(SettingsError) as caught:
        make(*arguments, **values)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_misspelt_name_is_answered_with_the_nearest():
    assert refusal(Outer, tempature=2) == "Outer has no setting `tempature`; did you mean `temperature`?"
    assert (
        refusal(Outer, zzz=2)
        == "Outer has no setting `zzz`; known are `inner`, `kind`, `loud`, `names`, `temperature`, `top_p`"
    )
    assert refusal(Outer, inner={"sise": 2}) == "Inner has no setting `sise`; did you mean `size`?"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"top_p": 0}, "`top_p` must be above 0, not 0"),
        ({"top_p": 2}, "`top_p` must be at most 1, not 2"),
        ({"temperature": "warm"}, "`temperature` must be a number, not 'warm'"),
        ({"temperature": float("nan")}, "`temperature` must be a finite number, not nan"),
        ({"temperature": True}, "`temperature` must be a number, not True"),
        ({"inner": {"size": 0}}, "`size` must be at least 1, not 0"),
        ({"inner": {"size": 2.5}}, "`size` must be a whole number, not 2.5"),
        ({"inner": {"size": False}}, "`size` must be a whole number, not False"),
        ({"names": ["a", 3]}, "`names` must be text, not 3"),
        ({"names": "abc"}, "`names` must be a list, not 'abc'"),
        ({"names": []}, "`names` must hold at least 1, not []"),
        ({"loud": "perhaps"}, "`loud` must be true or false, not 'perhaps'"),
        ({"kind": "c"}, "`kind` must be 'a' or 'b', not 'c'"),
        ({"kind": "c" * 70}, f"`kind` must be 'a' or 'b', not '{'c' * 56}..."),
        ({"loud": True, "kind": "b"}, "`loud` goes with `kind` a alone"),
    ],
)
def test_an_impossible_value_is_named_with_what_is_possible(values, words):
    assert refusal(Outer, **values) == words


def test_an_error_knows_its_field():
    """The first in backquotes where two do not fit together."""
    for values in ({"top_p": 0}, {"top_p": 1, "tempature": 2}, {"loud": True, "kind": "b"}, {"names": ["a", 3]}):
        with pytest.raises(SettingsError) as caught:
            Outer(**values)
        assert f"`{caught.value.field}`" in str(caught.value)
    assert caught.value.field == "names"


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.int64, np.array, torch.tensor])
def test_numbers_of_other_libraries_become_pythons(kind):
    settings = Outer(temperature=kind(2), inner={"size": kind(2)})
    assert (type(settings.temperature), type(settings.inner.size)) == (float, int)
    assert settings == Outer(temperature=2, inner={"size": 2})
    assert refusal(Outer, temperature=np.bool_(True)).startswith("`temperature` must be a number")
    assert Outer(loud=np.bool_(True)).loud is True


def test_settings_cannot_be_changed_and_are_equal_where_their_values_are():
    settings = Outer(inner={"size": 5})
    with pytest.raises(ValidationError, match="frozen"):
        settings.temperature = 2.0
    with pytest.raises(ValidationError, match="frozen"):
        settings.inner.size = 2
    assert settings == Outer(inner=Inner(size=5))
    assert settings != Outer()
    assert settings != Outer(inner=Inner(size=5), temperature=2)


@given(
    st.builds(
        EmbedderTraining,
        model=st.builds(
            ModelSettings,
            dim=st.integers(8, 4096),
            channels=st.integers(2, 100).map(lambda quarter: 4 * quarter),
            representation=st.sampled_from(["pianoroll", "events"]),
        ),
        minutes=st.floats(0.001, 1e6),
        seed=st.integers(0, 2**40),
        objective=st.sampled_from(["adssm", "adjacency"]),
        averaging=st.floats(0, 1, exclude_max=True),
    )
)
def test_what_a_run_wrote_down_is_what_it_used(tmp_path_factory, settings):
    path = tmp_path_factory.mktemp("settings") / "settings.json"
    path.write_text(settings.to_json(), encoding="utf-8")
    assert EmbedderTraining.from_file(path) == settings


def test_names_left_out_take_their_defaults(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"windows": [4, 8]}')
    assert ComposerTraining.from_file(path) == ComposerTraining(windows=(4, 8))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "no settings to be read (Expecting property name"),
        ("[1]", "settings are a JSON object, this is a list"),
        (json.dumps({"top_p": 3}), "`top_p` must be at most 1, not 3"),
        (json.dumps({"tempature": 1}), "Outer has no setting `tempature`; did you mean `temperature`?"),
    ],
)
def test_a_file_without_settings_is_refused_in_one_line(tmp_path, content, words):
    path = tmp_path / "settings.json"
    path.write_text(content)
    said = refusal(Outer.from_file, path)
    assert words in said
    assert said.startswith(f"{path}: ")


def test_a_file_that_is_not_there(tmp_path):
    path = tmp_path / "gone.json"
    assert refusal(Outer.from_file, path).startswith(f"{path}: no settings to be read (")


@pytest.mark.parametrize(
    "impossible",
    [{"channels": 10}, {"dim": 4}, {"representation": "audio"}],
)
def test_models_that_cannot_be_built_are_refused(impossible):
    """Four heads of attention, for one, need channels in fours."""
    refusal(ModelSettings, **impossible)
