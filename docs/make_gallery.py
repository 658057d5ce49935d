"""The gallery: seeds, and what the program makes of them, as MIDI, as pictures, with the command behind each.

    python docs/make_gallery.py [--checkpoint DIR]

writes `docs/gallery/` anew, always the same for one checkpoint: a folder an exhibit, and a README.md that shows them
all. The commands are those that anybody can type in a clone; seeds are the samples in `datasets/samples/midi`.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import shlex
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from symbolic_embed.commands.app import app
from symbolic_embed.files.folders import find_midi

CLONE = Path(__file__).resolve().parents[1]
SAMPLES = "datasets/samples/midi"
GALLERY = CLONE / "docs" / "gallery"
COLOURS = 48  # of a picture: notes have three, letters and lines some greys
MANY_COLOURS = 200  # where they mean something
LARGEST = 3_000_000  # bytes of all


@dataclass(frozen=True)
class Exhibit:
    """One command, and what there is to hear, or to see, in its results. In `command`, a word like {seed_band} is a
    sample."""

    name: str
    title: str
    text: str
    command: str
    picture: str = ""  # the option that takes a picture, where there is nothing else to be had

    def typed(self, folder: str) -> list[str]:
        """The words of the command, with the results going to a folder."""
        words = [f"{SAMPLES}/{word[1:-1]}.mid" if word.startswith("{") else word for word in self.command.split()]
        if self.picture:
            return [*words, self.picture, f"{folder}/{self.name}.png"]
        return [*words, "-o", folder, "--plot"]


DIAL = tuple(
    Exhibit(
        f"dial_{change.replace('.', '')}",
        f"The dial at {change}",
        f"A variation of the band's first four bars in which about {words} of the notes are others; the share that was "
        "measured stands in the name.",
        f"vary {{seed_band}} --change {change} --bars 1-4 --seed 7",
    )
    for change, words in (("0.1", "a tenth"), ("0.3", "three tenths"), ("0.6", "six tenths"))
)
EXHIBITS = (
    *DIAL,
    Exhibit(
        "new_bass",
        "One part, four bars",
        "Only the bass may change, and only in bars 5 to 8: all else is the same, event for event.",
        "vary {seed_band} --change 0.4 --tracks Bass --bars 5-8 --count 3 --seed 1",
    ),
    Exhibit(
        "filled_bars",
        "Two bars filled",
        "Tune and piano of bars 7 and 8 are written anew, from what comes before and after; all else stays.",
        "fill {seed_band} --bars 7-8 --tracks 0,1 --seed 3",
    ),
    Exhibit(
        "these_chords",
        "Over these chords",
        "The band goes on over four chords of your own, bass and drums as they play, and closes.",
        "compose {seed_band} --bars 8 --chords Am|F|C|G --ending --seed 2",
    ),
    Exhibit(
        "same_tune",
        "The tune stays",
        "Greensleeves with another accompaniment; the melody is locked.",
        "vary {greensleeves} --change 0.4 --keep melody --bars 1-8 --seed 2",
    ),
    Exhibit(
        "same_rhythm",
        "The rhythm stays",
        "A reel with other pitches in its own rhythm.",
        "vary {drowsy_maggie} --change 0.4 --keep rhythm --bars 1-8 --seed 3",
    ),
    Exhibit(
        "minuet_goes_on",
        "A minuet goes on",
        "Sixteen new bars after Petzold's minuet, in three-four, for two hands.",
        "compose {minuet_in_g} --bars 16 --seed 5",
    ),
    Exhibit(
        "jig_goes_on",
        "A jig goes on",
        "Eight bars in six-eight for fiddle and guitar, in two versions.",
        "compose {irish_washerwoman} --bars 8 --variations 2 --seed 6",
    ),
    Exhibit(
        "band_in_a_form",
        "Sections that return",
        "After the band's own music come four new bars (B), the band's last four with another end (A'), and B once "
        "more with another end (B').",
        "compose {seed_band} --bars 12 --form BA'B' --seed 4",
    ),
    Exhibit(
        "between_two_tunes",
        "Between two tunes",
        "Three steps from Greensleeves to Auld Lang Syne, the last at its tempo.",
        "blend {greensleeves} {auld_lang_syne} --steps 3 --to-tempo --seed 8",
    ),
    Exhibit(
        "quartet_with_drums",
        "A rhythm section for a quartet",
        "Beethoven's tune as it was, with a bass and drums beside it.",
        "accompany {ode_to_joy} --parts bass,drums --seed 9",
    ),
    Exhibit(
        "jig_with_chords",
        "Chords and a bass for a jig",
        "The fiddle and guitar of a jig in six-eight, with two new parts.",
        "accompany {irish_washerwoman} --parts chords,bass --seed 3",
    ),
    Exhibit(
        "why_alike",
        "Why two pieces are alike",
        "A theme of Mozart's and the first of his variations: the bars that lie along each other are joined, and each "
        "part of the likeness has its bar.",
        "rank {ah_vous_dirai_je_theme} {ah_vous_dirai_je_variation_1} --transpose --why",
        picture="--plot",
    ),
    Exhibit(
        "samples_mapped",
        "The samples as a map",
        "Every piece is a point, near to those that it is like, coloured by its metre. As map.html each can be heard.",
        f"map {SAMPLES} --colour metre",
        picture="-o",
    ),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", type=Path, help="default: the bundled one")
    given = parser.parse_args()
    more = ["--checkpoint", str(given.checkpoint.resolve())] if given.checkpoint else []
    os.chdir(CLONE)
    with tempfile.TemporaryDirectory() as folder:
        working = Path(folder) / "gallery"  # the folder above it is for this user's eyes alone
        working.mkdir()
        sections = [exhibited(exhibit, working, more) for exhibit in EXHIBITS]
        (working / "README.md").write_text(page(sections), encoding="utf-8")
        size = sum(path.stat().st_size for path in working.rglob("*") if path.is_file())
        if size > LARGEST:
            raise SystemExit(f"the gallery has {size:,} bytes, more than {LARGEST:,}; take an exhibit out, or bars")
        shutil.rmtree(GALLERY, ignore_errors=True)
        shutil.copytree(working, GALLERY)
    print(f"{GALLERY}: {len(EXHIBITS)} exhibits, {size:,} bytes")


def exhibited(exhibit: Exhibit, gallery: Path, more: list[str]) -> str:
    """Runs an exhibit's command into its folder, keeps music and one kind of picture; its section of the page."""
    folder = gallery / exhibit.name
    if exhibit.picture:
        folder.mkdir()
    with contextlib.redirect_stdout(io.StringIO()):
        app([*exhibit.typed(str(folder)), *more], standalone_mode=False)
    pictures = sorted(folder.glob("*__changes.png")) or sorted(folder.glob("*.png"))
    for path in sorted(folder.iterdir()):
        if path.suffix != ".mid" and path not in pictures:
            path.unlink()
    for picture in pictures:
        smaller(picture, colours=MANY_COLOURS if exhibit.picture else COLOURS)
    print(exhibit.name, flush=True)
    return section(exhibit, folder, pictures)


