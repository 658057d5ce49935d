"""What requests mean, and that nothing is sure that was not understood whole."""

import json

import pytest

from symbolic_embed.requests import ComposeRequest, FillRequest, LiveRequest, VaryRequest
from symbolic_embed.understanding import understand
from symbolic_embed.understanding.classifier import NONE, Classifier, classifier
from symbolic_embed.understanding.examples import EXAMPLES
from symbolic_embed.understanding.reading import read
from symbolic_embed.understanding.understanding import LONGEST, REQUESTS

RIFF = ["riff.mid"]
FILES_FOR = {"blend": ["a.mid", "b.mid"], "groove": ["a.mid", "b.mid"]}
FILES_FOR |= {verb: ["a.mid", "loops/"] for verb in ("rank", "find", "next")}
FILES_FOR |= {verb: ["loops/"] for verb in ("order", "duplicates", "compare", "map")}


@pytest.mark.parametrize(
    ("text", "files", "command"),
    [
        ("four bars more, calmer, keep the bass", RIFF, "compose riff.mid --bars 4 --loop bass --density lower"),
        ("variations on this, drums untouched", RIFF, "vary riff.mid --keep drums"),
        ("which of these is like a.mid", ["loops/"], "rank a.mid loops/"),
        ("play along with me on drums at 90 bpm", [], "live --parts drums --tempo 90"),
        ("spiel mit", [], "live"),
        ("noch 8 Takte, ruhiger", RIFF, "compose riff.mid --density lower"),
        ("第5到8小节重写，鼓不动", RIFF, None),
        ("vary the bass a little and the drums completely", RIFF, "vary riff.mid --change bass=0.2,drums=1"),
        ('vary "Lead Synth"', RIFF, "vary riff.mid --tracks 'Lead Synth'"),
        ("fill bars 5, 7 and 9 with drums", RIFF, "fill riff.mid --bars 5,7,9 --tracks drums"),
        ("vary the first 4 bars", RIFF, "vary riff.mid --bars 1-4"),
        ("harmonise this melody", RIFF, "accompany riff.mid --parts chords"),
        ("make bass.mid groove like drums.mid", ["bass.mid", "drums.mid"], "groove drums.mid --to bass.mid"),
        ("add these to a library called mine", ["loops/"], "library build mine loops/"),
    ],
)
def test_what_it_means(text, files, command):
    understood = understand(text, files)
    assert understood.command == (None if command is None else f"symbolic-embed {command}")


def test_the_request_is_the_verbs_own():
    assert understand("4 bars more", RIFF).request == ComposeRequest(bars=4)
    assert understand("fill bars 5 to 8", RIFF).request == FillRequest(bars="5-8")
    assert understand("3 variations, 20 %", RIFF).request == VaryRequest(count=3, change=0.2)


@pytest.mark.parametrize(("text", "kind"), [("play along with me", "continuing"), ("play this", "static")])
def test_a_single_answer_or_something_that_goes_on(text, kind):
    assert understand(text, RIFF).kind == kind


def test_a_key_is_left_to_who_plays_along():
    understood = understand("play along with me in D minor")
    assert understood.is_sure
    assert understood.request == LiveRequest()
    assert understood.unclear == '"in D minor" is not set: live hears the key that is played'


