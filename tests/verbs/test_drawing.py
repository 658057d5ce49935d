"""What lacks something is drawn again, the best of all draws stays, and it is over once nothing lacks anything."""

from symbolic_embed.outputs.seed_file import Output
from symbolic_embed.verbs.drawing import drawn_again


def drawn(*draws, redraws=6):
    """What comes of draws of letters, an output each, that lack 0 (a), 1 (b) or 2 (c); and how often was drawn."""
    left = list(draws)
    outputs = drawn_again(
        lambda: [Output(letter, None, {}) for letter in left.pop(0)],
        lacking=lambda output: "abc".index(output.name.lower()),
        redraws=redraws,
    )
    return "".join(output.name for output in outputs), len(draws) - len(left)


def test_each_is_the_first_of_those_that_lack_least():
    assert drawn("aA", "cc") == ("aA", 1)
    assert drawn("ca", "bA", "AA", "aa") == ("Aa", 3)
    assert drawn("cc", "bc", "cb", "Ba", redraws=2) == ("bb", 3)
    assert drawn("cb", "aa", redraws=0) == ("cb", 1)
