"""Nobody hears of work that is done in silence, and it is the same work."""

from symbolic_embed.library.progress import in_silence


def test_silence_gives_the_work_on_as_it_is():
    work = iter([1, 2])
    assert in_silence(work, 2) is work
    assert list(in_silence("ab", None)) == ["a", "b"]
