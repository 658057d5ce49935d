"""Styles with their weight on the groove: funk, soul, blues, disco, reggae."""

from __future__ import annotations

from symbolic_embed.training.bands.instruments import BASSES, GUITARS, HORNS
from symbolic_embed.training.bands.styles import FOUR, ONE_A_BAR, TWELVE, Style

SOUL = (
    Style(
        name="funk",
        metre=FOUR,
        tempo=(88, 118),
        weight=1.5,
        backbeat=(12, 36),
        modes={"dorian": 5, "mixolydian": 4, "minor": 2},
        cycles={"vamp": 4, "song": 1},
        voices=4,
        leads={"riff": 4, "busy": 1, "song": 1},
        grooves=(
            "k:X.x....x..x..?..|X..x..x...x..x..|X.....x..x.x.... s:....X..g.g..X..g|....X..g.gg.X..x "
            "h:x.x.x.x.x.x.x.o.|xoxxxoxxxoxxxoxx",
            "k:X..x....?.x...x.|X.x...?...xx.... s:....X.g..g..X.g. h:xxxxxxxxxxxxxxxx|X.xxX.xxX.xxX.xx "
            "w:x...x...x...x...|..?...?...?...?.",
        ),
        basses=(
            "r..r..8.r.?.57a.",
            "r.g.r..8..r.7.8.",
            "rr.8..r...7.r.a.",
            "r...8.r..rg.5.7.",
            "r..g.r8.r..g7.8.",
            "kick",
        ),
        comps=(
            "..x...xx..x...x.",
            "x.oxo.x.x.oxo.x.",
            ".xx..x..x..x.x..",
            "x..x..o...x..x..",
            "..x-......x-..x.",
            "oxxoxoxoxxoxoxox",
        ),
        band={
            "bass": ("Slap Bass", "Bass", "Synth Bass"),
            "comp": ("Muted Guitar", "Clean Guitar", "Clav"),
            "comp2": ("Clav", "E-Piano", "Organ"),
            "pad": ("Organ", "Synth Strings"),
            "lead": HORNS,
            "counter": HORNS,
        },
        doubles=0.55,
        loose=(0.2, 0.65),
    ),
    Style(
        name="soul",
        metre=FOUR,
        tempo=(72, 108),
        backbeat=(12, 36),
        voices=4,
        swing="sixteenths",
        modes={"major": 4, "dorian": 2, "mixolydian": 2, "minor": 2},
        cycles={"song": 2, "jazz": 2},
        grooves=(
            "k:X..x..x.?.x.....|X.....xx..x..?.. s:....X..g.g..X..g|....X.......X.g. "
            "h:x.x.x.x.x.x.x.x.|xoxoxoxoxoxoxoxo",
        ),
        basses=("kick", "r--..r8.r--.5.a.", "r----.r.5---..a.", "r..r--8-r..5--a-"),
        comps=("x-----..x---..x-", "..x-..x-..x-..xo", "x---..o-x--.x---", "....x-......x-.."),
        band={
            "bass": BASSES,
            "comp": ("E-Piano", "Organ", "Piano"),
            "comp2": GUITARS,
            "pad": ("Strings", "Organ"),
            "lead": ("Voice", "Alto Sax", "Harmonica", "Flute"),
            "counter": ("Brass", "Strings"),
        },
        doubles=0.4,
    ),
    Style(
        name="shuffle blues",
        metre=TWELVE,
        tempo=(84, 138),
        weight=1.3,
        backbeat=(18, 54),
        modes={"mixolydian": 4, "dorian": 1},
        cycles={"blues": 1},
        chords_a_bar=ONE_A_BAR,
        leads={"song": 2, "busy": 2, "riff": 2},
        voices=4,
        grooves=(
            "k:X.....x.....|X....xx.....|X.....x.x... s:...X.....X..|..gX....gX.. R:X.xX.xX.xX.x|X..X.xX..X.x",
            "k:X..x..X..x.. s:...X.....X.. h:x.xx.xx.xx.x|x..x..x..x..",
        ),
        basses=("r--3--5--7--", "r.rr.r5.57.5", "r--r.r3--5--", "r--5--8--5--", "walk"),
        comps=("x.xx.xx.xx.x", "..x..x..x..x", "x--.....x--.", "...x.....x..", "x--..xx--..x"),
        band={
            "bass": ("Bass", "Upright Bass"),
            "comp": ("Clean Guitar", "Piano", "Overdrive"),
            "comp2": ("Organ", "Honky Tonk", "Piano"),
            "pad": ("Organ",),
            "lead": ("Harmonica", "Overdrive", "Tenor Sax", "Voice"),
            "counter": ("Brass", "Clean Guitar"),
        },
    ),
    Style(
        name="disco",
        metre=FOUR,
        tempo=(108, 126),
        four=True,
        backbeat=(12, 36),
        voices=4,
        grooves=(
            "k:X...X...X...X... s:....X.......X...|....X.......X..g o:..x...x...x...x. "
            "h:x...x...x...x...|x.xxx.xxx.xxx.xx t:x...x...x...x...|xxxxxxxxxxxxxxxx",
        ),
        basses=("r.8.r.8.r.8.r.8.", "r.8.r.8.r.85r.a.", "r-.8.r8.r-.8.r8a", "rr8.rr8.rr8.5.7."),
        comps=("..x...x...x...x.", "x.oxx.oxx.oxx.ox", "..xx..xx..xx..xx", "x-....x-..x-...."),
        band={
            "bass": ("Bass", "Synth Bass", "Slap Bass"),
            "comp": ("Clean Guitar", "E-Piano", "Clav"),
            "comp2": ("Piano", "Clean Guitar"),
            "pad": ("Strings", "Synth Strings"),
            "arp": ("Polysynth",),
            "lead": ("Voice", "Strings", "Saw", "Flute"),
            "counter": (*HORNS, "Strings"),
        },
        doubles=0.5,
    ),
    Style(
        name="reggae",
        metre=FOUR,
        tempo=(68, 92),
        weight=1.2,
        backbeat=(24,),
        grooves=(
            "k:........X.......|X...x...X...x...|x.......X....... r:........X.......|........X..?..?. "
            "h:x.xox.xox.xox.xo|..x...x...x...xo|x.x.x.x.x.x.x.x.",
        ),
        swing="sixteenths",
        basses=("r--.r.5.r-....a.", "..r-r-5-..r-3-a-", "r-.r-.5-.r-.3-5-", "r---..r-5---..3-", "....r-3-5-..r-a-"),
        comps=("..x...x...x...x.", "..x.o.x.o.x.o.x.", "....x.......x...", "..xo..xo..xo..xo"),
        band={
            "bass": ("Bass", "Fretless"),
            "comp": ("Clean Guitar", "Muted Guitar"),
            "comp2": ("Organ", "Perc Organ", "Piano"),
            "pad": ("Organ", "Choir"),
            "lead": ("Voice", "Trombone", "Calliope", "Tenor Sax"),
            "counter": (*HORNS, "Clav"),
        },
        doubles=0.45,
    ),
)
