"""Styles of Latin America: bossa nova, samba, salsa, tango."""

from __future__ import annotations

from symbolic_embed.training.bands.instruments import HORNS
from symbolic_embed.training.bands.styles import FOUR, Style

LATIN = (
    Style(
        name="bossa nova",
        metre=FOUR,
        tempo=(110, 150),
        weight=1.2,
        voices=4,
        cycles={"jazz": 4, "song": 1},
        modes={"major": 4, "minor": 3, "dorian": 1},
        grooves=(
            "k:X..xx..xX..xx..x|X......xX......x r:x..x..x...x..x..|..x..x..x..x..x.|x..x...x..x..x.. "
            "h:xxxxxxxxxxxxxxxx|x.x.x.x.x.x.x.x. p:....x.......x...",
        ),
        basses=("r--55--rr--55--a", "r-----5-5-----r-", "r-----55r-----5a", "r--.5---r--.5-a-"),
        comps=("x--x--x---x--x--", "..x--x--x--x--x-", "x--x---x--x--x--", "x-.x-.x-..x-.x-.", "b.uu.ub..u.ub.u."),
        band={
            "bass": ("Upright Bass", "Fretless"),
            "comp": ("Nylon Guitar",),
            "comp2": ("E-Piano", "Piano"),
            "pad": ("Slow Strings", "Strings"),
            "lead": ("Flute", "Tenor Sax", "Voice", "Alto Sax", "Vibes"),
            "counter": ("Strings", "Flute"),
        },
    ),
    Style(
        name="samba",
        metre=FOUR,
        tempo=(96, 124),
        voices=4,
        cycles={"jazz": 2, "song": 2},
        grooves=(
            "k:o..xX..xo..xX..x|X...o...X...o... S:XxxXXxxXXxxXXxxX|XooXXooXXooXXooX "
            "a:x.x.....x..x....|x..x..x.x...x... b:....x.xx....x.xx t:x..x..x.x..x..x. s:x.g.x.gx.g.x.gx.",
        ),
        basses=("r--5r--5r--5r--a", "r---5--rr---5--a", "r--.5--5r--.5-a."),
        comps=("x.x..x.x.x.xx.x.", ".x.xx.x..x.xx.x.", "x..x.x.xx..x.x..", "..xx.xx...xx.xx."),
        band={
            "bass": ("Bass", "Upright Bass"),
            "comp": ("Nylon Guitar", "Piano"),
            "comp2": ("Piano", "E-Piano"),
            "pad": ("Strings", "Voice"),
            "lead": ("Flute", "Trombone", "Voice", "Piccolo", "Alto Sax"),
            "counter": HORNS,
        },
        doubles=0.45,
        loose=(0.2, 0.65),
    ),
    Style(
        name="salsa",
        metre=FOUR,
        tempo=(88, 108),
        cycles={"vamp": 1, "song": 2},
        modes={"minor": 4, "major": 2, "mixolydian": 2, "dorian": 2},
        grooves=(
            "C:x..x..x...x.x...|..x.x...x..x..x. w:x.x.x.x.x.x.x.x.|X.xox.xoX.xox.xo "
            "H:......xx......xx|..o...xx..o...xx M:..x.......x..... e:x.?x.x?xx.?x.x?x|x.xx.x.xx.xx.x.. "
            "k:?...........?...",
        ),
        basses=("r-....5-....n---", "r.....5.....n---", "......5-....n---", "r-....5.5...n---"),
        comps=("x.xx.x.xx.x.x.x.", "1.34.3.42.3.4.3.", "x..xx.x.x.xx.x.x", "2.4.42.4.24.42.4", "u.bu.bu.b.ub.ub."),
        band={
            "bass": ("Upright Bass", "Bass"),
            "comp": ("Piano",),
            "comp2": ("Nylon Guitar", "E-Piano"),
            "pad": ("Strings",),
            "lead": ("Trumpet", "Voice", "Trombone", "Flute"),
            "counter": HORNS,
        },
        doubles=0.6,
        loose=(0.1, 0.5),
    ),
    Style(
        name="tango",
        metre=FOUR,
        tempo=(108, 132),
        weight=0.7,
        modes={"minor": 6, "major": 2, "phrygian dominant": 1},
        core=("bass", "comp", "lead"),
        leads={"song": 3, "busy": 1},
        basses=("r-5-8-5-", "r--r--5-", "r-..5-..", "r-r-r-ra"),
        comps=("X--x--x-", "X.x.X.x.", "x.x.x.xx", "..x...x."),
        band={
            "bass": ("Contrabass", "Upright Bass"),
            "comp": ("Piano", "Accordion"),
            "comp2": ("Nylon Guitar",),
            "pad": ("Strings",),
            "lead": ("Violin", "Accordion", "Clarinet"),
            "counter": ("Accordion", "Violin", "Cello"),
        },
        doubles=0.6,
    ),
)
