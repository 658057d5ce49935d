"""The loop, with a clock and a sleep that the test holds, and a workshop that makes a file of a line."""

import os
import shutil

import pytest

from symbolic_embed.errors import MidiError
from symbolic_embed.progress import Progress
from symbolic_embed.watching.making import Batch
from symbolic_embed.watching.watch import Watch


class Paper:
    """A workshop whose results are what it is given."""

    def __init__(self):
        self.made = []

    def make(self, data, *, path):
        if data.startswith(b"bad"):
            raise MidiError(path, "not MIDI")
        self.made.append(os.path.basename(path))
        problems = ("`tracks`: no such track",) if data.startswith(b"odd") else ()
        return Batch({"new.mid": b"new " + data}, 1, 0, problems)


class World:
    """A folder, a watch over it, and what happens while it sleeps: at each sleep the next of `events` is done, and
    after the last somebody ends it. Each sleep takes a second."""

    def __init__(self, folder):
        self.folder, self.now, self.places = folder, 0.0, []
        self.events = []

    def watch(self, *, asked=None, workshop=None):
        self.workshop = workshop or Paper()
        return Watch(
            str(self.folder), self.workshop, asked or {"count": 1}, Progress(), self.places.append,
            sleep=self.sleep, clock=lambda: self.now,
        )  # fmt: skip

    def sleep(self, seconds):
        self.now += seconds
        if not self.events:
            raise KeyboardInterrupt
        event = self.events.pop(0)
        if event is not None:
            event()

    def run(self, *events, **how):
        """Watches until all events have happened, and five seconds longer."""
        self.events = [*events, *[None] * 5]
        watch = self.watch(**how)
        with pytest.raises(KeyboardInterrupt):
            watch.forever()
        return watch

    def write(self, name, content):
        return lambda: (self.folder / name).write_bytes(content)


@pytest.fixture
def world(tmp_path):
    folder = tmp_path / "drop"
    folder.mkdir()
    return World(folder)


def test_a_clip_that_is_dropped_is_done_and_not_touched(world, capsys):
    world.run(world.write("riff.mid", b"riff"))
    assert world.places == [world.folder / "riff.variants"]
    assert (world.folder / "riff.variants" / "new.mid").read_bytes() == b"new riff"
    assert (world.folder / "riff.mid").read_bytes() == b"riff"
    assert capsys.readouterr().err == "riff.mid: 1 new clip (0.0 s)\n"


def test_a_half_written_clip_is_waited_for(world):
    steps = [world.write("riff.mid", b"r" * size) for size in (1, 2, 3)]
    world.run(*steps)
    assert (world.folder / "riff.variants" / "new.mid").read_bytes() == b"new rrr"
    assert world.workshop.made == ["riff.mid"]


def test_a_changed_clip_is_done_again_beside_the_first(world):
    world.run(world.write("riff.mid", b"riff"), None, None, world.write("riff.mid", b"riff two"))
    assert [place.name for place in world.places] == ["riff.variants", "riff.variants-2"]
    assert (world.folder / "riff.variants" / "new.mid").read_bytes() == b"new riff"
    assert (world.folder / "riff.variants-2" / "new.mid").read_bytes() == b"new riff two"


def test_a_clip_that_was_only_touched_is_not_done_again(world):
    def touch():
        os.utime(world.folder / "riff.mid", ns=(1, 1))

    world.run(world.write("riff.mid", b"riff"), None, None, touch)
    assert world.workshop.made == ["riff.mid"]


def test_a_restart_does_nothing_twice(world):
    world.run(world.write("riff.mid", b"riff"))
    again = world.run()
    assert (world.workshop.made, again.done) == ([], 1)
    world.run(asked={"count": 2})
    assert world.workshop.made == ["riff.mid"]
    assert sorted(path.name for path in world.folder.iterdir()) == ["riff.mid", "riff.variants", "riff.variants-2"]


def test_a_bad_clip_is_named_once_and_looked_at_again_when_it_changes(world, capsys):
    watch = world.run(world.write("riff.mid", b"bad"), world.write("other.mid", b"fine"), None, None)
    assert (watch.rejected, world.workshop.made) == (1, ["other.mid"])
    assert capsys.readouterr().err.splitlines()[0] == f"rejected: {world.folder}/riff.mid: not MIDI"
    world.run(None, None, world.write("riff.mid", b"good"))
    assert world.workshop.made == ["riff.mid"]


def test_what_a_verb_could_not_do_is_said_of_its_clip(world, capsys):
    world.run(world.write("riff.mid", b"odd"))
    assert capsys.readouterr().err.startswith(f"warning: {world.folder}/riff.mid: `tracks`: no such track\n")


def test_a_folder_that_is_gone_is_waited_for(world, capsys):
    away = world.folder.with_name("away")
    world.run(
        world.write("riff.mid", b"riff"),
        None,
        None,
        lambda: shutil.move(world.folder, away),
        None,
        lambda: shutil.move(away, world.folder),
        world.write("two.mid", b"two"),
    )
    told = capsys.readouterr().err.splitlines()
    assert told[1:3] == [
        f"{world.folder}: cannot be opened: no such file or directory; waiting for it",
        f"{world.folder}: is there again",
    ]
    assert world.workshop.made == ["riff.mid", "two.mid"]


def test_a_clip_that_changes_while_it_is_read_is_read_again(world, monkeypatch):
    from symbolic_embed.watching import watch as module

    looks = iter([None])
    real = module.stamp_at
    monkeypatch.setattr(module, "stamp_at", lambda path: next(looks, real(path)))
    world.run(world.write("riff.mid", b"riff"), None, None)
    assert world.workshop.made == ["riff.mid"]


def test_once_does_what_is_there_and_ends(world):
    for name, content in (("a.mid", b"a"), ("b.mid", b"bad"), ("c.mid", b"c")):
        world.write(name, content)()
    watch = world.watch()
    world.events = [None] * 3
    watch.once()
    assert (watch.done, watch.rejected, world.workshop.made) == (2, 1, ["a.mid", "c.mid"])


def test_whoever_ends_it_in_the_middle_leaves_no_half(world):
    class Interrupted(Paper):
        def make(self, data, *, path):
            batch = super().make(data, path=path)
            return Batch(Ends(batch.contents), 1, 0, ())

    class Ends(dict):
        """Files the second of which is never given."""

        def items(self):
            yield from super().items()
            raise KeyboardInterrupt

    world.write("riff.mid", b"riff")()
    world.events = [None] * 9
    with pytest.raises(KeyboardInterrupt):
        world.watch(workshop=Interrupted()).forever()
    assert [path.name for path in world.folder.iterdir()] == ["riff.mid"]