@pytest.mark.parametrize(
    ("text", "files", "unclear"),
    [
        ("", RIFF, "nothing was said"),
        ("make it louder", RIFF, '"louder"'),
        ("vary the flurb", RIFF, '"flurb"'),
        ("vary it, calmer", RIFF, '"calmer": vary has no such setting'),
        ("don't vary this", RIFF, '"don\'t" beside vary'),
        ("vary it and render it", RIFF, '"vary" beside render'),
        ("4 bars more unless it is good", RIFF, '"unless" beside compose'),
        ("4 bars more and 8 bars more", RIFF, "which of '4 bars more' and '8 bars more'"),
        ("vary this", [], "which file: none was named"),
        ("vary this", ["a.mid", "b.mid"], "which file: a.mid, b.mid"),
        ("fill the gap", RIFF, "which bars are to be filled"),
        ("blend this with the other one", RIFF, "which two files: there are 1"),
        ("which is like this", ["a.mid"], None),
        ("add a guitar", RIFF, '"guitar": accompany has no such setting'),
        ("vary bars 8 to 5", RIFF, "`bars` must be bars such as \"5-8,12\", counted from 1, not '8-5'"),
        ("0 variations", RIFF, "`count` must be at least 1, not 0"),
        ("make a library of these", RIFF, "what the library is called"),
        ("x" * (LONGEST + 1), RIFF, f"a request has at most {LONGEST} letters, this one has {LONGEST + 1}"),
    ],
)
def test_what_is_not_understood_is_said(text, files, unclear):
    understood = understand(text, files)
    assert not understood.is_sure
    assert (understood.request, understood.command, dict(understood.options)) == (None, None, {})
    assert unclear is None or understood.unclear == f"not understood: {unclear}"
    assert "\n" not in understood.unclear


def test_rules_and_classifier_must_agree():
    against = Classifier(["compose", NONE, "vary"], [9.0, 0.0, 0.0], {})
    assert understand("vary this", RIFF).is_sure
    doubted = understand("vary this", RIFF, by=against)
    assert doubted.unclear == "not understood: whether vary is meant, or compose"
    assert not doubted.is_sure


def test_a_verb_that_no_rule_says_is_not_believed():
    """However sure the classifier is."""
    convinced = Classifier(["vary", NONE], [9.0, 0.0], {})
    understood = understand("the drums", RIFF, by=convinced)
    assert not understood.is_sure
    assert understood.nearest == (EXAMPLES["vary"],)


def test_probabilities_are_those_of_a_softmax():
    small = Classifier(["a", "b"], [0.0, 0.0], {"c:VARY": {"1": 2.0}})
    chances = small.probabilities(read("vary"), files=1)
    assert list(chances) == ["b", "a"]
    assert chances["b"] / chances["a"] == pytest.approx(2.718281828**2)


def test_the_classifier_knows_every_verb():
    assert set(classifier().classes) == {*REQUESTS, NONE}


@pytest.mark.parametrize("verb", REQUESTS)
def test_what_is_suggested_is_understood(verb):
    understood = understand(EXAMPLES[verb], FILES_FOR.get(verb, RIFF))
    assert (understood.is_sure, understood.verb) == (True, verb), understood.unclear


def test_as_json_has_it():
    sure = understand("fill bars 5 to 6 with drums", RIFF).as_dict()
    assert json.loads(json.dumps(sure)) == {
        "sure": True,
        "kind": "static",
        "verb": "fill",
        "request": {"tracks": ["drums"], "bars": [4, 5]},
        "options": {"seed_file": "riff.mid"},
        "command": "symbolic-embed fill riff.mid --bars 5-6 --tracks drums",
        "unclear": None,
        "nearest": [],
    }
    assert FillRequest(**sure["request"]) == FillRequest(bars="5-6", tracks="drums")
    unsure = understand("xyzzy", RIFF).as_dict()
    assert (unsure["sure"], unsure["request"], unsure["command"]) == (False, {}, None)
    assert unsure["nearest"]


def test_what_is_to_go_is_not_taken_for_what_is_to_stay():
    assert not understand("vary it, drop the drums", RIFF).is_sure
    assert not understand("Variation, Schlagzeug weglassen", RIFF).is_sure
    assert understand("12 bars more, leave out the drums", RIFF).command == (
        "symbolic-embed compose riff.mid --bars 12 --except drums"
    )


def test_what_says_nothing_of_one_file_is_asked_of_the_library():
    for words, verb in (("show me the map", "map"), ("find duplicates", "duplicates")):
        assert understand(words, RIFF, ["lib"]).command == f"symbolic-embed {verb} --library lib"
        assert "riff.mid alone" in understand(words, RIFF).unclear


def test_a_selection_fills_what_was_not_said():
    assert understand("fill this", RIFF, selected={"bars": "5-6"}).command == "symbolic-embed fill riff.mid --bars 5-6"
