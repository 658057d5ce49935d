"""A text as marks: its language, its files, keys and chords, and what is not understood."""

import pytest

from symbolic_embed.understanding.reading import read
from symbolic_embed.understanding.row import Row
from symbolic_embed.understanding.standing import standing_for


def marks(text, **given):
    return [(mark.name, mark.value) for mark in read(text, **given).marks]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("please continue this", "english"),
        ("bitte weiter", "german"),
        ("请继续", "chinese"),
        ("mach 3 Variationen", "german"),
    ],
)
def test_the_language_is_the_one_with_the_fewest_unknown_words(text, language):
    assert read(text).language == language


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("in D dorian", "D dorian"),
        ("in a minor", "A minor"),
        ("in C# minor", "C# minor"),
        ("in B flat major", "Bb major"),
        ("in f sharp minor", "F# minor"),
        ("in h-Moll", "B minor"),
        ("in cis-Moll", "C# minor"),
        ("in Es-Dur", "Eb major"),
        ("用A小调", "A minor"),
    ],
)
def test_keys(text, key):
    assert ("KEY", key) in marks(text)


def test_a_lower_case_a_before_no_mode_is_no_key():
    assert "KEY" not in [name for name, _ in marks("a calmer version")]


def test_chords_are_written_large_and_are_at_least_two():
    assert marks("over Am F C G") == [("ON", None), ("CHORDS", "Am F C G")]
    assert "CHORDS" not in [name for name, _ in marks("A melody")]
    assert "CHORDS" not in [name for name, _ in marks("in A D minor")]


def test_files_are_known_by_name_by_stem_and_as_letters_in_pairs():
    files = ["songs/greensleeves.mid", "b.mid"]
    assert ("FILE", files[0]) in marks("vary greensleeves.mid", files=files)
    assert ("FILE", files[0]) in marks("vary greensleeves", files=files)
    assert ("FILE", "other.mid") in marks("vary other.mid", files=files)
    assert marks("between a and b", files=["a.mid", "b.mid"]) == [
        ("BETWEEN", None),
        ("FILE", "a.mid"),
        ("AND", None),
        ("FILE", "b.mid"),
    ]
    assert "FILE" not in [name for name, _ in marks("vary a bit", files=["a.mid"])]


def test_a_file_called_as_a_part_is_the_part_without_its_ending():
    assert marks("vary the drums", files=["drums.mid"])[-1] == ("PART.drums", "drums")
    assert marks("vary drums.mid", files=["drums.mid"])[-1] == ("FILE", "drums.mid")


def test_a_library_stands_beside_that_word():
    assert ("LIB", "jazz") in marks("in my jazz library", libraries=["jazz"])
    assert ("LIB", "sets/jazz") in marks("in the library jazz", libraries=["sets/jazz"])
    assert "LIB" not in [name for name, _ in marks("in jazz style", libraries=["jazz"])]


@pytest.mark.parametrize("text", ["3 varaitions", "3 variatons", "3 variattions", "3 variarions"])
def test_a_letter_off_is_guessed(text):
    assert marks(text) == [("NUM", 3.0), ("VARIATION", None)]


@pytest.mark.parametrize("text", ["xyzzy", "vary the flurb", "keep the bazz"])
def test_other_words_are_not_understood(text):
    assert read(text).unknown


def test_a_word_that_turns_the_meaning_round_is_never_guessed():
    assert read("vary withoutt drums").unknown == ["withoutt"]


def test_ordinals_stand_for_files_and_numbers_for_tracks():
    files = ["a.mid", "b.mid"]
    said = standing_for(read("the first to the second", files=files).marks, files)
    assert [mark.value for mark in said if mark.concept == "FILE"] == files
    counted = standing_for(read("the first 5", files=files).marks, files)
    assert [mark.concept for mark in counted] == ["TOP", "NUM"]
    tracks = standing_for(read("vary track 2 and 3").marks, ())
    assert [mark.value for mark in tracks if mark.concept == "PART"] == ["2", "3"]


def test_what_a_rule_has_taken_is_gone():
    row = Row(read("keep the bass, vary the drums").marks)
    [found] = row.take("KEEP <PARTS>")
    assert found.text == "keep bass"
    assert [mark.name for mark in row.left] == ["COMMA", "VARY", "PART.drums"]
    assert row.find("KEEP") is None
