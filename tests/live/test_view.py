"""What a session shows, in words."""

from __future__ import annotations

from symbolic_embed.live.view import account_in_words

SENT = {"messages": 63, "left_out": 3, "numbers_left_out": [1, 2, 3], "late_ms": {"p50": 0.1, "worst": 4.25}}


def test_how_a_session_went_is_said_in_words_with_what_helps_where_answers_were_late() -> None:
    account = {"bars": {"decoder": 6, "pattern": 2, "rest": 1}, "late_answers": 2, "sent": SENT}
    assert account_in_words(account, lead=0.6) == (
        "9 bars (decoder 6, pattern 2, rest 1); 2 of 8 answers were late; --lead-ms 900 begins them earlier; "
        "63 messages, at most 4.2 ms late, 3 left out"
    )


def test_of_a_session_in_which_nothing_was_played_or_whose_sender_is_gone_nothing_is_made_up() -> None:
    assert account_in_words({"bars": {}, "late_answers": 0, "sent": {}}, lead=0.6) == "0 bars"
