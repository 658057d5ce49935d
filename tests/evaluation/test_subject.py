"""A subject looks at the windows of its split."""

import pieces

from symbolic_embed.corpus.sampling import windows_of
from symbolic_embed.evaluation.subject import Subject


def test_it_looks_at_the_windows_of_its_split(tmp_path):
    corpus = pieces.band_corpus(tmp_path)
    for split in ("train", "valid"):
        numbers = Subject(None, corpus, split).windows_of(corpus.cells)
        assert numbers.tolist() == windows_of(corpus, corpus.cells, split=split).tolist()
        assert {corpus.pieces[piece].split for piece in corpus.cells.piece[numbers]} == {split}
