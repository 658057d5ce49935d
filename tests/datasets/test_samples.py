"""The sample pieces: written as their sources say, barred correctly, and the way sequencers expect them."""

import json
import re
import sys
from collections import Counter, defaultdict
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path

import mido
import pytest
import symusic

SAMPLES = Path(__file__).parents[2] / "datasets" / "samples"
sys.path.insert(0, str(SAMPLES))

import abc_notation  # noqa: E402
import make_samples  # noqa: E402
import metres  # noqa: E402
import midi_file  # noqa: E402
import seed_band  # noqa: E402
import strumming  # noqa: E402

MIDI_FILES = sorted(SAMPLES.glob("midi/*.mid"))
ABC_FILES = sorted(SAMPLES.glob("abc/*.abc"))
QUARTER = midi_file.TICKS_A_QUARTER

each_midi_file = pytest.mark.parametrize("path", MIDI_FILES, ids=lambda path: path.stem)
each_abc_file = pytest.mark.parametrize("path", ABC_FILES, ids=lambda path: path.stem)

HEADER = "X:1\nT:Test\nC:Nobody\nG:test\nM:{metre}\nL:1/8\nQ:1/4=60\nK:{key}\n"


def read(music, *, metre="3/4", key="C"):
    """The tune of one voice with this music."""
    return abc_notation.read_tune(HEADER.format(metre=metre, key=key) + f'V:1 name="Flute"\n{music}\n')


@cache
def read_midi(path):
    """The file as mido reads it; no test changes it."""
    return mido.MidiFile(path)


def melody(tune):
    """(onset, length, pitch) of the first voice, in quarters."""
    return [(note.onset, note.length, note.pitch) for note in tune.voices[0].notes]


def timed(track):
    """(tick, message) of a track."""
    now = 0
    for message in track:
        now += message.time
        yield now, message


def notes_in(track):
    """(onset, length, pitch, velocity) of a track as a plain reader pairs them; no note may be left open."""
    sounding, notes = {}, []
    for tick, message in timed(track):
        if message.type == "note_on" and message.velocity > 0:
            assert message.note not in sounding, f"pitch {message.note} begins twice at {tick}"
            sounding[message.note] = (tick, message.velocity)
        elif message.type in ("note_on", "note_off"):
            onset, velocity = sounding.pop(message.note)
            notes.append((onset, tick - onset, message.note, velocity))
    assert not sounding
    return sorted(notes)


def test_files_are_what_the_sources_say(tmp_path):
    make_samples.main(tmp_path)
    assert [path.name for path in MIDI_FILES] == sorted(path.name for path in (tmp_path / "midi").iterdir())
    for path in MIDI_FILES:
        assert path.read_bytes() == (tmp_path / "midi" / path.name).read_bytes(), f"{path.name}: run make_samples.py"
    assert (SAMPLES / "meta.jsonl").read_text() == (tmp_path / "meta.jsonl").read_text()


def test_list_names_every_file_and_versions_share_their_group():
    records = [json.loads(line) for line in (SAMPLES / "meta.jsonl").read_text().splitlines()]
    assert [record["path"] for record in records] == [f"midi/{path.name}" for path in MIDI_FILES]
    assert {(record["split"], record["licence"], record["use"]) for record in records} == {("train", "CC0-1.0", "ship")}
    groups = Counter(record["group"] for record in records)
    assert groups.pop("ah_vous_dirai_je") == 3
    assert set(groups.values()) == {1}


