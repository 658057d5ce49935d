"""What comes out with nothing new in it is drawn again.

A composer may rest for as long as it likes, and what it writes may find no room. Neither is what anybody asked for. So
what lacks new notes, in the file as it was written and read again, is drawn again, from the same generator, which goes
on: the same request still gives the same music.
"""

from __future__ import annotations

from collections.abc import Callable

from symbolic_embed.outputs.seed_file import Output

REDRAWS = 6  # of draws that come out empty four times in ten, one in 500 still does


def drawn_again(
    draw: Callable[[], list[Output]], *, lacking: Callable[[Output], int], redraws: int = REDRAWS
) -> list[Output]:
    """What `draw` gives, each output exchanged for the one of later draws that lacks least; `lacking` counts what an
    output lacks. Draws go on while any lacks something, `redraws` times at most."""
    outputs = draw()
    lacks = [lacking(output) for output in outputs]
    for _ in range(redraws):
        if not any(lacks):
            break
        for number, output in enumerate(draw()):
            if lacks[number] and lacking(output) < lacks[number]:
                outputs[number], lacks[number] = output, lacking(output)
    return outputs
