"""The tables of words, and the rules that read them: neither knows a concept that the other does not."""

import re

import pytest

from symbolic_embed.understanding import rules, verbs
from symbolic_embed.understanding.lexicon import LANGUAGES, atoms_of, lexicon
from symbolic_embed.understanding.numerals import number_at
from symbolic_embed.understanding.reading import FILLER, SIGNS
from symbolic_embed.understanding.row import WORDS

OF_SIGNS = {"NAME", "FILE", "LIB", "METRE", "CHORDS", "FORMLETTERS", "KEY", "NUM"}  # which `signs`, `reading` find
REFUSED = {"COND", "BEFORE", "THAN", "SWAP", "UNSUPPORTED"}  # where they stand nothing is sure


def said_in_tables():
    """The concepts that words can stand for."""
    return {meant.concept for name in LANGUAGES for meant in lexicon(name).meanings.values()} | set(SIGNS.values())


def named_in_rules():
    """The concepts that rules and verbs read."""
    own = [word for words in verbs.OWN.values() for word in words]
    patterns = [rule.pattern for rule in rules.RULES] + [signs.pattern for signs in verbs.SIGNS]
    texts = [*patterns, *own, *verbs.LIGHT, *WORDS.values()]
    return {word for text in texts for word in re.findall("[A-Z]{2,}", text)} - (WORDS.keys() - {"PART"})


def test_rules_name_only_what_can_be_said():
    assert named_in_rules() - said_in_tables() - OF_SIGNS == set()


def test_what_can_be_said_is_read_or_refused():
    assert said_in_tables() - named_in_rules() - {FILLER} == REFUSED


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_phrase_is_read(language):
    table = lexicon(language)
    for atoms, meant in table.meanings.items():
        assert table.longest_at(atoms) == (len(atoms), meant)
    assert table.longest_at(("xyzzy",)) is None


@pytest.mark.parametrize(
    ("language", "said", "value"),
    [
        ("english", "seven", 7),
        ("english", "nineteen bars", 19),
        ("english", "thirty-two", 32),
        ("english", "forty five bars", 45),
        ("english", "one hundred and twenty", 120),
        ("english", "two hundred", 200),
        ("english", "0.5", 0.5),
        ("english", ".25", 0.25),
        ("german", "zwölf", 12),
        ("german", "sechzehn", 16),
        ("german", "zweiunddreißig", 32),
        ("german", "einundzwanzig", 21),
        ("chinese", "八", 8),
        ("chinese", "十", 10),
        ("chinese", "十六", 16),
        ("chinese", "三十二小节", 32),
        ("chinese", "一百二十", 120),
        ("chinese", "两", 2),
    ],
)
def test_numbers_in_words(language, said, value):
    assert number_at(atoms_of(said), language)[1] == value


@pytest.mark.parametrize(("language", "said"), [("english", "bars"), ("german", "Takte"), ("chinese", "小节")])
def test_what_is_no_number(language, said):
    assert number_at(atoms_of(said), language) is None
