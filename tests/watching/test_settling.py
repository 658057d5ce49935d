"""Which clips are whole, by a clock that the test holds: a clip settles after a second and a half."""

from symbolic_embed.watching.settling import Settling
from symbolic_embed.watching.snapshot import Stamp

FIRST, MORE = Stamp(100, 1), Stamp(200, 2)


def test_a_clip_is_whole_when_it_has_not_changed_for_a_while():
    settling = Settling()
    settling.look({"a.mid": FIRST}, now=0)
    assert settling.whole(now=1) == []
    settling.look({"a.mid": MORE}, now=1)
    assert settling.whole(now=2) == []
    settling.look({"a.mid": MORE}, now=2)
    assert settling.whole(now=2.5) == ["a.mid"]


def test_a_clip_that_is_done_waits_for_a_change():
    settling = Settling()
    settling.look({"a.mid": FIRST, "b.mid": FIRST}, now=0)
    settling.done("a.mid")
    assert (settling.whole(now=9), settling.waits()) == (["b.mid"], True)
    settling.done("b.mid")
    assert (settling.whole(now=9), settling.waits()) == ([], False)
    settling.look({"a.mid": MORE, "b.mid": FIRST}, now=9)
    assert settling.whole(now=11) == ["a.mid"]
    assert settling.stamp_of("a.mid") == MORE


def test_a_clip_that_went_and_came_back_is_new():
    settling = Settling()
    settling.look({"a.mid": FIRST}, now=0)
    settling.done("a.mid")
    settling.look({}, now=1)
    settling.look({"a.mid": FIRST}, now=2)
    assert settling.whole(now=4) == ["a.mid"]


def test_one_that_changed_while_it_was_read_settles_once_more():
    settling = Settling()
    settling.look({"a.mid": FIRST}, now=0)
    settling.again("a.mid", now=2)
    assert settling.whole(now=3) == []
    assert settling.whole(now=3.5) == ["a.mid"]
