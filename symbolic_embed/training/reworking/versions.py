"""All ways of reworking, by chance: how often each is done, and in which order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symbolic_embed.training.augmenting import TRANSPOSITIONS
from symbolic_embed.training.reworking.accompaniment import another_accompaniment
from symbolic_embed.training.reworking.lead import ornamented, simplified, with_other_passing_notes
from symbolic_embed.training.reworking.notes import LEAD, PassageNotes
from symbolic_embed.training.reworking.parts import chance, joined, left_out, only, with_lead, without
from symbolic_embed.training.reworking.wholes import (
    dotted,
    in_other_octaves,
    shortened,
    transposed,
    with_other_barlines,
    with_wrong_notes,
)

# Of all passages. The lead is told from the rest in LED; of these some lose the one or the other.
LED, ACCOMPANIED, ORNAMENTED, SIMPLIFIED, LEAD_ALONE, NO_LEAD = 0.75, 0.45, 0.35, 0.25, 0.1, 0.12
PASSING = 0.35
JOINED, LEFT_OUT, OCTAVES, WRONG, SHORTENED, DOTTED, OTHER_BARLINES = 0.12, 0.3, 0.25, 0.6, 0.25, 0.1, 0.12


def reworked(notes: PassageNotes, random: np.random.Generator) -> PassageNotes:
    """Passages arranged anew: who plays what, but in the same key and bars."""
    count = len(notes.steps)
    led = chance(notes, LED, random)
    notes = with_lead(notes, led)
    accompanied = led & chance(notes, ACCOMPANIED, random)
    notes = another_accompaniment(notes, accompanied, random)
    fate = random.random(count)
    notes = only(notes, LEAD, led & (fate < LEAD_ALONE))
    notes = without(notes, LEAD, led & (fate > 1 - NO_LEAD))
    manner = random.random(count)
    notes = ornamented(notes, led & (manner < ORNAMENTED), random)
    notes = simplified(notes, led & (manner > 1 - SIMPLIFIED), random)
    notes = with_other_passing_notes(notes, led & chance(notes, PASSING, random), random)
    notes = left_out(notes, chance(notes, LEFT_OUT, random), random)
    return joined(notes, chance(notes, JOINED, random))


def altered(notes: PassageNotes, random: np.random.Generator) -> tuple[PassageNotes, NDArray[np.int64]]:
    """Passages in another key, in other octaves, shorter, with wrong notes, with other barlines; and by how much each
    was transposed, int64 (passages,)."""
    semitones = random.choice(TRANSPOSITIONS, len(notes.steps))
    notes = in_other_octaves(transposed(notes, semitones), chance(notes, OCTAVES, random), random)
    notes = with_wrong_notes(notes, chance(notes, WRONG, random), random)
    notes = shortened(notes, chance(notes, SHORTENED, random), random)
    notes = dotted(notes, chance(notes, DOTTED, random), random)
    return with_other_barlines(notes, chance(notes, OTHER_BARLINES, random), random), semitones
