"""Ticks a quarter, and film time."""

import pytest

from symbolic_embed.score.reading.timebase import TimeBase


@pytest.mark.parametrize("word", [1, 96, 480, 0x7FFF])
def test_a_word_without_the_top_bit_is_ticks_a_quarter(word):
    assert TimeBase.of(word) == TimeBase(word, word, 500_000, False)


@pytest.mark.parametrize(
    ("frames", "ticks", "rate"),
    [(24, 40, 960), (25, 40, 1000), (30, 80, 2400), (29, 100, 100 * 30000 / 1001), (25, 1, 25)],
)
def test_film_time_keeps_its_seconds(frames, ticks, rate):
    base = TimeBase.of((256 - frames) << 8 | ticks)
    assert base.is_clock
    assert base.microseconds * rate / base.division == pytest.approx(1e6, rel=1e-5)
    assert base.microseconds == pytest.approx(500_000, rel=0.05)


def test_24_frames_of_40_ticks_are_480_ticks_a_quarter_at_120():
    base = TimeBase.of(0xE828)
    assert (base.division, base.microseconds, str(base)) == (480, 500_000, "24 frames a second, 40 ticks a frame")


@pytest.mark.parametrize("word", [0, 0xFFFF, 0x8000, 0x9C01, 0xE700])
def test_what_is_no_time_is_refused(word):
    with pytest.raises(ValueError, match="the file is damaged"):
        TimeBase.of(word)
