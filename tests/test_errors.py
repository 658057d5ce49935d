"""The family of errors: as drawn, one line each, with the exit code that the command line promises."""

import inspect
import pickle

import pytest

from symbolic_embed import errors
from symbolic_embed.errors import (
    InputError,
    MidiError,
    MissingComposerError,
    NoNotesError,
    OutputExistsError,
    SettingsError,
    SymbolicEmbedError,
    UsageError,
    printable,
)

FAMILY = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, SymbolicEmbedError)]


def test_the_tree_at_the_head_of_the_file_is_the_family():
    """Every class stands in it, as deep as it descends, under its parent."""
    drawn = [line for line in errors.__doc__.splitlines() if "Error" in line]
    parents: dict[int, str] = {}
    for line in drawn:
        before = line[: line.index(line.strip("│├└─ ").split()[0])]
        name, depth = line.strip("│├└─ ").split()[0], (len(before) - 4) // 4
        kind = getattr(errors, name)
        parents[depth] = name
        assert kind.__mro__[1].__name__ == (parents[depth - 1] if depth else "Exception")
    assert len(drawn) == len(FAMILY)


@pytest.mark.parametrize("kind", FAMILY)
def test_wrong_usage_ends_with_2_everything_else_with_1(kind):
    assert kind.exit_code == (2 if issubclass(kind, UsageError) else 1)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MidiError("song.mid", "no header"), "song.mid: no header"),
        (
            NoNotesError("song.mid"),
            "song.mid: no notes (0 found, 1 needed); `symbolic-embed show` lists what the file has",
        ),
        (OutputExistsError("out.mid"), "out.mid: exists already, nothing was written; `force` overwrites it"),
        (
            MissingComposerError("model"),
            "model holds an embedder but no composer; train one with "
            "`symbolic-embed train composer --checkpoint model --data FOLDER -o DIR`",
        ),
        (
            SettingsError.unknown("tempature", ["temperature", "top_p"], where="compose"),
            "compose has no setting `tempature`; did you mean `temperature`?",
        ),
        (SettingsError.unknown("xyz", ["b", "a"], where="compose"), "compose has no setting `xyz`; known are `a`, `b`"),
    ],
)
def test_messages(error, words):
    assert str(error) == words


@pytest.mark.parametrize("name", ["two\nlines.mid", "bell\a.mid", "no text \udcff.mid", "zero width \u200b.mid"])
def test_a_message_is_one_line_that_any_terminal_shows(name):
    for error in (InputError(name, "bad"), OutputExistsError(name), UsageError(f"{name}: bad"), NoNotesError(name)):
        assert str(error).isprintable()
        str(error).encode("utf-8")
    assert InputError(name, "bad").source == name


def test_a_misspelt_name_is_the_errors_field_and_there_may_be_no_other():
    assert SettingsError.unknown("tempature", ["temperature"], where="compose").field == "tempature"
    assert str(SettingsError.unknown("x", [], where="show")) == "show has no setting `x`; it has none"


def test_printable_escapes_what_cannot_be_shown_and_nothing_else():
    assert printable("Größe 9: naïve, 音楽.mid") == "Größe 9: naïve, 音楽.mid"
    assert printable("a\nb\x1b[31m\udcff") == "a\\nb\\x1b[31m\\udcff"
    assert printable(printable("a\nb")) == printable("a\nb")


def test_an_error_crosses_to_another_process_and_back():
    error = pickle.loads(pickle.dumps(MidiError("song.mid", "no header")))
    assert (type(error), str(error), error.source, error.reason) == (
        MidiError,
        "song.mid: no header",
        "song.mid",
        "no header",
    )
    again = pickle.loads(pickle.dumps(NoNotesError("song.mid")))
    assert (str(again), again.reason) == (str(NoNotesError("song.mid")), NoNotesError("song.mid").reason)
