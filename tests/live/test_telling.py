"""Questions and answers as JSON: they come as they were sent, and what makes no sense is refused."""

from __future__ import annotations

import contextlib
import json

from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.live.asking import DECODER, Answer, Ask, Played, Wish
from symbolic_embed.live.notes import HeardBar, Note
from symbolic_embed.live.telling import answer_of, fields_of_answer, fields_of_request, request_of

NOTES = st.lists(
    st.builds(
        Note, st.integers(0, 15), st.integers(0, 47), st.integers(1, 99), st.integers(0, 127), st.integers(0, 127)
    ),
    max_size=4,
).map(tuple)
BARS = st.builds(HeardBar, st.integers(-1, 9999), NOTES, NOTES)
WISHES = st.builds(Wish, st.floats(0, 16), st.integers(-12, 12), st.floats(0, 1), st.booleans())


@given(
    st.one_of(
        st.builds(Played, BARS, NOTES), st.builds(Ask, st.integers(0, 9999), BARS, NOTES, WISHES, st.integers(0, 9))
    )
)
def test_questions_come_as_they_were_sent(request: Played | Ask) -> None:
    assert request_of(json.loads(json.dumps(fields_of_request(request)))) == request


@given(NOTES)
def test_answers_come_as_they_were_sent(notes: tuple[Note, ...]) -> None:
    answer = Answer(3, notes, DECODER, 12.5, "Am", "C major")
    assert answer_of(json.loads(json.dumps(fields_of_answer(answer))), parts=16) == answer


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3)),
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["ask", "heard", "own", "wish", "draw", "answer", "played"]), JSON))
def test_what_makes_no_sense_is_a_value_error_and_nothing_else(fields: dict[str, object]) -> None:
    for read in (request_of, lambda one: answer_of(one, parts=2)):
        with contextlib.suppress(ValueError):
            read(fields)
