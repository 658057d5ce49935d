"""A request as the command line that means it: read again, it is the same request."""

import shlex

import pytest
import typer
from typer.testing import CliRunner

from symbolic_embed.commands.remote.fields import kinds, options_of
from symbolic_embed.commands.remote.offered import OFFERED, offered, page_of
from symbolic_embed.commands.remote.spelling import command_line
from symbolic_embed.commands.shared import parameters
from symbolic_embed.requests import (
    AccompanyRequest,
    BlendRequest,
    ComposeRequest,
    DuplicatesRequest,
    FillRequest,
    MapRequest,
    RankRequest,
    ShowRequest,
    VaryRequest,
)

CASES = [
    (ComposeRequest(), {"seed_file": "a.mid"}),
    (ComposeRequest(bars=3, temperature="bass=.5,1.2", roles={"Kit": "drums", 2: "bass"}), {"seed_file": "a b.mid"}),
    (ComposeRequest(chords="Am | F G", scale="D dorian", alone=True), {"seed_file": "-x.mid", "output": "o"}),
    (ComposeRequest(density={"bass": 2, None: "lower"}, range={None: (48, 72)}), {"seed_file": "a.mid"}),
    (VaryRequest(tracks=[0, "bass"], bars="1-4,9", keep=["melody", "bass"]), {"seed_file": "a.mid", "diff": True}),
    (VaryRequest(strength={"bass": 0.1, None: 0.4}, bars="2-3,drums=1-4,8"), {"seed_file": "a.mid"}),
    (VaryRequest(change={"bass": 0.1}), {"seed_file": "a.mid"}),
    (FillRequest(bars="5-8"), {"seed_file": "a.mid"}),
    (BlendRequest(steps=5, to_key=True), {"first": "a.mid", "second": "b.mid"}),
    (AccompanyRequest(parts=["bass", "drums"]), {"seed_file": "a.mid"}),
    (RankRequest(weights={"harmony": 0.5, "rhythm": 2}, top=3, why=True), {"query": "a.mid", "inputs": ["b", "c"]}),
    (RankRequest(where="metre=3/4"), {"query": "a.mid", "library": "lib", "format": "json"}),
    (DuplicatesRequest(passages=True, shortest=8), {"inputs": ["loops"]}),
    (MapRequest(heard=4), {"inputs": ["loops"], "output": "m.html", "blend": ("a.mid", "b.mid")}),
    (ShowRequest(), {"inputs": ["a.mid"], "plot": "a.png"}),
]


@pytest.mark.parametrize(("request_", "options"), CASES)
def test_what_is_typed_means_the_request(request_, options, monkeypatch):
    verb = type(request_).verb()
    page = page_of(verb)
    given = options_of(page.options, options)
    line = command_line(verb, page, request_, given)
    heard = []

    @parameters.taking(page.request, page.options)
    def listening(wish: object, beside: object) -> None:
        heard.append((wish, beside))

    app = typer.Typer()
    app.command()(listening)
    words = shlex.split(line)
    assert words[:2] == ["symbolic-embed", verb]
    result = CliRunner().invoke(app, words[2:])
    assert result.exit_code == 0, result.output
    assert heard == [(request_, given)]


def test_each_option_of_each_verb_may_come_from_elsewhere_or_may_not():
    for verb in OFFERED:
        assert kinds(page_of(verb).options)


def test_what_is_offered_takes_no_path_of_the_server():
    for verb in offered().values():
        assert not {"checkpoint", "at", "force", "jobs", "cache", "append"} & verb.options.model_fields.keys()
