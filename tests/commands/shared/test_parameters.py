"""A verb's options follow from its request, and what is wrong is said in the command line's words."""

import inspect
from dataclasses import dataclass
from typing import Annotated, get_args

import pytest
import typer
from pydantic import Field
from typer.testing import CliRunner

from symbolic_embed.commands.shared.parameters import taking
from symbolic_embed.commands.shared.words import in_options
from symbolic_embed.errors import InputError, UsageError
from symbolic_embed.requests import ComposeRequest, DrawingRequest, VaryRequest
from symbolic_embed.requests.base import Request
from symbolic_embed.requests.controls import ControlsRequest, PartTemperatureRequest
from symbolic_embed.requests.harmony import HarmonyRequest
from symbolic_embed.requests.scope import GoingOnRequest


class PlayAlongRequest(Request):
    speed: float = Field(1.0, ge=0.5, le=2, description="How fast.")
    random_seed: int = Field(0, ge=0, description="Another seed.")
    max_copied: int | None = Field(None, ge=3, description="At most.")


@dataclass(frozen=True, kw_only=True)
class Extra:
    file: Annotated[str, typer.Argument(metavar="FILE")]
    output: Annotated[str, typer.Option("--output", "-o")] = "here"
    force: Annotated[bool, typer.Option("--force")] = False


def command(body, request=PlayAlongRequest):
    return taking(request, Extra)(body)


def options_of(made):
    """Of each parameter its default and what typer is told of it."""
    parameters = inspect.signature(made).parameters
    return {name: (one.default, get_args(one.annotation)[1]) for name, one in parameters.items()}


def test_fields_of_both_become_parameters_arguments_first():
    made = options_of(command(lambda request, given: None))
    assert list(made) == ["file", "output", "speed", "random_seed", "max_copied", "force"]
    default, speed = made["speed"]
    assert (default, speed.help) == (1.0, "How fast. (0.5 to 2)")
    assert made["random_seed"][1].default == "--seed"
    assert made["max_copied"][1].default == "--max-copied"


def test_a_request_shows_its_own_fields_before_those_it_shares():
    names = list(options_of(command(lambda request, given: None, ComposeRequest)))
    assert names.index("bars") < names.index("temperature") < names.index("random_seed")


def test_the_command_builds_the_request_and_the_rest():
    seen = []
    command(lambda request, given: seen.append((request, given)))(
        file="a.mid", output="there", force=True, speed=2.0, random_seed=5, max_copied=None
    )
    assert seen == [(PlayAlongRequest(speed=2.0, random_seed=5), Extra(file="a.mid", output="there", force=True))]


def test_words_that_are_given_several_times_are_joined():
    seen = []
    made = command(lambda request, given: seen.append(request), VaryRequest)
    given = {name: default for name, (default, _) in options_of(made).items() if default is not inspect.Parameter.empty}
    made(**{**given, "file": "a.mid", "keep": ["melody", "chords,rhythm"], "tracks": "0,Bass", "bars": "2-3"})
    assert seen[0].keep == ("melody", "chords", "rhythm")
    assert (seen[0].tracks, seen[0].bars) == ((0, "Bass"), (1, 2))


class PlayTogetherRequest(GoingOnRequest, HarmonyRequest, ControlsRequest, PartTemperatureRequest, DrawingRequest):
    """All that can be asked of parts, of harmony and of how parts play."""


def test_what_is_asked_of_single_parts_is_said_by_the_option_of_all(tmp_path):
    """Typed as somebody types it: no option of its own for `part_temperature`, `--except`, and chords from a file."""
    seen = []
    app = typer.Typer()
    app.command()(command(lambda request, given: seen.append(request), PlayTogetherRequest))
    (tmp_path / "chords.txt").write_text("Am F")
    words = ["a.mid", "--temperature", "bass=.7,1.1", "--except", "2", "--density", "higher,bass=1"]
    words += ["--range", "C3-C5", "--chords", str(tmp_path / "chords.txt"), "--loop", "drums", "--scale", "D dorian"]
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0
    assert seen[0] == PlayTogetherRequest(
        temperature={"bass": 0.7, None: 1.1},
        except_tracks=[2],
        density={None: "higher", "bass": 1},
        range=(48, 72),
        chords="Am F",
        loop="drums",
        scale="D dorian",
    )
    assert CliRunner().invoke(app, ["a.mid"], catch_exceptions=False).exit_code == 0
    assert seen[1] == PlayTogetherRequest()
    assert not [name for name in options_of(command(print, PlayTogetherRequest)) if name.startswith("part_")]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (UsageError("`random_seed` and `max_copied` do not go together"), "--seed and --max-copied do not go together"),
        (InputError("x.mid", "too long; `force` reads it"), "x.mid: too long; --force reads it"),
        (UsageError("`file` is no file; `symbolic-embed show` tells"), "FILE is no file; `symbolic-embed show` tells"),
        (UsageError("`unheard_of` is not ours"), "`unheard_of` is not ours"),
    ],
)
def test_fields_in_backquotes_are_called_by_their_options(error, said):
    def fails(request, given):
        raise error

    with pytest.raises(type(error)) as caught:
        command(fails)(file="a.mid", output="", force=False, speed=1.0, random_seed=0, max_copied=None)
    assert str(caught.value) == said


def test_what_a_request_refuses_is_said_in_options():
    with pytest.raises(UsageError, match=r"^--max-copied "):
        command(lambda request, given: None)(
            file="a.mid", output="", force=False, speed=1.0, random_seed=0, max_copied=2
        )


def test_where_no_command_runs_fields_stay_fields():
    assert in_options("`force` overwrites it") == "`force` overwrites it"
