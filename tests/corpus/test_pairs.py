"""Pairs: neighbours in one part of one piece, drawn by role and set; what must not be a negative is marked."""

import numpy as np
import pieces
import pytest
from strategies import contents

from symbolic_embed.bars import ROLES
from symbolic_embed.corpus.collection import load_collection
from symbolic_embed.corpus.pairs import LARGEST_SHARE, LARGEST_SYNTHETIC, ROLE_SHARES, PairSampler, capped_shares
from symbolic_embed.corpus.prepared import prepare
from symbolic_embed.errors import CorpusError


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return pieces.band_corpus(tmp_path_factory.mktemp("pairs"), count=6, bars=8)


@pytest.fixture(scope="module")
def cells(corpus):
    return PairSampler(corpus, corpus.cells, split="train", by_role=True)


def test_a_pair_is_two_neighbours_of_one_part_and_piece(corpus, cells):
    for sampler in (cells, PairSampler(corpus, corpus.bars, split="train", by_role=False)):
        table = sampler.table
        pairs = sampler.draw(500, random=np.random.default_rng(0))
        assert len(pairs) == 500
        assert (table.piece[pairs.anchors] == table.piece[pairs.positives]).all()
        assert (table.track[pairs.anchors] == table.track[pairs.positives]).all()
        assert (table.ordinal[pairs.anchors] + 1 == table.ordinal[pairs.positives]).all()
        assert (table.onsets[pairs.anchors] > 0).all()
        assert (table.onsets[pairs.positives] > 0).all()
        assert {corpus.pieces[piece].split for piece in table.piece[pairs.anchors]} == {"train"}


def test_every_pair_of_the_split_can_be_drawn_and_is_counted(cells):
    random = np.random.default_rng(0)
    drawn = {anchor for _ in range(40) for anchor in cells.draw(200, random=random).anchors.tolist()}
    assert len(drawn) == cells.size


def test_what_is_no_fair_negative_is_marked(cells):
    """The same piece, or a positive with the same notes; looked at pair by pair."""
    pairs = cells.draw(60, random=np.random.default_rng(1))
    notes = contents(cells.table.windows(pairs.positives))
    pieces_of = cells.table.piece[pairs.anchors].tolist()
    for i in range(60):
        for j in range(60):
            assert pairs.ignored[i, j] == (pieces_of[i] == pieces_of[j] or notes[i] == notes[j])


def test_a_bar_repeated_teaches_nothing(tmp_path):
    """A piece of the same bar eight times, and one of which only the last bar is new."""
    bar = pieces.melody(1, bars=1).notes
    shifted = [np.concatenate([bar.onset_ticks + 1920 * number for number in range(8)])]
    same = pieces.Notes.of(*shifted, *(np.tile(getattr(bar, n), 8) for n in ("duration_ticks", "pitch", "velocity")))
    pitches = np.where(same.onset_ticks >= 7 * 1920, same.pitch + 1, same.pitch)
    scores = {
        "same.mid": pieces.Score(480, (pieces.Track(same),)),
        "new.mid": pieces.Score(480, (pieces.Track(pieces.with_pitches(same, pitches)),)),
    }
    folder = pieces.folder_of(tmp_path / "music", scores, meta={name: {"split": "train"} for name in scores})
    corpus = prepare(load_collection([folder]), cache=tmp_path / "cache")
    sampler = PairSampler(corpus, corpus.cells, split="train", by_role=True)
    assert sampler.size == 1
    anchor = sampler.draw(1, random=np.random.default_rng(0)).anchors[0]
    assert corpus.pieces[corpus.cells.piece[anchor]].path.endswith("new.mid")
    assert corpus.cells.ordinal[anchor] == 6


