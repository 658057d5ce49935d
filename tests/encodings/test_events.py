"""Events: the tokens are those that MidiTok itself writes, and come back as the notes they name."""

import hashlib
import json

import numpy as np
import strategies
import symusic
from hypothesis import given, settings
from strategies import contents, of_notes

from symbolic_embed.bars.windows import DRUM, DRUM_LENGTH, HELD
from symbolic_embed.encodings import events
from symbolic_embed.encodings.events import LONGEST_STEPS, PADDING


def words(tokens):
    """Token numbers as MidiTok's words."""
    return [events.tokenizer()[int(token)] for token in tokens]


def written_by_miditok(notes, *, drums):
    """The words MidiTok writes for a score of these notes (onset, flags, pitch, length), at 12 ticks a quarter."""
    score = symusic.Score(12)
    score.time_signatures.append(symusic.TimeSignature(0, 4, 4))
    track = symusic.Track(is_drum=drums)
    for onset, _, pitch, length in notes:
        track.notes.append(symusic.Note(onset, min(length, LONGEST_STEPS), pitch, 100))
    score.tracks.append(track)
    (sequence,) = events.tokenizer().encode(score)
    return sequence.tokens


@settings(max_examples=25)
@given(strategies.windows(levels=["cells"]))
def test_each_cell_is_written_as_miditok_writes_it(windows):
    tokens, counts = events.encode(windows)
    for row, count, (_, notes) in zip(tokens, counts, contents(windows), strict=True):
        notes = [note for note in notes if not note[1] & HELD]
        drums = any(flags & DRUM for _, flags, _, _ in notes)
        if notes:
            assert words(row[:count]) == written_by_miditok(notes, drums=drums)
        else:
            assert words(row[:count]) == ["Bar_None"]
        assert (row[count:] == PADDING).all()


@given(strategies.windows())
def test_what_is_kept_comes_back(windows):
    tokens, counts = events.encode(windows)
    kept = [
        (
            steps,
            [
                (onset, flags, pitch, DRUM_LENGTH if flags & DRUM else min(length, LONGEST_STEPS))
                for onset, flags, pitch, length in notes
                if not flags & HELD
            ],
        )
        for steps, notes in contents(windows)
    ]
    decoded = events.decode(tokens, counts, steps=windows.steps)
    assert contents(decoded) == kept
    again, as_many = events.encode(decoded)
    assert (again.tolist(), as_many.tolist()) == (tokens.tolist(), counts.tolist())


def test_the_example_at_the_head_of_the_file():
    window = of_notes([(0, 0, 60, 6), (0, 0, 64, 6), (24, DRUM, 36, 3)], [])
    tokens, counts = events.encode(window)
    assert " ".join(words(tokens[0])) in events.__doc__
    assert counts.tolist() == [9, 1]
    assert words(tokens[1]) == ["Bar_None", *["PAD_None"] * 8]


def test_no_windows_make_no_tokens():
    empty = of_notes([]).where(np.zeros(0, np.int64))
    tokens, counts = events.encode(empty)
    assert (tokens.shape, counts.shape) == ((0, 1), (0,))
    assert len(events.decode(tokens, counts, steps=counts)) == 0


def test_the_vocabulary_is_the_one_that_checkpoints_were_trained_with():
    """If a new MidiTok numbers its tokens otherwise, trained weights would read other words: then this must not pass.

    The hash is that of this very line under MidiTok 3.1.0."""
    vocabulary = json.dumps(events.tokenizer().vocab, sort_keys=True)
    assert hashlib.sha256(vocabulary.encode()).hexdigest()[:16] == "0998eedea95b127d"
    assert events.vocabulary_size() == 402


def test_every_token_number_is_in_the_vocabulary():
    everything = of_notes(
        [(step, 0, pitch, 1 + step * 2) for step in range(48) for pitch in (0, 127)],
        [(47, DRUM, pitch, 3) for pitch in range(128)],
    )
    tokens, _ = events.encode(everything)
    assert tokens.max() < events.vocabulary_size()
    assert events.tokenizer()[PADDING] == "PAD_None"


def test_lengths_of_drums_mean_nothing():
    tokens, _ = events.encode(of_notes([(0, DRUM, 36, 40), (5, 0, 60, 3)]))
    assert tokens.tolist() == events.encode(of_notes([(0, DRUM, 36, DRUM_LENGTH), (5, 0, 60, 3)]))[0].tolist()