@each_midi_file
def test_readme_tells_bars_and_tracks(path):
    row = re.search(rf"^\| {path.stem} \|.*$", (SAMPLES / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    bars, tracks = [cell.strip() for cell in row[0].split("|")][6:8]
    barlines = barlines_of(read_midi(path))
    assert sum(map(int, bars.split("+"))) == len(barlines) - 1
    assert int(tracks) == len(read_midi(path).tracks) - 1


def barlines_of(midi):
    """The ticks of all barlines, the last one included, following the metres of the first track."""
    metre_at = {tick: message for tick, message in timed(midi.tracks[0]) if message.type == "time_signature"}
    end = sum(message.time for message in midi.tracks[0])
    barlines, length = [0], 0
    while barlines[-1] < end:
        metre = metre_at.pop(barlines[-1], None)
        if metre is not None:
            length = 4 * QUARTER * metre.numerator // metre.denominator
        barlines.append(barlines[-1] + length)
    assert not metre_at, "a metre changes within a bar"
    return barlines


@each_midi_file
def test_bars_fill_the_piece_and_tracks_end_with_the_last_bar(path):
    midi = read_midi(path)
    ends = {sum(message.time for message in track) for track in midi.tracks}
    assert ends == {barlines_of(midi)[-1]}
    assert all(track[-1].type == "end_of_track" for track in midi.tracks)


@each_abc_file
def test_every_bar_of_every_voice_adds_up(path):
    tune = abc_notation.read_tune(path.read_text(encoding="utf-8"))
    for voice in tune.voices:
        assert voice.bars == tune.bars
        assert all(before.onset + before.length == after.onset for before, after in pairwise(voice.bars))
        assert not any(bar.is_pickup for bar in voice.bars[1:])
        last = voice.bars[-1]
        assert max(note.end for note in voice.notes) <= last.onset + last.length
    assert 8 <= len(tune.bars) <= 40


@each_abc_file
def test_source_names_its_provenance(path):
    assert re.search(r"^N:.*(public domain|[Oo]wn composition)", path.read_text(encoding="ascii"), re.MULTILINE)


@each_midi_file
def test_symusic_and_mido_read_the_same_notes(path):
    score = symusic.Score.from_midi(path.read_bytes())
    by_mido = [notes for track in read_midi(path).tracks if (notes := notes_in(track))]
    by_symusic = [
        sorted((note.time, note.duration, note.pitch, note.velocity) for note in track.notes)
        for track in score.tracks
        if track.notes
    ]
    assert by_symusic == by_mido


@each_midi_file
def test_files_keep_the_conventions_of_sequencers(path):
    midi = read_midi(path)
    conductor, *parts = midi.tracks
    assert (midi.type, midi.ticks_per_beat) == (1, QUARTER)
    assert all(message.is_meta for message in conductor)
    first_tick = {message.type for tick, message in timed(conductor) if tick == 0}
    assert {"track_name", "set_tempo", "time_signature", "key_signature"} <= first_tick
    music_ends = max(onset + length for part in parts for onset, length, *_ in notes_in(part))
    assert all(tick < music_ends for tick, message in timed(conductor) if message.type == "set_tempo")
    used = [{message.channel for message in part if not message.is_meta} for part in parts]
    assert all(len(channels) == 1 for channels in used)
    assert len(set.union(*used)) == len(parts)
    for part in parts:
        assert [message.type for message in part[:2]] == ["track_name", "program_change"]
        assert part[0].time == part[1].time == 0
        assert part.name.isascii()
        assert all(1 <= velocity <= 127 for *_, velocity in notes_in(part))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("greensleeves", [(0, "1/8"), (240, "6/8")]),
        ("irish_washerwoman", [(0, "1/8"), (240, "6/8")]),
        ("auld_lang_syne", [(0, "1/4"), (480, "4/4")]),
        ("five_lanterns", [(0, "5/4"), (8 * 2400, "3/4"), (8 * 2400 + 8 * 1440, "5/4")]),
    ],
)
def test_pickups_and_changes_of_metre(name, expected):
    conductor = read_midi(SAMPLES / "midi" / f"{name}.mid").tracks[0]
    metre_changes = [
        (tick, f"{message.numerator}/{message.denominator}")
        for tick, message in timed(conductor)
        if message.type == "time_signature"
    ]
    assert metre_changes == expected


@pytest.mark.parametrize(
    ("name", "leader", "follower", "bars_later", "lower_by"),
    [
        ("frere_jacques", 0, 1, 2, 0),
        ("frere_jacques", 0, 2, 4, 12),
        ("frere_jacques", 0, 3, 6, 12),
        ("falling_ground", 0, 1, 4, 0),
    ],
)
def test_canons_imitate(name, leader, follower, bars_later, lower_by):
    tune = abc_notation.read_tune((SAMPLES / "abc" / f"{name}.abc").read_text(encoding="utf-8"))
    first, second = (tune.voices[number].notes for number in (leader, follower))
    imitated = [(note.onset + 4 * bars_later, note.length, note.pitch - lower_by) for note in first]
    answered = [(note.onset, note.length, note.pitch) for note in second]
    shared = min(len(imitated), len(answered)) - 1
    assert shared >= 56
    assert answered[:shared] == imitated[:shared]


@pytest.fixture(scope="module")
def band():
    """The band as a reader finds it."""
    return read_midi(SAMPLES / "midi" / "seed_band.mid")


def test_band_has_its_players(band):
    programmes = {part.name: (part[1].program, part[1].channel) for part in band.tracks[1:]}
    assert programmes == {
        "Flute": (73, 0),
        "Electric piano": (4, 1),
        "Strings": (48, 2),
        "Bass": (33, 3),
        "Drums": (0, 9),
    }
    assert len(barlines_of(band)) == 17


def test_band_slows_down_at_the_end(band):
    tempi = [message.tempo for _, message in timed(band.tracks[0]) if message.type == "set_tempo"]
    assert len(tempi) >= 3
    assert tempi == sorted(tempi)
    assert round(mido.tempo2bpm(tempi[0])) == 104