def test_the_same_generator_gives_the_same_pairs(cells):
    one, same, other = (cells.draw(30, random=np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert one.anchors.tolist() == same.anchors.tolist()
    assert one.anchors.tolist() != other.anchors.tolist()


def test_roles_have_their_shares(cells):
    anchors = np.concatenate([cells.draw(50, random=np.random.default_rng(seed)).anchors for seed in range(400)])
    drawn = np.bincount(cells.table.role[anchors], minlength=4) / len(anchors)
    for role, share in ROLE_SHARES.items():
        assert drawn[ROLES.index(role)] == pytest.approx(share, abs=0.03)


def test_a_set_counts_by_the_square_root_of_its_pairs(tmp_path):
    """Of 3 pairs of bars and of 26 the second half of a batch is drawn as 1 to about 3."""
    for name, bars in (("small", 4), ("large", 28)):
        score = pieces.piece(bars, bars=bars, parts=(pieces.melody,))
        pieces.folder_of(tmp_path / "music" / name, {"a.mid": score}, meta={"a.mid": {"split": "train"}})
    corpus = prepare(load_collection([tmp_path / "music"]), cache=tmp_path / "cache")
    sampler = PairSampler(corpus, corpus.bars, split="train", by_role=False)
    few, many = sorted(map(len, sampler.groups))
    assert many > 8 * few
    anchors = sampler.draw(8000, random=np.random.default_rng(0)).anchors[4000:]
    large = np.array([piece.set_name == "large" for piece in corpus.pieces])[corpus.bars.piece[anchors]]
    assert large.mean() == pytest.approx(many**0.5 / (many**0.5 + few**0.5), abs=0.03)


def test_half_of_a_batch_comes_from_one_set(corpus, cells):
    """The two sets draw about evenly: half a batch is one set's, the other half both's."""
    for seed in range(5):
        anchors = cells.draw(2000, random=np.random.default_rng(seed)).anchors
        sets = np.array([corpus.pieces[piece].set_name == "odd" for piece in corpus.cells.piece[anchors]])
        assert sets[:1000].all() or not sets[:1000].any()
        assert 0.25 < sets[1000:].mean() < 0.75


@pytest.mark.parametrize(
    ("shares", "capped"),
    [
        ([0.5, 0.5], [0.5, 0.5]),  # too few to cap
        ([0.7, 0.1, 0.1, 0.1], [0.7, 0.1, 0.1, 0.1]),
        ([0.6, 0.1, 0.1, 0.1, 0.1], [0.25] + [0.1875] * 4),
        ([0.4, 0.3, 0.1, 0.1, 0.1], [0.25, 0.25, 1 / 6, 1 / 6, 1 / 6]),
        ([0.3, 0.23, 0.23, 0.14, 0.1], [0.25, 0.23 / 0.7 * 0.75, 0.23 / 0.7 * 0.75, 0.15, 0.1 / 0.7 * 0.75]),
        ([0.2] * 5, [0.2] * 5),
    ],
)
def test_no_set_has_more_than_a_quarter_where_there_are_five(shares, capped):
    given = np.array(shares)
    assert capped_shares(given, synthetic=np.zeros(len(given), bool)).tolist() == pytest.approx(capped)
    assert given.tolist() == shares
    assert LARGEST_SHARE == 0.25


def test_capping_goes_on_until_nobody_is_above():
    """Giving what one had too much to the others lifts the next above a quarter."""
    capped = capped_shares(np.array([0.5, 0.24, 0.2, 0.03, 0.03]), synthetic=np.zeros(5, bool))
    assert capped.max() <= 0.25 + 1e-9
    assert capped.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("shares", "synthetic", "capped"),
    [
        ([0.4, 0.2, 0.2, 0.2], [True, False, False, False], [0.1, 0.3, 0.3, 0.3]),  # too few real ones for a quarter
        ([0.2] * 5, [True, False, False, False, False], [0.1, 0.225, 0.225, 0.225, 0.225]),
        ([0.3, 0.3, 0.1, 0.1, 0.1, 0.1], [True, True] + [False] * 4, [0.1, 0.1, 0.2, 0.2, 0.2, 0.2]),
        (
            [0.05, 0.3, 0.25, 0.2, 0.2],
            [True] + [False] * 4,
            [0.05 / 0.7 * 0.75, 0.25, 0.25 / 0.7 * 0.75] + [3 / 14] * 2,
        ),
        ([0.9, 0.1], [True, True], [0.9, 0.1]),  # nothing else to draw
        ([0.9, 0.1], [True, False], [0.1, 0.9]),
    ],
)
def test_a_synthetic_set_has_no_more_than_a_tenth(shares, synthetic, capped):
    drawn = capped_shares(np.array(shares), synthetic=np.array(synthetic))
    assert drawn.tolist() == pytest.approx(capped, abs=0.02)
    assert drawn.sum() == pytest.approx(1)
    assert (drawn[np.array(synthetic)].max() <= LARGEST_SYNTHETIC + 1e-9) == (not all(synthetic))


def test_pairs_of_a_synthetic_set_are_a_tenth_of_those_that_all_sets_share(tmp_path):
    for name in ("real", "rules"):
        score = pieces.piece(2, bars=16, parts=(pieces.melody,))
        said = {"split": "train", "synthetic": name == "rules"}
        pieces.folder_of(tmp_path / "music" / name, {"a.mid": score}, meta={"a.mid": said})
    corpus = prepare(load_collection([tmp_path / "music"]), cache=tmp_path / "cache")
    sampler = PairSampler(corpus, corpus.bars, split="train", by_role=False)
    assert sampler.group_shares.tolist() == pytest.approx([0.9, 0.1])


def test_too_little_music_is_refused(corpus):
    with pytest.raises(CorpusError) as caught:
        PairSampler(corpus, corpus.cells, split="nothing", by_role=True)
    assert str(caught.value) == (
        "no two adjacent bars with notes in the nothing split; more or longer pieces are needed"
    )
