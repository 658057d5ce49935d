"""Copying: all notes at once as note by note, nothing while the gates are shut, note for note where they are open."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
import tiny
import torch

from symbolic_embed.encodings import note_rows
from symbolic_embed.encodings.cell_rolls import keys_of
from symbolic_embed.networks import writing
from symbolic_embed.networks.choosing import Choice
from symbolic_embed.networks.copying import Copying, CopyingSize, Material
from symbolic_embed.networks.following import Beside
from symbolic_embed.networks.grammar import Grammar
from symbolic_embed.networks.tokens import TokenRange
from symbolic_embed.networks.voting import Following, Gates, Voting
from symbolic_embed.networks.writing import Writer

REFERENCES, TRUST, STATE, LENGTHS = 2, 3, 12, len(note_rows.LENGTHS)
STEPS, PITCHES = 48, 128
ONSET_POINTER, PITCH_POINTER, LENGTH_SAME = 0, REFERENCES, 0  # columns of the gates, of the first reference
ALL = TokenRange(0, 2 * PITCHES, PITCHES)
TUNE = [[0, 60, 5], [12, 60, 11], [12, 64, 11], [30, 67, 2]]


def copying(*, wild: bool = True) -> Copying:
    torch.manual_seed(0)
    network = Copying(
        CopyingSize(REFERENCES, TRUST, state=STATE, hidden=8), steps=STEPS, pitches=PITCHES, lengths=LENGTHS
    ).eval()
    if wild:
        for gates in (network.onset_gates, network.pitch_gates, network.length_gates):
            torch.nn.init.normal_(gates.weight)
            torch.nn.init.normal_(gates.bias)
    return network.requires_grad_(False)


def rolls(*notes_of_references) -> np.ndarray:
    """A cell's references: rows of onset, pitch token and length class."""
    made = np.zeros((1, REFERENCES, STEPS, PITCHES), np.uint8)
    for number, notes in enumerate(notes_of_references):
        for onset, token, length in notes:
            made[0, number, onset, token % PITCHES] = length + 1
    return made


def material(of_cells: np.ndarray, *, drums=None, seed: int = 0) -> Material:
    random, cells = torch.Generator().manual_seed(seed), len(of_cells)

    def some(*shape):
        return torch.randn(cells, *shape, generator=random)

    known = (
        some(TRUST),
        some(PITCHES),
        some(STEPS),
        some(LENGTHS),
        some(12),
        some(2, 12),
        some(STEPS, 12),
        some(STEPS),
    )
    is_drum = torch.tensor(drums or [False] * cells)
    return Material(torch.from_numpy(of_cells), torch.from_numpy(keys_of(of_cells)), *known, is_drum)


def beside(network: Copying, of_cells: np.ndarray, **rest) -> Beside:
    return Beside(network, network.prepared(material(of_cells, **rest)))


def beginning(laid: Beside) -> Following:
    return Following.beginning(Gates.of(laid.copying), laid.prepared, copies=1, among=ALL)


def voting_of(following: Following, states: torch.Tensor) -> Voting:
    return following.voting((states @ following.laid.gates.listen).numpy())


def votes_of(add, *chosen: np.ndarray, classes: int) -> np.ndarray:
    """What is added to logits, (rows, classes)."""
    logits = np.zeros((len(add.__self__.gates), classes), np.float32)
    add(logits, *chosen)
    return logits


def windows(count: int, *, seed: int, drums: list[bool]) -> list[list[list[int]]]:
    """Notes in order, some at the places of the references of `references`."""
    random = np.random.default_rng(seed)
    made = []
    for is_drum in drums[:count]:
        places = sorted(
            {(int(random.integers(6)) * 6, 60 + int(random.integers(5))) for _ in range(random.integers(7))}
        )
        made.append([[onset, pitch + 128 * is_drum, int(random.integers(LENGTHS))] for onset, pitch in places])
    return made


DRUM_CELLS = [False, True, False, True, False]


