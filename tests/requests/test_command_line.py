"""A request as it would be typed is a command that asks for the same."""

import shlex

import pytest
from typer.main import get_command

from symbolic_embed.commands.app import app
from symbolic_embed.commands.shared import parameters
from symbolic_embed.requests import (
    AccompanyRequest,
    BlendRequest,
    BuildLibraryRequest,
    ComposeRequest,
    DuplicatesRequest,
    FillRequest,
    GrooveRequest,
    LiveRequest,
    RankRequest,
    ShowRequest,
    VaryRequest,
)
from symbolic_embed.requests.command_line import ARGUMENTS, OF_COMMANDS, VERBS, command_line, command_words, told

ASKED = [
    (VaryRequest(), {"seed_file": "riff.mid"}),
    (VaryRequest(bars="5-8,12", keep=["drums", "rhythm"], count=3, change=0.25), {"seed_file": "my riff.mid"}),
    (VaryRequest(change="bass=.1,.3", bars="1-4,drums=5-8", except_tracks="0,Lead Synth"), {"seed_file": "riff.mid"}),
    (VaryRequest(strength={"bass": 0.5}, roles={"2": "drums", "Lead": "melody"}), {"seed_file": "riff.mid"}),
    (ComposeRequest(bars=4, density="lower,bass=1.5", range="C3-C5", loop="bass"), {"seed_file": "riff.mid"}),
    (ComposeRequest(temperature="bass=.7,1.1", chords="Am F | C G", scale="D dorian", alone=True, form="ABA'"), {}),
    (ComposeRequest(keep=3, takes=12, random_seed=7, ending=True, humanise=0.7), {"output": "out", "notation": True}),
    (
        FillRequest(bars="2", tracks="drums", note_length={"bass": "higher"}, range="12"),
        {"plot": True, "page": "x.html"},
    ),
    (BlendRequest(steps=5, to_key=True, to_tempo=True), {"first": "a.mid", "second": "b.mid"}),
    (AccompanyRequest(parts="bass,drums", max_copied=20), {"seed_file": "-"}),
    (GrooveRequest(amount=1, tracks="0"), {"source": "a.mid", "to": "b.mid"}),
    (LiveRequest(parts="drums", tempo=93.5, metre="7/8", perturb="far", toward="calmer"), {"input": "a", "out": "b"}),
    (
        RankRequest(top=5, where='bars>8 key="A minor"', weights="harmony=.5,rhythm=2"),
        {"query": "a", "inputs": ["x", "y"]},
    ),
    (RankRequest(why=True, by="rhythm", transpose=True), {"query": "a.mid", "library": "lib", "format": "json"}),
    (DuplicatesRequest(passages=True, shortest=8, within=0.2), {"inputs": ["songs"]}),
    (BuildLibraryRequest(prune=True, shard="1/4"), {"place": "lib", "inputs": ["songs", "more songs"]}),
    (ShowRequest(), {"inputs": ["-x.mid"], "format": "json"}),
]


def command_of(verb):
    """The command of a verb."""
    first, *rest = VERBS.get(verb, (verb,))
    command = get_command(app).resolve_command(None, [first])[1]
    return command.get_command(None, rest[0]) if rest else command


def parsed(request, options):
    """The request and the options that the command's own parser makes of the line."""
    words = command_words(request, options)[len(VERBS.get(request.verb(), (1,))) :]
    if "seed_file" in ARGUMENTS[request.verb()] and "seed_file" not in options:
        words.append("given.mid")
    values = command_of(request.verb()).make_context("x", words).params
    fields = {
        name: parameters._plain(name, value) for name, value in values.items() if name in type(request).model_fields
    }
    others = {name: values[name] for name in options}
    return type(request)(**{name: value for name, value in fields.items() if value is not None}), others


@pytest.mark.parametrize(("request_", "options"), ASKED, ids=lambda value: getattr(value, "verb", lambda: "")())
def test_the_line_asks_for_the_same(request_, options):
    again, others = parsed(request_, options)
    assert again == request_
    assert {
        name: value if isinstance(value, list) or value is True else str(value) for name, value in others.items()
    } == options


@pytest.mark.parametrize(("request_", "options"), ASKED, ids=lambda value: getattr(value, "verb", lambda: "")())
def test_what_is_told_makes_the_same_request(request_, options):
    assert type(request_)(**told(request_)) == request_


def test_the_line_is_quoted_for_a_shell():
    line = command_line(VaryRequest(keep="Lead Synth"), {"seed_file": "my riff.mid"})
    assert shlex.split(line) == ["symbolic-embed", "vary", "my riff.mid", "--keep", "Lead Synth"]


@pytest.mark.parametrize("verb", sorted(ARGUMENTS))
def test_arguments_and_options_are_called_as_the_command_has_them(verb):
    for parameter in command_of(verb).params:
        if parameter.param_type_name == "option" and parameter.name in OF_COMMANDS:
            assert OF_COMMANDS[parameter.name] in parameter.opts
    arguments = [one.name for one in command_of(verb).params if one.param_type_name == "argument"]
    assert sorted(arguments) == sorted(ARGUMENTS[verb])
