"""A folder's music as a library, as the folder is now."""

from contextlib import closing

import pieces
import tiny

from symbolic_embed.api.collecting import Collection
from symbolic_embed.api.session import Session


def test_what_came_is_added_what_went_is_forgotten_and_bad_files_are_left_out(tmp_path):
    folder = pieces.folder_of(tmp_path / "loops", {f"{seed}.mid": pieces.piece(seed, bars=2) for seed in range(2)})
    (folder / "bad.mid").write_bytes(b"no music")
    session = Session(tiny.with_passages(tmp_path / "model").folder)
    collection = Collection(folder, apart_from=lambda path: path.endswith("9.mid"))

    def names():
        with closing(collection.opened(session)) as library:
            return sorted(file.path.rpartition("/")[2] for file in library.files() if file.piece is not None)

    assert names() == ["0.mid", "1.mid"]
    (folder / "0.mid").rename(folder / "2.mid")
    (folder / "9.mid").write_bytes((folder / "1.mid").read_bytes())
    assert names() == ["1.mid", "2.mid"]
