"""What a run says of its music: read, split, and whether it is enough."""

import pieces
import pytest

from symbolic_embed.commands.shared import own_music
from symbolic_embed.commands.shared.own_music import read_line, split_line, tell_music
from symbolic_embed.corpus.collection import load_collection
from symbolic_embed.corpus.prepared import prepare
from symbolic_embed.progress import Progress


def prepared(folder, cache, **meta):
    return prepare(load_collection([folder]), cache=cache, **meta)


def test_files_bars_and_parts_are_counted_and_rejected_ones_too(tmp_path):
    folder = pieces.folder_of(tmp_path / "music", {f"{n}.mid": pieces.piece(n, bars=3) for n in range(3)})
    pieces.folder_of(folder, {"tune.mid": pieces.piece(9, bars=2, parts=[pieces.melody])})
    (folder / "bad.mid").write_bytes(b"nothing")
    said = read_line(prepared(folder, tmp_path / "cache"))
    assert said == (
        "read: 4 files, 11 bars, 13 parts (3 drums, 3 bass, 4 melody, 3 chords); 1 rejected, each named above"
    )


def test_versions_are_kept_together_or_it_is_said_that_they_are_not(tmp_path):
    scores = {f"{n}.mid": pieces.piece(n, bars=12) for n in range(4)}
    scores["again.mid"] = pieces.transposed(scores["0.mid"], 3)
    folder = pieces.folder_of(tmp_path / "music", scores)
    assert split_line(prepared(folder, tmp_path / "cache")).endswith(
        "; 2 are versions of each other, in one group, each kept in one split"
    )
    meta = {name: {"split": "train" if name != "again.mid" else "valid"} for name in scores}
    pieces.folder_of(folder, {}, meta=meta)
    assert split_line(prepared(folder, tmp_path / "cache")) == (
        "split: 4 to learn from (train), 1 held out (valid), 0 kept for `evaluate` (test)"
        "; 2 are versions of each other, in one group, 1 of them in several splits"
    )


@pytest.mark.parametrize(("few", "fine_tuning", "warned"), [(18, False, False), (19, False, True), (19, True, False)])
def test_too_little_to_learn_from_alone_is_said_once_there_is(tmp_path, monkeypatch, capsys, few, fine_tuning, warned):
    """18 bars to learn from."""
    monkeypatch.setattr(own_music, "FEW_BARS", few)
    corpus = pieces.band_corpus(tmp_path)
    tell_music(corpus, Progress(), fine_tuning=fine_tuning)
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in lines] == ["read", "split", *(["warning"] if warned else [])]
    tell_music(corpus, Progress(quiet=True), fine_tuning=fine_tuning)
    assert capsys.readouterr().err == ""
