"""The music for training: prepared once, rejected files named each time, what may not train told in a line."""

import pieces
import pytest

from symbolic_embed.commands.shared.music_data import Music, exit_code_of, prepared, training_data


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SYMBOLIC_EMBED_CACHE", str(tmp_path / "cache"))
    meta = {f"{n}.mid": {"split": "train", "cluster": str(n), "use": "study" if n else "ship"} for n in range(3)}
    return pieces.folder_of(tmp_path / "tunes", {name: pieces.piece(int(name[0])) for name in meta}, meta=meta)


def test_music_is_prepared_in_the_cache_and_found_there_again(folder, tmp_path, capsys):
    first = prepared(Music(data=[folder]))[1]
    assert first.folder.parent == tmp_path / "cache" / "symbolic_embed"
    assert prepared(Music(data=[folder]))[1].pieces == first.pieces
    assert exit_code_of(first) == 0
    assert capsys.readouterr().err == ""


def test_rejected_files_are_named_each_time_and_end_a_command_with_3(folder, capsys):
    (folder / "1.mid").write_bytes(b"no music")
    for _ in range(2):
        _, corpus = prepared(Music(data=[folder]))
        assert capsys.readouterr().err.startswith(f"rejected: {folder / '1.mid'}: not MIDI")
        assert exit_code_of(corpus) == 3


def test_what_may_not_train_is_said_in_a_line(folder, capsys):
    data = training_data(Music(data=[folder]), allow_study=False)
    assert [piece.split for piece in data.corpus.pieces] == ["train", "", ""]
    said = capsys.readouterr().err
    assert said.startswith("left out of training: 2 of the files")
    assert said.count("\n") == 1
    assert len(training_data(Music(data=[folder]), allow_study=True).corpus.pieces_of("train")) == 3
    assert capsys.readouterr().err == ""