@pytest.mark.parametrize("seed", range(4))
def test_votes_for_all_notes_at_once_are_those_of_one_note_after_the_other(seed):
    """Of drums too; one reference is silent; of each choice, that of the end among them."""
    network = copying()
    told = windows(5, seed=seed, drums=DRUM_CELLS)
    other = windows(5, seed=seed + 50, drums=DRUM_CELLS)
    references = np.concatenate(
        [rolls(notes, () if cell == 2 else told[cell][::2]) for cell, notes in enumerate(other)]
    )
    laid = beside(network, references, drums=DRUM_CELLS)
    counts = torch.tensor([len(notes) for notes in told])
    longest = int(counts.max())
    padded = torch.full((5, longest, 3), 7)
    for cell, notes in enumerate(told):
        padded[cell, : len(notes)] = torch.tensor(notes).view(-1, 3)
    states = torch.randn(5, longest + 1, STATE, generator=torch.Generator().manual_seed(seed))
    onsets, pitches, lengths = laid.votes(states, padded, counts)
    onset_row = note_row = 0
    for cell, notes in enumerate(told):
        following = beginning(laid.rows(torch.tensor([cell])))
        for number in range(len(notes) + 1):
            voting = voting_of(following, states[cell, number][None])
            of_onset = votes_of(voting.add_to_onsets, classes=STEPS + 1)
            np.testing.assert_allclose(of_onset[0], onsets[onset_row], rtol=1e-5, atol=1e-5)
            onset_row += 1
            if number < len(notes):
                onset, token, _ = (np.array([value]) for value in notes[number])
                of_pitch = votes_of(voting.add_to_pitches, onset, classes=2 * PITCHES)
                of_length = votes_of(voting.add_to_lengths, onset, token, classes=LENGTHS)
                np.testing.assert_allclose(of_pitch[0], pitches[note_row], rtol=1e-5, atol=1e-5)
                np.testing.assert_allclose(of_length[0], lengths[note_row], rtol=1e-5, atol=1e-5)
                following = following.after(onset, token)
                note_row += 1
    assert (onset_row, note_row) == (len(onsets), len(pitches)) == (int(counts.sum()) + 5, int(counts.sum()))


def test_while_the_gates_are_shut_a_decoder_says_what_it_says_alone():
    decoder, told = tiny.decoder(), windows(5, seed=1, drums=DRUM_CELLS)
    references = np.concatenate([rolls(notes, notes) for notes in told])
    embeddings = torch.randn(5, 16, generator=torch.Generator().manual_seed(0))
    counts = torch.tensor([len(notes) for notes in told])
    padded = torch.zeros(5, int(counts.max()), 3, dtype=torch.long)
    for cell, notes in enumerate(told):
        padded[cell, : len(notes)] = torch.tensor(notes).view(-1, 3)
    shut = beside(copying(wild=False), references, drums=DRUM_CELLS)
    with torch.no_grad():
        alone, _ = decoder.negative_log_likelihood(embeddings, padded, counts)
        copied, _ = decoder.negative_log_likelihood(embeddings, padded, counts, shut)
        other, _ = decoder.negative_log_likelihood(embeddings, padded, counts, beside(copying(), references))
    assert torch.equal(alone, copied)
    assert not torch.allclose(alone, other)


def trusting() -> Copying:
    """Follows the first reference wherever it points, whatever the state: its next onset, its next pitch there, the
    length of its note."""
    network = copying(wild=False)
    network.onset_gates.bias[ONSET_POINTER] = 1000.0
    network.pitch_gates.bias[PITCH_POINTER] = 1000.0
    network.length_gates.bias[LENGTH_SAME] = 1000.0
    return network


@pytest.mark.parametrize("is_drum", [False, True])
@pytest.mark.parametrize("copies", [1, 3])
def test_a_reference_that_is_trusted_is_copied_note_for_note_to_its_end(is_drum, copies):
    """Whatever the decoder would rather write; of two cells each its own, one of them silent."""
    tune = [[onset, pitch + 128 * is_drum, length] for onset, pitch, length in TUNE]
    references = np.concatenate([rolls(tune, [[3, 40, 0]]), rolls((), tune)])
    laid = beside(trusting(), references, drums=[is_drum] * 2)
    allowed = (np.arange(256) >= 128) == is_drum
    batch = 2 * copies
    rows, counts = Writer(tiny.decoder(wildness=3.0), copying=laid.copying).write(
        torch.randn(2, 16),
        grammar=Grammar.of(steps=np.full(batch, 48), pitches=np.tile(allowed, (batch, 1))),
        choice=Choice(1.0, 1.0, np.random.default_rng(0)),
        copies=copies,
        beside=laid,
    )
    assert counts.tolist() == [len(tune)] * copies + [0] * copies
    assert rows.tolist() == tune * copies


