"""Bytes through a pipe."""

import io

from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.workers.frames import read_frame, write_frame


@given(st.lists(st.binary(max_size=20)))
def test_what_is_written_is_read(pieces):
    pipe = io.BytesIO()
    for piece in pieces:
        write_frame(pipe, piece)
    pipe.seek(0)
    assert [read_frame(pipe) for _ in pieces] == pieces
    assert read_frame(pipe) is None


def test_a_frame_that_is_cut_short_or_too_long_is_none():
    assert read_frame(io.BytesIO(b"\0\0\0\5abc")) is None
    assert read_frame(io.BytesIO(b"\0\0")) is None
    assert read_frame(io.BytesIO(b"\xff\xff\xff\xffabc")) is None
    assert read_frame(io.BytesIO(b"\0\0\0\3abc"), most=2) is None
