"""What new music is held to: chords, scale, loops, rests, an ending, temperatures, and how parts shall play."""

from __future__ import annotations

import numpy as np
import pytest
from composers import deciding, opened, tiny_composer
from looping_music import pop

from symbolic_embed.bars.patterns.measures import nothing_played, played_in
from symbolic_embed.composing.context import writing_order
from symbolic_embed.composing.controls import Wishes
from symbolic_embed.composing.ensemble import Ensemble
from symbolic_embed.composing.guidance import FREE, Guidance, guidance_of, temperatures_of, within
from symbolic_embed.composing.looping import looped
from symbolic_embed.composing.memory import FORM_TEMPERATURE
from symbolic_embed.encodings.note_rows import FIRST_DRUM, PITCH_TOKENS
from symbolic_embed.errors import UsageError
from symbolic_embed.networks.choosing import Choice
from symbolic_embed.requests import ComposeRequest

KEYS, LOW, KIT = range(3)
BAND = pop(turns=2)
ORDER = writing_order(BAND.roles)
C_MAJOR, LYDIAN = {0, 2, 4, 5, 7, 9, 11}, {0, 2, 4, 6, 7, 9, 11}


def written(
    guidance: Guidance,
    *,
    bars: int = 4,
    seed: int = 0,
    variations: int = 1,
    returns: bool | None = False,
    temperature: float = 1.0,
):
    """What a composer of random weights, whose parts all play, writes after the band: for each variation the cells of
    each part, bar by bar."""
    trained = deciding(opened(tiny_composer(seed=seed)), returns=returns, plays=True)
    ensemble = Ensemble.after(trained, BAND, order=ORDER, variations=variations).guided(guidance)
    choice = Choice(temperature, 1.0, np.random.default_rng(seed))
    for bar in range(bars):
        ensemble.write_window(start=48 * (BAND.bars + bar), steps=48, choice=choice)
    windows = [ensemble.sheet.played_in(bar) for bar in range(bars)]
    return [
        [[window[variation][ORDER.index(part)] for window in windows] for part in (KEYS, LOW, KIT)]
        for variation in range(variations)
    ]


def asked(*, bars: int = 4, **fields) -> Guidance:
    return guidance_of(BAND, ComposeRequest(bars=bars, **fields))


def as_lists(pieces) -> list:
    return [[[cell.tolist() for cell in cells] for cells in parts] for parts in pieces]


