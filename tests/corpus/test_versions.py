"""Passages and their others: the same bars again, or those of another file that can be laid beside it."""

from dataclasses import replace

import numpy as np
import pieces
import pytest

from symbolic_embed.corpus.collection import load_collection
from symbolic_embed.corpus.prepared import prepare
from symbolic_embed.corpus.versions import PARTS, VersionSampler
from symbolic_embed.errors import CorpusError
from symbolic_embed.score import Notes, Score, TimeSignature, Track

BARS = 4


def in_three(score):
    return replace(score, time_signatures=(TimeSignature(0, 3, 4),))


def with_more_parts(score, count):
    """The first part again and again."""
    return replace(score, tracks=score.tracks + score.tracks[:1] * count)


def corpus_of(folder, sets):
    """`sets`: by name, files with a score and a cluster each."""
    for name, files in sets.items():
        scores = {f"{file}.mid": score for file, (score, _) in files.items()}
        meta = {f"{file}.mid": {"split": "train", "cluster": cluster} for file, (_, cluster) in files.items()}
        pieces.folder_of(folder / "music" / name, scores, meta=meta)
    return prepare(load_collection([folder / "music"]), cache=folder / "cache")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Two sets; in one of them a tune, its copy in another key, an unrelated piece said to be a version of it, one that
    is a bar longer; and a piece of nine parts."""
    tune = pieces.piece(1, bars=8)
    versions = {
        "tune": (tune, "tune"),
        "higher": (pieces.transposed(tune, 5), "tune"),
        "unrelated": (pieces.piece(2, bars=8), "tune"),
        "longer": (pieces.piece(1, bars=9), "tune"),
        "many": (with_more_parts(pieces.piece(3, bars=8), 5), "many"),
    }
    others = {f"three{n}": (in_three(pieces.piece(n, bars=6)), f"three{n}") for n in (4, 5)}
    others |= {f"four{n}": (pieces.piece(n, bars=5), f"four{n}") for n in (6, 7)}
    return corpus_of(tmp_path_factory.mktemp("versions"), {"band": versions, "others": others})


def number(corpus, name):
    (found,) = (number for number, piece in enumerate(corpus.pieces) if piece.path.endswith(f"/{name}.mid"))
    return found


def draw(corpus, count=40, *, seed=0, bars=BARS):
    return VersionSampler(corpus, split="train", bars=bars).draw(count, random=np.random.default_rng(seed))


def start_of(corpus, rows, passage):
    """Piece and first window of a passage, from its cells."""
    mine = rows.passage == passage
    (piece,) = set(corpus.cells.piece[rows.window[mine]].tolist())
    together = int(rows.part_of_bar[mine].max()) + 1  # windows of a bar
    place = rows.bar[mine] * together + rows.part_of_bar[mine]
    (start,) = set((corpus.cells.ordinal[rows.window[mine]] - place).tolist())
    return piece, start


def test_rows_are_the_cells_of_bars_in_a_row_of_one_piece(corpus):
    drawn = draw(corpus)
    cells, bars = corpus.cells, corpus.bars
    for rows in (drawn.anchors, drawn.others):
        assert rows.roles.shape == (40, PARTS)
        assert rows.steps.shape == (40, BARS)
        for passage in range(40):
            piece, start = start_of(corpus, rows, passage)
            mine = rows.passage == passage
            assert not rows.part_of_bar[mine].any()
            there = (cells.piece == piece) & (cells.ordinal >= start) & (cells.ordinal < start + BARS)
            wanted = set(np.flatnonzero(there & (cells.onsets > 0)).tolist())
            parts = {part: set(cells.track[rows.window[mine & (rows.part == part)]].tolist()) for part in range(PARTS)}
            tracks = [track for of_part in parts.values() for track in of_part]
            assert all(len(of_part) <= 1 for of_part in parts.values())
            assert len(set(tracks)) == len(tracks) == min(len(set(cells.track[list(wanted)])), PARTS)
            assert set(rows.window[mine].tolist()) == {one for one in wanted if cells.track[one] in tracks}
            for part, role in enumerate(rows.roles[passage]):
                heard = cells.role[rows.window[mine & (rows.part == part)]].tolist()
                assert set(heard) == ({role} if heard else set())
                assert heard or role == -1
            of_piece = bars.steps[bars.piece == piece]
            assert rows.steps[passage].tolist() == of_piece[start : start + BARS].tolist()


def in_metre(score, *signatures):
    """`signatures`: each with the quarter it stands at."""
    return replace(score, time_signatures=tuple(TimeSignature(at * pieces.QUARTER, *how) for at, how in signatures))


@pytest.mark.parametrize(("signature", "steps"), [((12, 8), 72), ((5, 4), 60)])
def test_bars_that_are_all_two_windows_long_are_taken_as_bars(tmp_path, signature, steps):
    """8 bars: a passage has the windows of four of them, both of every cell in which a note begins, and begins with a
    bar. A note begins in the second window of some cells alone, as in the first of others."""
    quarters = steps // 12
    scores = [pieces.piece(n, bars=2 * quarters, parts=(pieces.melody, pieces.chords)) for n in (1, 2)]
    sets = {f"{n}": (in_metre(score, (0, signature)), f"{n}") for n, score in enumerate(scores)}
    corpus = corpus_of(tmp_path, {"long": sets})
    assert [piece.bars for piece in corpus.pieces] == [8, 8]
    drawn = draw(corpus, 60)
    cells, starts = corpus.cells, set()
    for rows in (drawn.anchors, drawn.others):
        assert rows.steps.tolist() == [[steps] * BARS] * 60
        for passage in range(60):
            piece, start = start_of(corpus, rows, passage)
            mine = rows.passage == passage
            there = (cells.piece == piece) & (cells.ordinal >= start) & (cells.ordinal < start + 2 * BARS)
            assert sorted(rows.window[mine].tolist()) == np.flatnonzero(there).tolist()
            of_parts = [cells.track[rows.window[mine & (rows.part == part)]] for part in range(2)]
            assert all(len(set(tracks.tolist())) == 1 for tracks in of_parts)
            places = set(
                zip(*(column[mine].tolist() for column in (rows.part, rows.bar, rows.part_of_bar)), strict=True)
            )
            assert {(part, bar, 1 - which) for part, bar, which in places} == places
            starts.add(start)
    assert starts == {0, 2, 4, 6, 8}


def test_where_long_and_short_bars_change_each_window_counts_as_a_bar(tmp_path):
    """Three bars of 4/4 and one of 20/4, eight windows, are not four bars of two; nor are bars of 12/8 after one of
    4/4. Windows in which nothing begins are no cells then."""
    score = pieces.piece(1, bars=8, parts=(pieces.chords,))
    mixed = in_metre(score, (0, (4, 4)), (12, (20, 4)))
    upbeat = in_metre(pieces.piece(2, bars=7, parts=(pieces.chords,)), (0, (4, 4)), (4, (12, 8)))
    corpus = corpus_of(tmp_path, {"one": {"a": (mixed, "a"), "b": (upbeat, "b")}})
    assert [piece.bars for piece in corpus.pieces] == [4, 5]
    assert VersionSampler(corpus, split="train", bars=BARS).together.tolist() == [1, 1]
    rows = draw(corpus, 60).anchors
    assert not rows.part_of_bar.any()
    assert (corpus.cells.onsets[rows.window] > 0).all()
    lengths = {start_of(corpus, rows, passage): rows.steps[passage].tolist() for passage in range(60)}
    assert {start for _, start in lengths} == {0, 1, 2, 3, 4, 5}
    assert lengths[0, 2] == [48, 48, 48, 48]
    assert lengths[1, 0] == [48, 48, 24, 48]


def test_pieces_are_long_enough_by_their_bars_not_by_their_windows(tmp_path):
    scores = [in_metre(pieces.piece(n, bars=9), (0, (12, 8))) for n in (1, 2)]  # 6 bars, 12 windows
    corpus = corpus_of(tmp_path, {"one": {"a": (scores[0], "a"), "b": (scores[1], "b")}})
    assert len(VersionSampler(corpus, split="train", bars=6).pieces) == 2
    with pytest.raises(CorpusError, match="fewer than two pieces of 7 bars"):
        VersionSampler(corpus, split="train", bars=7)


def test_files_of_other_bars_are_not_laid_beside_each_other(tmp_path):
    """One chord throughout, 16 bars of 4/4 and 8 of 5/4: 16 windows each, and no bar beside the other."""

    def drone(quarters, signature):
        notes = Notes.of(np.arange(quarters) * pieces.QUARTER, *np.full((3, quarters), [[pieces.QUARTER], [60], [90]]))
        return in_metre(Score(pieces.QUARTER, (Track(notes),)), (0, signature))

    files = {"a": (drone(64, (4, 4)), "a"), "b": (drone(40, (5, 4)), "a"), "c": (drone(40, (5, 4)), "a")}
    corpus = corpus_of(tmp_path, {"one": files})
    sampler = VersionSampler(corpus, split="train", bars=BARS)
    assert sampler.windows.tolist() == [16, 16, 16]
    b, c = number(corpus, "b"), number(corpus, "c")
    assert sampler.others == {b: [c], c: [b]}


def test_passages_begin_everywhere_and_parts_are_numbered_by_chance(corpus):
    rows = draw(corpus, 400).anchors
    tune = [start_of(corpus, rows, passage) for passage in range(400)]
    assert {start for piece, start in tune if piece == number(corpus, "tune")} == set(range(8 - BARS + 1))
    assert len({tuple(roles) for roles in rows.roles.tolist()}) > 12
    many = [passage for passage, (piece, _) in enumerate(tune) if piece == number(corpus, "many")]
    left = {frozenset(corpus.cells.track[rows.window[rows.passage == passage]].tolist()) for passage in many}
    assert len(left) > 2
    assert {len(tracks) for tracks in left} == {PARTS}


def test_a_passage_where_little_sounds_is_avoided(tmp_path):
    """Four bars of music after twelve in which only every fourth has a note: it is drawn more often than one in 13."""
    (part,) = pieces.piece(1, bars=16, parts=(pieces.chords,)).tracks
    bar = part.notes.onset_ticks // (4 * pieces.QUARTER)
    columns = (part.notes.onset_ticks, part.notes.duration_ticks, part.notes.pitch, part.notes.velocity)
    notes = Notes.of(*(column[(bar >= 12) | (bar % 4 == 0)] for column in columns))
    score = Score(pieces.QUARTER, (replace(part, notes=notes),))
    corpus = corpus_of(tmp_path, {"one": {"a": (score, "a"), "b": (pieces.transposed(score, 1), "b")}})
    rows = draw(corpus, 300).anchors
    late = np.mean([start_of(corpus, rows, passage)[1] >= 11 for passage in range(300)])
    assert late > 0.35  # 2 of 13 at a time, of four tries


def test_the_other_is_the_same_bars_with_its_parts_numbered_alike(corpus):
    """Where one part is to be heard alone it must be the same in both."""
    drawn = draw(corpus, 80)
    assert 0 < drawn.from_file.sum() < 40
    for passage in np.flatnonzero(~drawn.from_file):
        both = [
            sorted(zip(*(column[rows.passage == passage].tolist() for column in columns), strict=True))
            for rows in (drawn.anchors, drawn.others)
            for columns in [(rows.part, rows.bar, rows.window)]
        ]
        assert both[0] == both[1]
        assert drawn.anchors.roles[passage].tolist() == drawn.others.roles[passage].tolist()


def test_another_file_lies_beside_its_anchor_and_sounds_alike(corpus):
    """The transposed copy does; the unrelated piece and the longer one of the same cluster do not."""
    sampler = VersionSampler(corpus, split="train", bars=BARS)
    tune, higher = (number(corpus, name) for name in ("tune", "higher"))
    assert sampler.others == {tune: [higher], higher: [tune]}
    drawn = draw(corpus, 1000)
    for passage in np.flatnonzero(drawn.from_file):
        piece, start = start_of(corpus, drawn.anchors, passage)
        assert start_of(corpus, drawn.others, passage) == ({tune: higher, higher: tune}[piece], start)
    pairs = [start_of(corpus, drawn.anchors, passage)[0] for passage in range(1000)]
    assert np.mean(drawn.from_file[np.isin(pairs, [tune, higher])]) == pytest.approx(0.25, abs=0.1)


def test_a_note_held_for_long_counts_as_long_as_it_sounds_in_each_bar(tmp_path):
    """A drone through all bars under one note a bar: half the sound each, in the first bar as in the last."""
    ticks = 4 * pieces.QUARTER
    onsets = np.array([0, *(bar * ticks for bar in range(4))])
    lengths = np.array([4 * ticks] + [ticks] * 4)
    notes = Notes.of(onsets, lengths, np.array([60, 67, 67, 67, 67]), np.full(5, 90))
    score = Score(pieces.QUARTER, (Track(notes),))
    corpus = corpus_of(tmp_path, {"one": {"a": (score, "a"), "b": (score, "a")}})
    shares = VersionSampler(corpus, split="train", bars=2)._pitch_classes(0)
    np.testing.assert_allclose(shares[:, [0, 7]], np.full((4, 2), 0.5**0.5))


def test_pairs_of_one_cluster_are_no_fair_negatives(corpus):
    drawn = draw(corpus)
    of = [corpus.pieces[start_of(corpus, drawn.anchors, passage)[0]].cluster for passage in range(40)]
    assert drawn.ignored.tolist() == [[one == other for other in of] for one in of]
    assert not drawn.ignored.all()


def test_styles_are_set_and_metre_and_a_batch_has_several_passages_of_each(corpus):
    sampler = VersionSampler(corpus, split="train", bars=BARS)
    names = [{corpus.pieces[piece].path.rsplit("/", 1)[1][:4] for piece in style} for style in sampler.styles]
    assert sorted(map(sorted, names)) == [["four"], ["high", "long", "many", "tune", "unre"], ["thre"]]
    drawn = draw(corpus, 31)
    styles = {piece: style for style, members in enumerate(sampler.styles) for piece in members.tolist()}
    counts = np.bincount([styles[start_of(corpus, drawn.anchors, passage)[0]] for passage in range(31)])
    assert sorted(counts.tolist()) == [10, 10, 11]


def test_passages_of_a_synthetic_style_are_a_tenth(tmp_path):
    for name in ("real", "rules"):
        scores = {f"{name}{n}.mid": pieces.piece(n, bars=8) for n in range(2)}
        meta = {one: {"split": "train", "synthetic": name == "rules"} for one in scores}
        pieces.folder_of(tmp_path / "music" / name, scores, meta=meta)
    corpus = prepare(load_collection([tmp_path / "music"]), cache=tmp_path / "cache")
    sampler = VersionSampler(corpus, split="train", bars=BARS)
    names = [corpus.pieces[style[0]].set_name for style in sampler.styles]
    assert dict(zip(names, sampler.style_shares, strict=True)) == pytest.approx({"real": 0.9, "rules": 0.1})


def test_where_no_two_pieces_are_of_one_style_all_are(tmp_path):
    corpus = corpus_of(tmp_path, {name: {name: (pieces.piece(n, bars=5), name)} for n, name in enumerate("ab")})
    drawn = draw(corpus, 12)
    assert {start_of(corpus, drawn.anchors, passage)[0] for passage in range(12)} == {0, 1}


def test_the_same_generator_gives_the_same_passages(corpus):
    one, same, other = (draw(corpus, seed=seed) for seed in (1, 1, 2))
    assert one.others.window.tolist() == same.others.window.tolist()
    assert one.anchors.part.tolist() == same.anchors.part.tolist()
    assert one.anchors.window.tolist() != other.anchors.window.tolist()


def test_too_short_pieces_are_refused(corpus):
    assert len(VersionSampler(corpus, split="train", bars=8).pieces) == 7
    with pytest.raises(
        CorpusError, match="fewer than two pieces of 9 bars in the train split; longer pieces are needed"
    ):
        VersionSampler(corpus, split="train", bars=9)
    with pytest.raises(CorpusError, match="in the valid split"):
        VersionSampler(corpus, split="valid", bars=BARS)
