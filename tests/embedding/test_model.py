"""The model: settings that describe networks completely, and windows as their input."""

import numpy as np
import pytest
import tiny
import torch
from strategies import of_notes

from symbolic_embed.bars import ROLES, WINDOW_STEPS
from symbolic_embed.bars.chords import CHORDS
from symbolic_embed.bars.windows import DRUM, HELD
from symbolic_embed.embedding.model import (
    ComposerNetworks,
    ComposerSettings,
    EmbedderNetworks,
    ModelSettings,
    encoder_input,
    padded_rows,
)
from symbolic_embed.encodings import note_rows, pianoroll
from symbolic_embed.errors import SettingsError
from symbolic_embed.networks.encoder import BagEncoder, TokenEncoder

WINDOWS = of_notes([(0, 0, 60, 12), (12, DRUM, 36, 3)], [], [(0, HELD, 50, 20), (46, 0, 90, 2)], steps=36)


def test_networks_are_of_the_size_that_the_settings_say():
    settings = ModelSettings(dim=24, context_dim=8, channels=12, hidden=20)
    networks = EmbedderNetworks(settings)
    encoder, decoder = networks.encoder, networks.decoder
    assert isinstance(encoder, BagEncoder)
    assert encoder(encoder_input(WINDOWS, representation="pianoroll")).shape == (3, 24)
    assert encoder.onset_table.weight.shape == (pianoroll.ONSET_VECTORS, 12)
    assert encoder.lengths.weight.shape == (WINDOW_STEPS + 1, 12)
    assert decoder.recurrent.hidden_size == 20
    assert decoder.pitch_head.out_features == note_rows.PITCH_TOKENS
    assert (encoder.trunk.standard is not None, decoder.standard is not None) == (True, True)
    assert {name.split(".")[0] for name in networks.state_dict()} == {"encoder", "decoder"}


def test_what_settings_switch_off_is_not_there():
    networks = EmbedderNetworks(tiny.EVENTS.model_copy(update={"metre": False, "bounded": False}))
    assert isinstance(networks.encoder, TokenEncoder)
    assert networks.encoder.lengths is networks.encoder.trunk.standard is networks.decoder.standard is None


def test_a_composer_has_a_decoder_of_its_own_for_embeddings_of_its_model():
    settings = ComposerSettings(hidden=12, width=8, heads=2, layers=2, plan=10, gates=14)
    networks = ComposerNetworks(settings, model=tiny.PIANOROLL)
    composer = networks.composer
    assert (composer.dim, composer.lstm.hidden_size, composer.lstm.num_layers) == (16, 12, 2)
    assert (networks.plan.lstm.hidden_size, networks.plan.chord.out_features) == (10, CHORDS)
    assert networks.copying.onset_gates.in_features == 14
    assert composer.role_vectors.weight.shape == (len(ROLES), 8)
    ours, theirs = networks.decoder.state_dict(), EmbedderNetworks(tiny.PIANOROLL).decoder.state_dict()
    assert {name: weights.shape for name, weights in ours.items()} == {
        name: weights.shape for name, weights in theirs.items()
    }


def test_a_card_of_before_metre_is_of_an_encoder_without_it():
    card = tiny.PIANOROLL.model_dump()
    assert ModelSettings.of_card({"model": card}) == tiny.PIANOROLL
    del card["metre"]
    assert ModelSettings.of_card({"model": card}).metre is False
    with pytest.raises(SettingsError, match=r"ModelSettings has no setting `dimm`; did you mean `dim`\?"):
        ModelSettings.of_card({"model": {"dimm": 5}})


@pytest.mark.parametrize("kind", [tiny.PIANOROLL, tiny.EVENTS], ids=lambda kind: kind.representation)
def test_input_holds_every_window_and_how_long_it_is(kind):
    inputs = encoder_input(WINDOWS, representation=kind.representation)
    assert inputs.steps.tolist() == [36, 36, 36]
    assert all(tensor.dtype in (torch.int64, torch.float32) for tensor in inputs)
    if kind is tiny.PIANOROLL:
        assert len(inputs.onset_offsets) == 3 * pianoroll.FRAMES
        assert inputs.sounding_weights.abs().unique().tolist() == [1.0]
    else:
        assert inputs.numbers.shape == (3, int(inputs.counts.max()))


def test_padded_rows_keep_the_first_notes_of_long_windows():
    rows = np.arange(15).reshape(5, 3)
    padded, kept = padded_rows(rows, np.array([2, 0, 3]), longest=2)
    assert kept.tolist() == [2, 0, 2]
    assert padded.tolist() == [[[0, 1, 2], [3, 4, 5]], [[0, 0, 0], [0, 0, 0]], [[6, 7, 8], [9, 10, 11]]]
    padded, kept = padded_rows(rows[:0], np.array([0, 0]), longest=2)
    assert (padded.shape, kept.tolist()) == ((2, 0, 3), [0, 0])
