"""Questions and answers as JSON, for another machine; and read from what it sends, which is trusted with nothing."""

from __future__ import annotations

from typing import Any

from symbolic_embed.live.asking import CLOSING, DECODER, LIBRARY, Answer, Ask, Played, Request, Wish
from symbolic_embed.live.capture import MOST_NOTES
from symbolic_embed.live.notes import MOST_STEPS, HeardBar, Note

MOST_BARS = 1 << 31
LONGEST_TEXT = 64
ANSWERED_BY = (DECODER, LIBRARY, CLOSING)


def fields_of_request(request: Request) -> dict[str, Any]:
    """What is told or asked."""
    fields = {"heard": [request.heard.number, request.heard.notes, request.heard.held], "own": request.own}
    if isinstance(request, Ask):
        return {"ask": request.bar, "wish": request.wish, "draw": request.draw, **fields}
    return {"played": True, **fields}


def request_of(fields: dict[str, Any]) -> Request:
    """What was told or asked. Raises ValueError for what is neither."""
    try:
        number, notes, held = fields["heard"]
        heard = HeardBar(whole(number, -1, MOST_BARS), _notes(notes), _notes(held))
        own = _notes(fields["own"])
        if "ask" not in fields:
            return Played(heard, own)
        density, higher, perturb, closes = fields["wish"]
        wish = Wish(real(density, 0, 1e3), whole(higher, -127, 127), real(perturb, 0, 1), bool(closes))
        return Ask(whole(fields["ask"], 0, MOST_BARS), heard, own, wish, whole(fields["draw"], 0, MOST_BARS))
    except (KeyError, TypeError) as fault:
        raise ValueError(f"no question: {fault}") from None


def fields_of_answer(answer: Answer) -> dict[str, Any]:
    """An answer."""
    return {"answer": answer._asdict()}


def answer_of(fields: dict[str, Any], *, parts: int) -> Answer:
    """An answer for so many parts. Raises ValueError for what is none."""
    try:
        said = fields["answer"]
        notes, by = _notes(said["notes"]), said["by"]
        if by not in ANSWERED_BY or any(note.part >= parts for note in notes):
            raise ValueError(f"no answer for {parts} parts")
        chord, key = (str(said[name])[:LONGEST_TEXT] for name in ("chord", "key"))
        return Answer(whole(said["bar"], 0, MOST_BARS), notes, by, real(said["milliseconds"], 0, 1e9), chord, key)
    except (KeyError, TypeError) as fault:
        raise ValueError(f"no answer: {fault}") from None


def _notes(rows: Any) -> tuple[Note, ...]:
    if not isinstance(rows, list) or len(rows) > MOST_NOTES:
        raise ValueError("no notes")
    return tuple(_note(*row) for row in rows)


def _note(part: Any, step: Any, length: Any, pitch: Any, velocity: Any) -> Note:
    return Note(
        whole(part, 0, 15),
        whole(step, 0, MOST_STEPS),
        whole(length, 1, MOST_BARS),
        whole(pitch, 0, 127),
        whole(velocity, 0, 127),
    )


def whole(number: Any, least: int, most: int) -> int:
    """A number that was read, if it is whole and in these bounds. Raises ValueError."""
    if isinstance(number, bool) or not isinstance(number, int) or not least <= number <= most:
        raise ValueError(f"{number!r} is no whole number from {least} to {most}")
    return number


def real(number: Any, least: float, most: float) -> float:
    """A number that was read, if it is in these bounds. Raises ValueError."""
    if isinstance(number, bool) or not isinstance(number, int | float) or not least <= number <= most:
        raise ValueError(f"{number!r} is no number from {least} to {most}")
    return float(number)
