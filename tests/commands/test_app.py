"""The command itself: help without weight, and every way it can end."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import run

from symbolic_embed.commands import app
from symbolic_embed.errors import MissingComposerError, OutputExistsError, UsageError

CLONE = Path(__file__).parents[2]
HEAVY = {"torch", "numpy", "miditok", "symusic", "pytorch_lightning", "lightning", "matplotlib", "scipy"}
HEAVY |= {"music21", "mido", "pretty_midi"}
LOADED = "import sys, json; print(json.dumps([sorted(sys.modules), __import__('time').process_time()]))"


def loaded_by(code):
    """The modules that a fresh interpreter has loaded after some code, and the seconds of CPU it took."""
    ran = subprocess.run([sys.executable, "-c", f"{code}\n{LOADED}"], cwd=CLONE, capture_output=True, check=True)
    modules, seconds = json.loads(ran.stdout.splitlines()[-1])
    return {name.partition(".")[0] for name in modules}, seconds


HELP = """
import contextlib, io
from symbolic_embed.commands.app import app
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
    app(["--help"], prog_name="symbolic-embed")
"""


def test_help_is_light():
    modules, seconds = loaded_by(HELP)
    assert "typer" in modules
    assert not modules & HEAVY
    assert seconds < 0.3


@pytest.mark.parametrize("verb", app.VERBS)
def test_help_of_a_verb_loads_no_networks(verb):
    modules, _ = loaded_by(HELP.replace('"--help"', f'"{verb}", "--help"'))
    assert not modules & (HEAVY - {"numpy", "symusic"})


def test_importing_the_package_is_light():
    modules, _ = loaded_by("import symbolic_embed")
    assert not modules & HEAVY


def test_scores_and_bars_load_no_networks():
    modules, _ = loaded_by("import symbolic_embed.score, symbolic_embed.bars, symbolic_embed.notation.objects")
    assert not modules & (HEAVY - {"numpy", "symusic"})


def test_help_lists_every_verb_with_what_it_does():
    for arguments in (["--help"], ["-h"]):
        ran = run(*arguments)
        assert ran.code == 0
        for verb, summary in app.VERBS.items():
            assert re.search(rf"^  {verb} +{re.escape(summary)}$", ran.text, re.MULTILINE)


@pytest.mark.parametrize("verb", app.VERBS)
def test_every_verb_explains_itself(verb):
    ran = run(verb, "--help")
    assert ran.code == 0
    assert ran.text.startswith(f"Usage: symbolic-embed {verb} ")


def test_version():
    ran = run("--version")
    assert ran.code == 0
    assert re.fullmatch(r"symbolic-embed \d\S*\n", ran.text)


def test_a_clone_runs_it_too():
    ran = subprocess.run([sys.executable, "cli.py", "--version"], cwd=CLONE, capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("symbolic-embed ")


def test_a_misspelt_verb_is_guessed():
    ran = run("compar")
    assert ran.code == 2
    assert ran.out == b""
    assert ran.err_lines[-1] == "Error: there is no command 'compar'; did you mean compare?"


def test_a_verb_unlike_any_gets_the_list():
    assert "there are show, " in run("xyzzy").err_lines[-1]


@pytest.mark.parametrize("arguments", [["show"], ["show", "a.mid", "--bogus"], ["rank", "a.mid", "b", "--metric", "x"]])
def test_wrong_usage_ends_with_2(arguments):
    ran = run(*arguments)
    assert ran.code == 2
    assert ran.out == b""
    assert "error: " in ran.err.lower()


@pytest.mark.parametrize(
    ("problem", "code", "line"),
    [
        (OutputExistsError("x.npz"), 1, "error: x.npz: exists already, nothing was written; `force` overwrites it\n"),
        (UsageError("no"), 2, "error: no\n"),
        (MissingComposerError("model"), 2, None),
        (KeyboardInterrupt(), 130, "interrupted\n"),
        (BrokenPipeError(), 1, ""),
        (PermissionError(13, "Permission denied", "/root/x"), 1, "error: /root/x: Permission denied\n"),
        (OSError(28, "No space left on device"), 1, "error: No space left on device\n"),
    ],
)
def test_every_end_has_its_code_and_its_line(monkeypatch, problem, code, line):
    def show(file: str) -> None:
        raise problem

    monkeypatch.setattr("symbolic_embed.commands.verbs.show.show", show)
    ran = run("show", "x.mid")
    assert ran.code == code
    assert ran.err.count("\n") <= 1
    assert line is None or ran.err == line


def test_a_fault_of_ours_is_not_hidden(monkeypatch):
    def show(file: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("symbolic_embed.commands.verbs.show.show", show)
    with pytest.raises(ZeroDivisionError):
        run("show", "x.mid")


TALKATIVE = """
from symbolic_embed.commands import app
from symbolic_embed.commands.shared import outputs
from symbolic_embed.commands.verbs import show

def talk(file: str) -> None:
    outputs.say("x" * 10**6)

show.show = talk
app.main()
"""


@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise there")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_whoever_reads_our_output_may_leave(unbuffered):
    """As in `symbolic-embed ... | head -1`; with PYTHONUNBUFFERED a large write would else be cut short in silence."""
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    command = [sys.executable, "-c", TALKATIVE, "show", "x.mid"]
    ran = subprocess.run(command, cwd=CLONE, env=environment, capture_output=True, check=True)
    assert ran.stdout == b"x" * 10**6
    with subprocess.Popen(command, cwd=CLONE, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as left:
        left.stdout.read(1)
        left.stdout.close()
        assert left.stderr.read() == b""
        assert left.wait() == 1


@pytest.mark.parametrize(
    ("typed", "place", "offered"),
    [("symbolic-embed com", "1", {"compose", "compare"}), ("symbolic-embed rank --me", "2", {"--metric"})],
)
def test_the_shell_completes_verbs_and_their_options(typed, place, offered):
    """What `--install-completion` puts into bash asks the command itself, in the words of these variables."""
    code = "import sys; from symbolic_embed.commands.app import main; sys.argv = ['symbolic-embed']; main()"
    asked = {"_SYMBOLIC_EMBED_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": place}
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=CLONE,
        env={**os.environ, **asked},
        capture_output=True,
        check=False,
        text=True,
    )
    assert set(ran.stdout.split()) == offered, ran.stderr
