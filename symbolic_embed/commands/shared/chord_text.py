"""Chords that stand in a file: as text, or played."""

from __future__ import annotations

from pathlib import Path

from symbolic_embed.errors import UsageError, printable

LONGEST = 100_000  # letters of a text that can be chords


def chord_text(given: str) -> str:
    """What `--chords` was given, as text: where a file is called so, what stands in it, or, where it is music, the
    chords of its bars. Raises UsageError for a file that holds neither, MidiError for damaged music."""
    path = Path(given)
    if not ("." in given or "/" in given or "\\" in given) or not path.is_file():
        return given
    from symbolic_embed.bars import cut
    from symbolic_embed.composing.chords import chords_in
    from symbolic_embed.files.kinds import kind_of
    from symbolic_embed.score import file_bytes, parse

    data = file_bytes(given)
    if kind_of(data, given):
        return chords_in(cut(parse(data, source=given).score())).text
    try:
        text = data[: LONGEST + 1].decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if not text.strip() or len(text) > LONGEST:
        raise UsageError(f"`chords` {printable(given)}: holds neither chords as text nor music", field="chords")
    return text
