"""Answers out of the player's own music: a folder, a library, and either in place of a composer that is late."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from command_line import run
from composers import band_seed, composer_checkpoint, duo_seed, tiny_composer
from live_players import BEAT, Counting, hanging, quarters

import symbolic_embed
from symbolic_embed.bars import cut
from symbolic_embed.commands.verbs.live import LiveOptions, _lenders
from symbolic_embed.errors import UsageError
from symbolic_embed.live.answering import Answering
from symbolic_embed.live.asking import LIBRARY, Answer, Ask, Request, Wish
from symbolic_embed.live.borrowing import Borrowing
from symbolic_embed.live.notes import HeardBar, Note
from symbolic_embed.live.performance import Ahead
from symbolic_embed.live.rehearsing import Rehearsal
from symbolic_embed.live.replay import Replay
from symbolic_embed.live.sessions import Recording, lines_of
from symbolic_embed.live.worker import Start
from symbolic_embed.requests.live import LiveRequest
from symbolic_embed.score import read

BASS_OF_BAND = {36, 41, 43}
SLOW, FAST = 5.0, 0.05  # seconds
IN_C = HeardBar(0, tuple(Note(0, 12 * beat, 12, pitch, 80) for beat, pitch in enumerate((60, 64, 67, 72))))


class Lending:
    """Whoever stands in, without any music: a note whose pitch is 80 + the number of its bar."""

    def take(self, request: Request) -> Answer | None:
        if isinstance(request, Ask):
            return Answer(request.bar, (Note(0, 0, 24, 80 + request.bar, 0),), LIBRARY, 1.0)
        return None


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one band in C major."""
    folder = tmp_path_factory.mktemp("music")
    (folder / "band.mid").write_bytes(band_seed(bars=8).events.to_bytes())
    return folder


def lenders(music: Path) -> tuple[tuple[str, object], ...]:
    return tuple((str(path), cut(read(path))) for path in sorted(music.glob("*.mid")))


def answers(start: Start) -> list[Answer]:
    """What is answered to a player in C, four bars on."""
    answerer = start.answerer(start.model())
    asked = [answerer.take(Ask(bar + 1, IN_C._replace(number=bar), (), Wish())) for bar in range(4)]
    return [answer for answer in asked if answer is not None]


def test_a_folder_answers_with_what_was_played_there_and_a_library_of_it_the_same(music: Path, tmp_path: Path) -> None:
    checkpoint = composer_checkpoint(tmp_path / "checkpoint").folder
    symbolic_embed.build_library(tmp_path / "library", music, checkpoint=checkpoint).close()
    request = LiveRequest(parts="bass,drums")
    start = Start(request, ("bass", "drums"), checkpoint)
    of_folder, of_library = (
        answers(start._replace(lenders=_lenders(request, LiveOptions(source=str(source)))))
        for source in (music, tmp_path / "library")
    )
    assert [answer.notes for answer in of_folder] == [answer.notes for answer in of_library]
    assert [answer.by for answer in of_folder] == [LIBRARY] * 4
    bass, drums = ({note.pitch for one in of_folder for note in one.notes if note.part == part} for part in (0, 1))
    assert bass
    assert bass <= BASS_OF_BAND
    assert drums == {36, 38}


def test_what_is_borrowed_comes_in_the_key_that_is_heard(music: Path) -> None:
    borrowing = Borrowing.of(tiny_composer().embedder, lenders(music), LiveRequest(parts="bass"), parts=("bass",))
    in_d = IN_C._replace(notes=tuple(note._replace(pitch=note.pitch + 2) for note in IN_C.notes))
    answer = borrowing.take(Ask(1, in_d, (), Wish()))
    assert answer is not None
    assert answer.notes
    assert {note.pitch for note in answer.notes} <= {pitch + 2 for pitch in BASS_OF_BAND}


def test_a_part_that_nobody_plays_is_refused() -> None:
    alone = (("duo.mid", duo_seed().barred),)
    with pytest.raises(UsageError, match="no piece with drums"):
        Borrowing.of(tiny_composer().embedder, alone, LiveRequest(parts="drums"), parts=("drums",))


@pytest.mark.parametrize(("stand_in", "by", "pitch"), [(Lending(), "library", 83), (None, "pattern", 38)])
def test_where_the_composer_is_late_the_library_answers_and_without_one_the_last_bar(
    stand_in: Lending | None, by: str, pitch: int
) -> None:
    rehearsal = Rehearsal(
        LiveRequest(parts="bass"),
        Counting(),
        parts=("bass",),
        lead=0.4,
        seconds_for=lambda answer: {3: 1.0}.get(answer.bar, FAST),
    )
    rehearsal.stand_in = stand_in
    rehearsal.hear(quarters(20))
    rehearsal.run(until=8 * BEAT * 2 + 1)
    assert [one.answer.by for one in rehearsal.decided][:4] == ["decoder", "decoder", by, "decoder"]
    played = [message[1] for _, message in rehearsal.sent if message[0] & 0xF0 == 0x90]
    assert played[:4] == [37, 38, pitch, 40]


def test_a_session_with_a_slow_composer_plays_from_the_folder_and_replays_to_the_same_notes(music: Path) -> None:
    request, trained = LiveRequest(parts="bass", stand_in=True), tiny_composer()

    def composer() -> Answering:
        return Answering(trained, request, parts=("bass",))

    def library() -> Borrowing:
        return Borrowing.of(trained.embedder, lenders(music), request, parts=("bass",))

    rehearsal = Rehearsal(request, composer(), parts=("bass",), lead=0.4, seconds_for=lambda _: SLOW)
    rehearsal.stand_in = library()
    stream = io.StringIO()
    rehearsal.recording = Recording(stream, {})
    rehearsal.hear(quarters(16))
    rehearsal.run(until=30.0)
    assert [one.answer.by for one in rehearsal.decided][:3] == ["library"] * 3
    assert {message[1] for _, message in rehearsal.sent if message[0] & 0xF0 == 0x90} <= BASS_OF_BAND
    rehearsal.performance.end()
    assert hanging(rehearsal.sent) == []
    replay = Replay(request, parts=("bass",), ahead=Ahead(0.4), begin=[composer, library])
    lines = lines_of(io.StringIO(stream.getvalue()), source="text")
    next(lines)
    assert replay.run(lines) is None
    assert replay.count > 6


def test_standing_in_needs_music() -> None:
    result = run("live", "--in", "virtual:a", "--out", "virtual:b", "--stand-in")
    assert result.code == 2
    assert "--from" in result.err