@pytest.mark.parametrize("returns", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_only_tones_of_chords_that_were_named_begin_and_the_bass_has_their_root(seed, returns):
    ((keys, low, _),) = written(asked(chords="Dm Em | F"), seed=seed, returns=returns)
    tones = [({2, 5, 9}, {4, 7, 11}), ({5, 9, 0}, {5, 9, 0})] * 2
    for cells in (keys, low):
        for cell, halves in zip(cells, tones, strict=True):
            assert len(cell)
            assert all(int(pitch) % 12 in halves[int(onset >= 24)] for onset, pitch, _ in cell)
    for cell, roots in zip(low, [{0: 2, 24: 4}, {0: 5}] * 2, strict=True):
        for onset, pitch, _ in cell.tolist():
            assert onset not in roots or pitch % 12 == roots[onset]


def test_a_scale_that_was_named_is_kept_to_and_so_is_that_of_the_seed():
    for scale, classes in (("C lydian", LYDIAN), (None, C_MAJOR)):
        ((keys, low, _),) = written(asked(chords="free", scale=scale), returns=False)
        pitches = {int(pitch) % 12 for cell in (*keys, *low) for pitch in cell[:, 1]}
        assert pitches <= classes
    ((keys, low, _),) = written(asked(chords="free", scale="free"))
    assert not {int(pitch) % 12 for cell in (*keys, *low) for pitch in cell[:, 1]} <= C_MAJOR


def test_parts_that_loop_go_on_exactly_and_those_that_rest_are_silent():
    request = ComposeRequest(bars=5)
    guidance = guidance_of(BAND, request, chosen=frozenset({KEYS}), looping=frozenset({LOW}))
    ((keys, low, kit),) = written(guidance, bars=5)
    assert all(len(cell) for cell in keys)
    assert [cell.tolist() for cell in low] == [bar[0].tolist() for bar in looped(BAND, LOW, 5)]
    assert [len(cell) for cell in kit] == [0] * 5


def test_an_ending_closes_on_the_tonic():
    """The band is in C: a dominant in the last half bar, then C, held to the end by all."""
    ((keys, low, kit),) = written(asked(ending=True))
    assert {int(pitch) % 12 for pitch in keys[-1][:, 1]} <= {0, 4, 7}
    assert [int(pitch) % 12 for pitch in low[-1][:, 1]] == [0]
    assert (np.concatenate([keys[-1], low[-1]])[:, [0, 2]] == [0, 48]).all()
    assert kit[-1][:, 1].tolist() == [FIRST_DRUM + 36]
    late = keys[-2][keys[-2][:, 0] >= 24]
    assert {int(pitch) % 12 for pitch in late[:, 1]} <= {7, 11, 2, 5}


def test_where_nothing_is_asked_for_nothing_changes():
    """Byte for byte what a composer writes that is held to nothing; nor do wishes that ask for nothing draw more."""
    free = as_lists(written(FREE, variations=2, returns=None))
    nothing = Guidance(wishes=(Wishes(),) * 3)
    assert as_lists(written(nothing, variations=2, returns=None)) == free
    assert asked().wishes == ()
    assert asked().leaning(0, [nothing_played()]) is None


@pytest.mark.parametrize("returns", [False, True])
@pytest.mark.parametrize(
    ("field", "few", "many"),
    [("density", 0.5, 3.0), ("polyphony", 1.0, 3.0), ("note_length", 0.5, 3.0), ("pitch", "40-60", "70-90")],
)
def test_parts_come_to_what_is_asked_of_them_and_others_play_on(field, few, many, returns):
    name = "range" if field == "pitch" else field
    found = []
    for value in (few, many):
        guidance = asked(bars=8, **{name: {"keys": value}})
        ((keys, _, _),) = written(guidance, bars=8, returns=returns)
        in_piece = [np.add(cell, (48 * bar, 0, 0)) for bar, cell in enumerate(keys)]
        played = played_in([np.concatenate(in_piece)], steps=8 * 48)
        found.append(float(getattr(played, field)[0]))
        wish = guidance.wish(ORDER.index(KEYS))
        assert float(wish.distance(played)[0]) < 0.25
    assert found[0] < found[1]


def test_each_part_has_its_own_temperature():
    """The coldest part writes the same whatever the chance, as long as those before it do."""
    temperatures = temperatures_of(BAND, (("low", 0.0), (None, 1.2), ("kit", 0.5)), order=ORDER)
    assert temperatures == {ORDER.index(LOW): 0.0, ORDER.index(KIT): 0.5}
    guidance = Guidance(temperatures=temperatures)
    choice = Choice(1.0, 0.9, np.random.default_rng(0))
    cold = guidance.choice(ORDER.index(LOW), choice)
    assert (cold.temperature, cold.top_p, cold.random) == (0.0, choice.top_p, choice.random)
    assert guidance.choice(ORDER.index(KEYS), choice) is choice
    with pytest.raises(UsageError, match=r"^`temperature`: there is no track 'horns'"):
        temperatures_of(BAND, (("horns", 0.5),), order=ORDER)


def test_parts_of_their_own_temperature_depend_on_chance_as_that_says():
    """Where nothing else is left to chance, what is planned neither."""
    warm = Guidance(temperatures=dict.fromkeys(range(3), 1.0))
    one, other = written(warm, bars=1, variations=2, temperature=0.0)
    assert as_lists([one]) != as_lists([other])
    one, other = written(FREE, bars=1, variations=2, temperature=0.0)
    assert as_lists([one]) == as_lists([other])


@pytest.mark.parametrize(("given", "drawn"), [(0.5, FORM_TEMPERATURE), (1.2, 1.2), (0.0, 0.0)])
def test_the_form_is_drawn_no_colder_than_music_is(given, drawn, monkeypatch):
    """What returns, chords and who plays: else the likeliest bar comes for ever. What is greedy stays so."""
    seen, really = [], Choice.of

    def of(self, logits, allowed):
        seen.append((logits.shape[1], self.temperature))
        return really(self, logits, allowed)

    trained = opened(tiny_composer())
    ensemble = Ensemble.after(trained, BAND, order=ORDER, variations=1)
    monkeypatch.setattr(Choice, "of", of)
    ensemble.memory.next_plan(Choice(given, 1.0, np.random.default_rng(0)), steps=48)
    assert len(seen) == 3
    assert {temperature for _, temperature in seen} == {drawn}


def test_choices_lean_towards_what_is_lacking():
    """Four quarter notes at C4 in a bar; before anything is played nothing leans."""
    played = played_in([np.array([(12 * beat, 60, 12) for beat in range(4)])], steps=48)
    more = Guidance(wishes=(Wishes(density=2.0, polyphony=2.0, note_length=2.0, pitch=62.0),))
    less = Guidance(wishes=(Wishes(density=0.5, polyphony=1.0, note_length=0.5, pitch=58.0),))
    for guidance, sign in ((more, 1), (less, -1)):
        leaning = guidance.leaning(0, [nothing_played(), played])
        columns = np.array([getattr(leaning, name)[:, 0] for name in ("more", "thick", "long", "high")])
        assert (columns[:, 0] == 0).all()
        assert (np.sign(columns[:, 1]) == ([sign, max(sign, 0), sign, sign])).all()


def test_pitches_within_a_range_are_all_between_its_ends():
    own = np.zeros(PITCH_TOKENS, bool)
    own[60:66] = True
    assert within(own, Wishes(density=2.0)) is own
    assert np.flatnonzero(within(own, Wishes(lowest=40, highest=44))).tolist() == [40, 41, 42, 43, 44]
