"""A zone, and strings on channels of their own, as seeds: one part, edited and proved as one."""

import numpy as np
import pytest
from midi_bytes import meta, midi, track

from symbolic_embed.bars import cut
from symbolic_embed.errors import OutputError
from symbolic_embed.outputs.alone import new_bars_alone
from symbolic_embed.outputs.expression import expressed
from symbolic_embed.outputs.new_notes import with_notes
from symbolic_embed.outputs.proof import asked_cells, proved
from symbolic_embed.outputs.seam import at_the_seam
from symbolic_embed.outputs.seed_file import Output, Seed
from symbolic_embed.outputs.written_notes import WrittenNotes
from symbolic_embed.score import Event, parse
from symbolic_embed.score.editing.in_place import add_events
from symbolic_embed.score.reading.reader import read_bytes
from symbolic_embed.score.writing.normalising import normalised

ZONE = "00 b0 65 00 00 b0 64 06 00 b0 06 04 00 c0 51"


def bent(channel, pitch):
    """A quarter at 480 ticks that is bent when it begins and while it lasts."""
    begin, end = f"00 e{channel:x} 00 48 00 9{channel:x} {pitch:02x} 50", f"81 70 8{channel:x} {pitch:02x} 40"
    return f"{begin} 81 70 e{channel:x} 00 38 {end}"


def zone(*, port=b""):
    """Four bars on the members of a zone, one after another."""
    notes = [bent(1 + n % 4, 60 + n * 5 % 12) for n in range(16)]
    return midi(track(meta(3, b"Lead"), port, ZONE, *notes), format=0)


def written(seed, *rows):
    """New notes (onset in steps, length, pitch) of the seed's only part, as its player would play them."""
    onset, length, pitch = np.array(rows, np.int64).T
    return expressed(WrittenNotes(np.zeros(len(rows), np.int64), onset, length, pitch), seed.barred)


def output(seed, removed, added):
    events = with_notes(seed, removed=np.array(removed, np.int64), added=added)
    return Output("out", events, {"command": "vary", "settings": {}})


@pytest.mark.parametrize("port", [b"", meta(0x21, b"\1")], ids=["", "port 1"])
def test_notes_of_a_zone_are_replaced_and_the_rest_stays_event_for_event(port):
    seed = Seed.from_bytes(zone(port=port), path="zone.mid")
    out = proved(output(seed, [0, 5], written(seed, (0, 12, 72), (60, 24, 67))), seed, asked=asked_cells(seed))
    (part,) = out.events.parts()
    assert (part.is_zone, len(part.track.notes)) == (True, 16)
    (changed,) = out.record["diff"]["tracks"]
    assert (changed["track"], changed["kept"]["notes"], changed["removed"]) == (0, 14, {"notes": 2})
    assert changed["kept"]["bends"] == 32
    assert out.record["diff"]["asked"] == ["track 0 Lead, bars 1-4"]


def test_outside_the_bars_that_were_asked_for_a_note_is_no_more_bent_than_before():
    seed = Seed.from_bytes(zone(), path="zone.mid")
    new = output(seed, [3], written(seed, (36, 24, 72)))
    proved(new, seed, asked=asked_cells(seed, bars=[0]))
    spoilt = Output("out", add_events(new.events, [Event(12 * 480 + 10, b"\xe1\0\0")], chunk=0), new.record)
    with pytest.raises(OutputError, match="sounds otherwise"):
        proved(spoilt, seed, asked=asked_cells(seed, bars=[0]))


def test_bars_behind_the_seam_are_not_bent():
    """The seed leaves every member bent."""
    seed = Seed.from_bytes(zone(), path="zone.mid")
    seam = at_the_seam(seed, bars=2)
    new = output(seam.seed, [], written(seed, *((192 + 12 * n, 12, 60 + n) for n in range(8))))
    after = proved(new, seed, asked=seam.asked, moved=seam.moved).events.chunks[0]
    assert seam.record()["restored"] == []
    behind = [m for tick, m in after if tick >= 16 * 480 and m[0] & 0xF0 in (0x90, 0xE0)]
    assert sorted(m for m in behind if m[0] & 0xF0 == 0xE0) == [bytes((0xE0 | c, 0, 0x40)) for c in (1, 2, 3, 4)]


def test_the_layout_for_daws_leaves_a_zone_on_its_channels():
    events = parse(zone())
    tidy = normalised(events)
    assert normalised(tidy) == tidy
    assert [(t.channel, t.members, t.name) for t in tidy.score().tracks] == [(0, (1, 2, 3, 4), "Lead")]
    sent = [[e for e in chunk if e.message[0] < 0xF0] for chunk in (events.chunks[0], tidy.chunks[1])]
    assert sent[0] == sent[1]


def test_strings_are_one_part_where_that_was_asked_for():
    played = [(n % 3, 40 + 8 * (n % 3)) for n in range(16)]
    strings = "".join(f"00 9{channel} {pitch:02x} 40 83 60 8{channel} {pitch:02x} 40" for channel, pitch in played)
    data = midi(track(strings), format=0)
    apart, joined = (Seed.from_bytes(data, path="guitar.mid", join_channels=join) for join in (False, True))
    assert [len(seed.barred.score.tracks) for seed in (apart, joined)] == [3, 1]
    out = proved(output(joined, [0], written(joined, (0, 12, 50))), joined, asked=asked_cells(joined))
    assert len(out.events.score().tracks) == 1
    assert cut(read_bytes(out.events.to_bytes(), join_channels=True)).score.tracks == out.events.score().tracks


def test_new_bars_alone_are_the_zone_that_the_seed_is():
    """The manager has no notes of its own; its zone, programme and volume are set up all the same."""
    seed = Seed.from_bytes(zone(port=bytes.fromhex("00 b0 07 5a")), path="zone.mid")
    seam = at_the_seam(seed, bars=1)
    rows = written(seed, *((192 + 12 * n, 12, 60 + n) for n in range(4)))
    alone = new_bars_alone(seam, with_notes(seam.seed, removed=np.zeros(0, np.int64), added=rows))
    (part,) = alone.parts()
    assert (part.is_zone, part.track.program, len(part.track.notes)) == (True, 0x51, 4)
    assert [event.tick for event in alone.chunks[0] if event.message == b"\xb0\x07\x5a"] == [0]
