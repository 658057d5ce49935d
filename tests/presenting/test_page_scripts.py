"""The scripts of the page, run by Node where it is installed: time, notes, and what the player hands over when."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from itertools import pairwise

import pytest
import takes

from symbolic_embed.presenting.page_music import page_music
from symbolic_embed.presenting.page_parts import FOLDER, joined, plain
from symbolic_embed.presenting.takes_page import SCRIPTS
from symbolic_embed.score import Notes, Score, Tempo, Track
from symbolic_embed.score.clock import seconds

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")

FAKES = """
Object.assign(globalThis, { document: { hidden: false }, setInterval: () => 1, clearInterval: () => {} });
const struck = [], context = { currentTime: 0, resume: async () => {} };
const synth = { context, channels: [{ drum: false, patch: { sustain: 1 } }], place() {}, silence() {},
  play: (part, note, when, length) => struck.push([note.pitch, when, length]) };
const player = new Player(() => synth, () => {});
const until = (time) => {
  for (; context.currentTime < time; context.currentTime += 0.04) if (player.isPlaying) player.schedule();
};
"""


def run(code: str, *, scripts: tuple[str, ...] = ("music.js",), **given):
    """What `code`, a function's body, gives back, with the scripts before it and `given` as constants."""
    constants = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in given.items())
    before = "\n".join(map(plain, scripts))
    source = f"{before}\n{constants}(async () => {{{code}}})().then((r) => console.log(JSON.stringify(r)));"
    done = subprocess.run(["node", "-"], input=source, capture_output=True, check=False, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def scale_piece(**changes) -> dict:
    """Eight quarter notes, 60 to 67, at 120 quarters a minute, as the page has them."""
    notes = Notes.of([480 * n for n in range(8)], [480] * 8, list(range(60, 68)), [80] * 8)
    return page_music(takes.seed_of(Score(480, (Track(notes, program=48),), **changes)), [])["pieces"][0]


def play(code: str, **changes):
    return run(
        f"const piece = pieceOf(data, null);{FAKES}{code}",
        scripts=("music.js", "player.js"),
        data=scale_piece(**changes),
    )


def test_the_joined_script_is_a_script():
    done = subprocess.run(["node", "--check", "-"], input=joined(SCRIPTS), text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_seconds_are_those_of_the_score():
    tempi = (Tempo(480, 400_000), Tempo(1000, 900_000))
    data = scale_piece(tempi=tempi)
    ticks = [0, 100, 480, 700, 1000, 3000]
    found = run(
        "const piece = pieceOf(data, null);"
        "return ticks.map((t) => [secondsAt(piece, t / 480), quarterAt(piece, secondsAt(piece, t / 480)) * 480]);",
        data=data, ticks=ticks,
    )  # fmt: skip
    assert [second for second, _ in found] == pytest.approx(
        [float(seconds(t, tempi=tempi, division=480)) for t in ticks]
    )
    assert [tick for _, tick in found] == pytest.approx(ticks)


def test_notes_are_read_as_they_were_written():
    seed = takes.band()
    take = takes.continued(seed)
    music = page_music(seed, [take])
    found = run(
        """
        const seed = pieceOf(music.pieces[0], null), piece = pieceOf(music.pieces[1], seed);
        const notes = piece.parts.map((p) => p.notes.map((n) => [n.start, n.end, n.pitch, n.velocity, n.isNew]));
        const ends = placeIn(seed, 9, null), goes = placeIn(piece, 9, null);
        return { notes, fresh: newStretch(piece), none: newStretch(seed), ends, goes };
        """,
        music=music,
    )
    for part, track in zip(found["notes"], take.events.score().tracks, strict=True):
        rows = track.notes.rows().tolist()
        assert part == [[on / 480, (on + long) / 480, p, v, on >= 2 * takes.BAR] for on, long, p, v in rows]
    assert (found["fresh"], found["none"]) == ([8, 12], None)
    assert (found["ends"], found["goes"]) == (0, 9)


def test_a_pedal_holds_what_ends_while_it_is_down():
    ends = [0.5, 1, 1.5, 2, 3, 4.5, 9]
    found = run("return ends.map((end) => releasedAt(end, [1, 2, 4, 5, 8]));", ends=ends)
    assert found == [0.5, 2, 2, 2, 3, 5, 9]
    assert run("return releasedAt(3, []);") == 3


def test_places_are_said_in_bars_and_minutes():
    places = [0, 3.9, 4, 7.9, 99]
    found = run("const piece = pieceOf(data, null); return places.map((q) => positionText(piece, q));",
                data=scale_piece(), places=places)  # fmt: skip
    assert found == ["bar 1 · 0:00", "bar 1 · 0:01", "bar 2 · 0:02", "bar 2 · 0:03", "bar 2 · 0:49"]


def test_every_note_is_handed_over_once_before_it_sounds():
    found = play("player.setPiece(piece, null); await player.start(); until(5); return [struck, player.isPlaying];")
    struck, is_playing = found
    assert [pitch for pitch, *_ in struck] == list(range(60, 68))
    begin = struck[0][1]
    assert [when - begin for _, when, _ in struck] == pytest.approx([n / 2 for n in range(8)])
    assert [length for *_, length in struck] == pytest.approx([0.5] * 8)
    assert not is_playing


def test_a_loop_goes_round_without_a_gap():
    struck, place, is_playing = play("""
        player.setPiece(piece, [2, 4]);
        await player.start();
        until(4);
        return [struck, player.place, player.isPlaying];
    """)
    assert [pitch for pitch, *_ in struck][:6] == [62, 63, 62, 63, 62, 63]
    assert [b[1] - a[1] for a, b in pairwise(struck)] == pytest.approx([0.5] * (len(struck) - 1))
    assert 2 <= place < 4
    assert is_playing


def test_another_take_goes_on_at_the_same_place_and_takes_up_what_is_held():
    before, after, (pitch, _, length) = play("""
        player.setPiece(piece, null);
        await player.start();
        until(1.2);
        const before = player.place;
        struck.length = 0;
        player.setPiece(pieceOf(data, null), null);
        return [before, player.place, struck[0]];
    """)
    assert after == pytest.approx(before)
    assert pitch == 60 + int(before)
    assert length == pytest.approx((1 - before % 1) / 2)


def test_it_stops_where_it_is_and_goes_on_from_there():
    rest, still, pitches = play("""
        player.setPiece(piece, null);
        await player.start();
        until(1.2);
        await player.toggle();
        const rest = player.place;
        until(3);
        const still = player.place;
        struck.length = 0;
        await player.toggle();
        until(3.9);
        return [rest, still, struck.map((one) => one[0])];
    """)
    assert rest == still
    assert pitches[:2] == [60 + int(rest), 61 + int(rest)]


def test_another_take_does_not_lose_the_beat():
    times = play("""
        player.setPiece(piece, null);
        await player.start();
        until(1.2);
        struck.length = 0;
        player.setPiece(pieceOf(data, null), null);
        until(9);
        return struck.filter(([pitch]) => pitch > 62).map(([, when]) => when);
    """)
    begin = 0.06
    assert times == pytest.approx([begin + n / 2 for n in range(3, 8)])


def test_scripts_that_are_modules_elsewhere_are_plain_here():
    assert "import {" in (FOLDER / "synth.js").read_text(encoding="utf-8")
    for name in SCRIPTS:
        assert not re.search(r"^(import|export)\b", plain(name), re.MULTILINE)
