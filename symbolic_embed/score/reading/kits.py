"""Drums of which the file does not say so: a clip that is called "Drums", on channel 1, without a programme.

Drum clips of libraries and exports of single tracks often come like that. A part is taken for drums where its name says
so, in one of several languages, and its notes could be those of a kit: on the keys of one, 27 to 87, short, each struck
again and again. Notes alone are not enough; where they have kick, snare and hats, several at once, there is a word of
warning. A part for which a programme other than the piano was chosen is what its programme says.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import numpy as np

from symbolic_embed.score.score import DRUM_CHANNEL, Notes, ScoreWarning, Track

KEYS = (27, 87)  # of kits: those of GM2 and of Roland's and Yamaha's, which go beyond General MIDI's 35 to 81
MOST_KEYS = 24  # that a drummer plays in one piece
FEWEST_STROKES = 4  # of one drum alone, for as long as they may last
FEW_KEYS = 3  # one drum, or a pair of them, on whichever keys
LONGEST_QUARTERS = 1.0  # that half of the notes last at most
CORE = (*range(35, 56), 57, 59)  # kick, snare, hats, toms, cymbals, and some small ones
CORE_SHARE = 0.6
FEWEST_NOTES = 32  # where there is no name to go by
KICK, SNARE, HATS = (35, 36), (38, 40), (42, 44, 46)
LEAST_SHARE = 0.06  # of the notes that each of the three has
KIT = (*range(35, 54), 55, 57, 59)
KIT_SHARE = 0.9
MOST_TOGETHER = 2.5  # strokes an onset: of 232 kits of real files 2.4 at most; low chords have three
TOGETHER = 0.15  # of the strokes of kick and snare have a hat as well

_DRUMS = (
    r"dr(?:u?m[sz]?|umz)|drum ?(?:kit|set|track|loop|machine|part)s?|kit|percs?|percu|percusi[oó]n(?:es)?|"
    r"percuss(?:ion|ions|ioni|ao|ão)|(?:open|closed)? ?hi ?hats?|hats?|hh|kicks?|snares?|bass ?drums?|bd|toms|"
    r"(?:floor|low|lo|mid|high|hi|tom) tom|"
    r"cymbals?|crash|ride|(?:hand ?)?claps?|shakers?|cow ?bells?|"
    r"tambourines?|congas?|bongos?|rim ?shots?|beats?|schlagzeug|schlagwerk|trommeln?|becken|batteries?|batteria|"
    r"bater[ií]a|slag(?:verk|werk|tøj)|trummor|trommer|rummut|perkusj[ae]|b[eę]bny|bic[ií]|davul|"
    r"ударные|барабаны?|перкуссия|ドラムス?|ドラムセット|パーカッション|打楽器|太鼓|架子鼓|爵士鼓|鼓|打击乐|드럼|타악기"
)
_NAMED = re.compile(rf"(?<![^\W\d_])(?:{_DRUMS})(?![^\W\d_])")
_TUNED = re.compile(
    r"bass(?! ?drum)|organ|steel|piano|guitar|gitar|marimba|xylo|vibra|vibes|glocken|celest|chime|bells?\b(?<!cowbell)"
    r"(?<!cow bell)|timpani|pauken|string|choir|vocal|voice|melod|synth|lead|pad|brass|flute|harp"
)


def drums_by_name(track: Track, *, division: int) -> Track:
    """The part, as drums where its name and its notes say so, and no programme says otherwise."""
    if track.is_drum or track.program or not is_named_as_drums(track.name):
        return track
    return replace(track, is_drum=True) if could_be_kit(track.notes, division=division) else track


def kit_warning(track: Track, number: int, *, division: int) -> list[ScoreWarning]:
    """A warning of a part that was taken for drums by its name, or that looks like drums and was not."""
    if track.program or track.channel == DRUM_CHANNEL:
        return []
    what = f"track {number} {track.name!r} on channel {track.channel + 1}" if track.name else f"track {number}"
    if track.is_drum and is_named_as_drums(track.name):
        text = f"{what} is taken for drums, by its name and its keys; `roles` says otherwise"
        return [ScoreWarning("drums-by-name", text)]
    if not track.is_drum and is_surely_kit(track.notes, division=division):
        text = f"{what} has the keys of a drum kit, and is not taken for drums; `roles` says otherwise"
        return [ScoreWarning("drums-by-keys", text)]
    return []


def is_named_as_drums(name: str) -> bool:
    """Whether a track's name speaks of drums, and of nothing that is tuned."""
    if not name:
        return False
    words = re.sub(r"[\s_./-]+", " ", unicodedata.normalize("NFKC", name).casefold())
    return _NAMED.search(words) is not None and _TUNED.search(words) is None


def could_be_kit(notes: Notes, *, division: int) -> bool:
    """Whether notes of a part that is named as drums could be struck on drums: false of a tune or of chords."""
    keys = len(np.unique(notes.pitch))
    if keys == 1 and len(notes) >= FEWEST_STROKES:
        return True
    if not _are_struck(notes, division=division):
        return False
    return keys <= FEW_KEYS or _share(notes, CORE) >= CORE_SHARE


def is_surely_kit(notes: Notes, *, division: int) -> bool:
    """Whether notes are a drummer's, whatever the part is called: kick, snare and hats, at once, and little else."""
    if len(notes) < FEWEST_NOTES:
        return False
    if any(_share(notes, drum) < LEAST_SHARE for drum in (KICK, SNARE, HATS)) or _share(notes, KIT) < KIT_SHARE:
        return False
    if len(notes) > MOST_TOGETHER * len(np.unique(notes.onset_ticks)):
        return False
    with_hat = np.isin(notes.onset_ticks, notes.onset_ticks[np.isin(notes.pitch, HATS)])
    struck = np.isin(notes.pitch, KICK + SNARE)
    return _are_struck(notes, division=division) and bool(with_hat[struck].mean() >= TOGETHER)


def _share(notes: Notes, keys: tuple[int, ...]) -> float:
    """The share of the notes that lie on some keys. Counted in bytes, since nearly every part that is read is asked."""
    pitches = notes.pitch.tobytes()
    return sum(map(pitches.count, keys)) / len(pitches)


def _are_struck(notes: Notes, *, division: int) -> bool:
    """Whether notes lie on the keys of a kit, are mostly short, and come back to their keys."""
    if len(notes) < 2 or int(notes.pitch.min()) < KEYS[0] or int(notes.pitch.max()) > KEYS[1]:
        return False
    keys = len(np.unique(notes.pitch))
    is_short = np.median(notes.duration_ticks) <= LONGEST_QUARTERS * division
    return bool(is_short) and keys <= MOST_KEYS and len(notes) >= 2 * keys