def smaller(picture: Path, *, colours: int) -> None:
    """The picture with few colours, a third of its size."""
    with Image.open(picture) as opened:
        few = opened.convert("RGB").quantize(colours, dither=Image.Dither.NONE)
    few.save(picture, optimize=True)


def section(exhibit: Exhibit, folder: Path, pictures: list[Path]) -> str:
    """What the page says of an exhibit."""
    command = shlex.join(["symbolic-embed", *exhibit.typed(f"docs/gallery/{exhibit.name}")])
    seeds = [word for word in exhibit.typed("") if word.startswith(SAMPLES)]
    links = [f"[seed: {Path(seed).stem}](../../{seed})" for seed in seeds]
    links += [f"[{Path(one.path).stem}]({exhibit.name}/{Path(one.path).name})" for one in find_midi([str(folder)])]
    shown = [f"![{exhibit.title}]({exhibit.name}/{picture.name})" for picture in pictures]
    return "\n\n".join([f"## {exhibit.title}", exhibit.text, f"```\n{command}\n```", " · ".join(links), *shown])


def page(sections: list[str]) -> str:
    """The whole page."""
    head = (
        "# Gallery\n\nWhat the bundled model makes of the sample pieces, not chosen by hand: the first result of each "
        "command. `python docs/make_gallery.py` makes it anew. To hear a file: `symbolic-embed play FILE`, or drag it "
        "into a DAW. In pictures that show a seed above its results, grey is what both have, orange what only the seed "
        "has, blue what is new."
    )
    index = "\n".join(f"- [{one.title}](#{_anchor(one.title)}): {one.text}" for one in EXHIBITS)
    return "\n\n".join([head, index, *sections]) + "\n"


def _anchor(title: str) -> str:
    """What a heading is linked by."""
    return "".join(letter for letter in title.lower().replace(" ", "-") if letter.isalnum() or letter == "-")


if __name__ == "__main__":
    main()
