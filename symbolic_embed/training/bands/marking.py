"""What a section has of its own: small changes, the fill before and the crash on its first beat, breaks, an ending."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symbolic_embed.training.bands.bands import Part
from symbolic_embed.training.bands.drumming import KICK, Groove, varied_drums, with_crash, with_fill
from symbolic_embed.training.bands.harmony import Chord, nearest, voiced
from symbolic_embed.training.bands.patterns import Bar, Hit, Metre, is_chance
from symbolic_embed.training.bands.sections import Voice, varied_notes

STEADY = {"pad": 0.3, "arp": 0.6}  # how often they vary beside others
FILLED, FILLED_WITHIN, CRASHING = 0.85, 0.3, 0.7


def changed(
    random: np.random.Generator, bars: Sequence[Bar], part: Part, *, loose: float, metre: Metre
) -> tuple[Bar, ...]:
    """A part's bars, some of them a little changed: three times as often where a phrase of four ends."""
    voice = Voice(part.instrument)
    played = list(bars)
    for at in range(1, len(played)):
        chance = (loose * (1.6 if at % 4 == 3 else 0.5) + (0.25 if at % 8 == 7 else 0)) * STEADY.get(part.role, 1.0)
        if played[at] and is_chance(random, chance):
            if part.role == "drums":
                played[at] = varied_drums(random, played[at], metre=metre)
            else:
                played[at] = varied_notes(random, played[at], voice=voice)
    return tuple(played)


def with_marks(
    random: np.random.Generator, bars: Sequence[Bar], groove: Groove, *, metre: Metre, crash: bool, fill: bool
) -> tuple[Bar, ...]:
    """The drums of a section with a crash where it begins and fills where it ends and, now and then, after four bars;
    chance leaves some of them out."""
    played = list(bars)
    if fill and is_chance(random, FILLED):
        played[-1] = with_fill(random, played[-1], keys=groove.fill_keys, metre=metre)
    if len(played) > 4 and is_chance(random, FILLED_WITHIN):
        played[3] = with_fill(random, played[3], keys=groove.fill_keys, metre=metre)
    if crash and is_chance(random, CRASHING):
        played[0] = with_crash(played[0])
    return tuple(played)


def stopped(bar: Bar, *, metre: Metre) -> Bar:
    """A break: the first beat alone."""
    end = metre.beats[0][1]
    return tuple(Hit(hit.at, min(hit.length, end - hit.at), hit.pitch, hit.loud) for hit in bar if hit.at < end)


def ending(part: Part, before: Bar, last: Bar, *, tonic: Chord, metre: Metre) -> Bar:
    """The last bar of a part that played in the bar before or was to play in this one: the tonic, held."""
    if not before and not last:
        return ()
    length = metre.units * 5 // 6
    low, high = part.instrument.low, part.instrument.high
    if part.role == "drums":
        return with_crash((Hit(0, 3, KICK, 110),))
    pitches = sorted({hit.pitch for hit in before or last})
    if part.role in ("pad", "comp", "comp2"):
        chord = voiced(tonic, voices=3, low=low, high=high, before=tuple(pitches))
        return tuple(Hit(0, length, pitch, 88) for pitch in chord)
    classes = (tonic.root,) if part.role == "bass" else tonic.tones[:3]
    return (Hit(0, length, nearest(classes, (before or last)[-1].pitch, low=low, high=high), 94),)