def test_band_marks_its_form(band):
    markers = [
        (tick // (16 * QUARTER), message.text) for tick, message in timed(band.tracks[0]) if "text" in vars(message)
    ]
    assert markers == [(0, "A"), (1, "A'"), (2, "B"), (3, "A")]


def test_band_moves_its_controllers(band):
    moved = defaultdict(set)
    for part in band.tracks[1:]:
        for message in part:
            if message.type == "control_change":
                moved[part.name].add(message.control)
    assert all({midi_file.VOLUME, midi_file.PAN} <= controls for controls in moved.values())
    assert midi_file.SUSTAIN_PEDAL in moved["Electric piano"]
    assert midi_file.EXPRESSION in moved["Strings"]
    pedal = [
        message.value for message in band.tracks[2] if getattr(message, "control", None) == midi_file.SUSTAIN_PEDAL
    ]
    assert pedal == [127, 0] * (len(pedal) // 2)


def test_band_velocities_vary(band):
    for part in band.tracks[1:]:
        assert len({velocity for *_, velocity in notes_in(part)}) >= 8, part.name


def test_crash_opens_each_section_and_every_grid_is_a_bar():
    assert {len(row) for grid in seed_band.DRUM_BARS for row in grid.values()} == {16}
    crashes = [number for number, grid in enumerate(seed_band.DRUM_BARS) if seed_band.CRASH in grid]
    assert crashes == [0, 4, 8, 12, 15]


def test_an_accidental_holds_until_the_barline():
    assert [pitch for *_, pitch in melody(read("^c2 c2 c,2|c6|"))] == [73, 73, 60, 72]


def test_the_key_raises_and_lowers():
    assert [pitch for *_, pitch in melody(read("F2 B2 =F2|", key="Edor"))] == [66, 71, 65]
    assert [pitch for *_, pitch in melody(read("B2 E2 A2|", key="Gm"))] == [70, 63, 69]


def test_ties_join_notes_and_chords_over_the_barline():
    assert melody(read("z4 [CE]2-|[CE]6|")) == [(2, 4, 60), (2, 4, 64)]


def test_a_triplet_takes_the_time_of_two():
    third = Fraction(1, 3)
    assert melody(read("(3CDE F4|")) == [(0, third, 60), (third, third, 62), (2 * third, third, 64), (1, 2, 65)]


def test_layers_share_their_bar():
    assert melody(read("C6 & zE5|")) == [(0, 3, 60), (Fraction(1, 2), Fraction(5, 2), 64)]


def test_a_pickup_is_accented_from_its_end():
    velocities = [note.velocity for note in read("C D|E2 F2 G2|").voices[0].notes]
    plain = abc_notation.VELOCITIES["mf"]
    assert velocities == [plain, plain + metres.OFFBEAT_ACCENT, plain + metres.DOWNBEAT_ACCENT, plain, plain]


@pytest.mark.parametrize(
    ("music", "message"),
    [
        ("C6|D2 E2|", r"Test, Flute, bar 2: 4 units instead of 6 in 'D2 E2'"),
        ("C8|", r"bar 1: 8 units instead of 6"),
        ("C6 & D4|", r"bar 1: 4 and 6 units"),
        ("C6|D2 ~E4|", r"bar 2: '~E4' begins with a sign that is not read here"),
        ("C6-|D6|", r"Flute: a tie leads to no note"),
        ("C2-D2C2|", r"bar 1: a tie to pitch 60 skips other notes"),
    ],
)
def test_faults_are_named_with_their_place(music, message):
    with pytest.raises(ValueError, match=message):
        read(music)


def test_voices_with_different_bars_are_refused():
    with pytest.raises(ValueError, match="Test: the bars of Bass differ from those of Flute"):
        read('C6|D6|\nV:2 name="Bass"\nC,6|')


def test_an_unknown_key_is_refused():
    with pytest.raises(ValueError, match="unknown key 'Hm'"):
        read("C6|", key="Hm")


def test_a_pitch_struck_while_it_sounds_is_refused():
    notes = (midi_file.Note(Fraction(0), Fraction(2), 60, 80), midi_file.Note(Fraction(1), Fraction(1), 60, 80))
    with pytest.raises(ValueError, match="Flute: pitch 60 begins at 1 but sounds until 2"):
        midi_file.refuse_overlaps(midi_file.Part("Flute", 73, notes))


def test_a_time_between_two_ticks_is_refused():
    with pytest.raises(ValueError, match="not a whole number"):
        midi_file.ticks(Fraction(1, 7))


def test_the_guitar_plays_bass_then_chord():
    tune = read('"C"C6|"G7"G,6|"C"C6|')
    struck = [(note.onset, note.pitch) for note in strumming.strum(tune.voices[0]).notes]
    c_major, g_seventh = (52, 55, 60), (53, 55, 59, 62)
    assert struck == [
        *((0, 48), *((1, pitch) for pitch in c_major), *((2, pitch) for pitch in c_major)),
        *((3, 43), *((4, pitch) for pitch in g_seventh), *((5, pitch) for pitch in g_seventh)),
        *((6, 48), *((6, pitch) for pitch in c_major)),
    ]
