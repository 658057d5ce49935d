"""The order of playing, on bars that are letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symbolic_embed.notation.reading.repeats import playing_order
from symbolic_embed.notation.reading.sheet import RepeatSigns


def signs(*of_bars):
    """Signs from short words: `|:` `:|` `x3` `1` `1,2` segno coda tocoda fine DC DS."""
    found = []
    for words in of_bars:
        named = {
            "starts": "|:" in words.split(),
            "ends": ":|" in words.split(),
            "times": next((int(word[1:]) for word in words.split() if word.startswith("x")), 0),
            "endings": frozenset(int(n) for word in words.split() if word[0].isdigit() for n in word.split(",")),
            "segno": "segno" in words.split(),
            "coda": "coda" in words.split(),
            "to_coda": "tocoda" in words.split(),
            "fine": "fine" in words.split(),
            "jump": "capo" if "DC" in words.split() else "segno" if "DS" in words.split() else "",
        }
        found.append(RepeatSigns(**named))
    return found


def played(*of_bars, most=1000):
    return "".join("ABCDEFGHIJ"[bar] for bar in playing_order(signs(*of_bars), most=most))


@pytest.mark.parametrize(
    ("bars", "order"),
    [
        (["", "", ""], "ABC"),
        (["", ":|", ""], "ABABC"),
        (["", "|:", ":|", ""], "ABCBCD"),
        (["|: :| x3", ""], "AAAB"),
        ([":|", ":|", ""], "AABBC"),  # a missing sign: from where the last repeat ended
        (["|:", "1 :|", "2", ""], "ABACD"),
        (["|:", "1", "1 :|", "2", "2", ""], "ABCADEF"),
        (["|:", "1,2 :|", "3", ""], "ABABACD"),
        (["|:", "1 :|", "2 :|", ""], "ABACD"),  # as ABC tunes are often written
        (["|:", "1 :|", "2 |:", ":|", ""], "ABACDCDE"),  # the second ending opens the next repeat
        (["|:", "1 :|", "2", "|:", "1 :|", "2"], "ABACDEDF"),
        (["", "fine", "DC"], "ABCAB"),
        (["", "segno", "", "DS", ""], "ABCDBCDE"),
        (["|: :|", "", "DC"], "AABCABC"),  # no repeats on the way back
        (["|:", "1 :|", "2", "fine", "DC"], "ABACDEACD"),  # but the last ending
        (["", "tocoda", "DC", "coda", ""], "ABCABDE"),
        (["segno", "tocoda", "", "DS", "coda"], "ABCDABE"),
        (["2", ""], "AB"),  # an ending that no first one goes before
        (["DS", ""], "AAB"),  # no segno: from the beginning
        (["tocoda", "DC"], "ABAB"),  # no coda: the word is passed over
    ],
)
def test_the_order_that_players_take(bars, order):
    assert played(*bars) == order


def test_there_is_an_end_to_it():
    assert len(played("|: :| x99", "|: :| x99", "DC", most=50)) == 50
    assert len(played("|: :| x100000000")) == 99


words = st.lists(
    st.sampled_from(["|:", ":|", "x3", "1", "2", "1,2", "segno", "coda", "tocoda", "fine", "DC", "DS"]), max_size=3
)


@given(st.lists(words.map(" ".join), max_size=10))
def test_any_signs_have_an_order(bars):
    made = signs(*bars)
    order = playing_order(made, most=2000)
    assert len(order) < 2000
    assert all(0 <= bar < len(bars) for bar in order)
    ended = any(sign.fine or sign.to_coda for sign in made) and any(sign.jump for sign in made)
    plain = {bar for bar, sign in enumerate(made) if not sign.endings}
    assert ended or plain <= set(order)