def test_a_cell_is_written_as_it_is_alone():
    """Likeliest note by likeliest note, however many others are written in the same batch and end before it."""
    network, decoder = copying(), tiny.decoder(seed=3, wildness=2.0)
    told = windows(5, seed=3, drums=[False] * 5)
    laid = beside(network, np.concatenate([rolls(notes, TUNE) for notes in told]))
    points = torch.randn(5, 16, generator=torch.Generator().manual_seed(0))

    def written(cells: list[int]) -> list[list[list[int]]]:
        grammar = Grammar.of(steps=np.full(len(cells), 48), pitches=np.tile(np.arange(256) < 128, (len(cells), 1)))
        with patch.object(writing, "MOST_NOTES", 30):
            rows, counts = Writer(decoder, copying=network).write(
                points[cells], grammar=grammar, choice=Choice(), beside=laid.rows(torch.tensor(cells))
            )
        return [window.tolist() for window in np.split(rows, np.cumsum(counts)[:-1])]

    together = written([0, 1, 2, 3, 4])
    assert together == [written([cell])[0] for cell in range(5)]
    assert len({len(notes) for notes in together}) > 1


def test_votes_for_drums_are_votes_for_their_tokens_and_for_no_pitch():
    laid = beside(copying(), np.concatenate([rolls(TUNE, TUNE)] * 2), drums=[False, True])
    following = beginning(laid)
    voting = voting_of(following, torch.ones(2, STATE))
    votes = votes_of(voting.add_to_pitches, np.array([0, 0]), classes=2 * PITCHES)
    assert votes.shape == (2, 256)
    assert votes[0, :128].any()
    assert votes[1, 128:].any()
    assert not votes[0, 128:].any()
    assert not votes[1, :128].any()


def test_what_was_left_out_and_what_was_followed_is_counted():
    """Of four notes of the reference the first is followed, the second left out, the third followed; then it is over
    but for one."""
    laid = beside(copying(), rolls(TUNE, ()))
    following, states = beginning(laid), torch.zeros(1, STATE)
    seen = [voting_of(following, states)]
    for onset, pitch, _ in (TUNE[0], TUNE[2], [40, 80, 0]):
        following = following.after(np.array([onset]), np.array([pitch]))
        seen.append(voting_of(following, states))
    places = [tuple(int(part[0, 0]) for part in one.next_place) for one in seen]
    assert places == [(0, 60), (12, 60), (30, 67), (48, 0)]
    shares = [one.agreement.reshape(-1, REFERENCES, 3)[0, 0].tolist() for one in seen]
    expected = [[0, 0, 1], [1, 0, 1], [1, 1 / 3, 1], [2 / 3, 2 / 4, 0]]
    for found, of_note in zip(shares, expected, strict=True):
        assert found == pytest.approx(of_note)


def test_a_gradient_reaches_every_gate_and_all_that_they_see():
    network = copying().requires_grad_(True)
    told = windows(5, seed=2, drums=DRUM_CELLS)
    references = np.concatenate([rolls(notes, notes[::2]) for notes in told])
    laid = beside(network, references, drums=DRUM_CELLS)
    counts = torch.tensor([len(notes) for notes in told])
    padded = torch.zeros(5, int(counts.max()), 3, dtype=torch.long)
    for cell, notes in enumerate(told):
        padded[cell, : len(notes)] = torch.tensor(notes).view(-1, 3)
    states = torch.randn(5, padded.shape[1] + 1, STATE, requires_grad=True)
    votes = laid.votes(states, padded, counts)
    sum((of_choice * torch.randn(of_choice.shape)).sum() for of_choice in votes).backward()
    assert tiny.without_gradient(network) == []
    assert states.grad.any()
