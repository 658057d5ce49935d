"""A library built from a folder of which some files are poison, while its workers are killed at random.

    python benchmarks/libraries/poison.py POISON [--files 20000] [--kills 20] [--checkpoint DIR]

POISON is a folder with a manifest.json, a list of {"path", "expect", "kind"}: what is to be rejected is strewn among
small pieces, one file in fifty. Must come out: every bad file named and no other, exit code 3, below 1 GB for all
processes together (their own memory, and their share of what they have in common); the second run opens nothing and
names the same.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from symbolic_embed.files.kinds import LOOKED_AT, kind_by_content

SHARE = 50  # one file in so many is bad
LOOKS = 0.5  # seconds


def main() -> None:
    """Builds twice, and prints a line of JSON for each."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("poison", type=Path)
    arguments.add_argument("--files", type=int, default=20_000)
    arguments.add_argument("--kills", type=int, default=20)
    arguments.add_argument("--checkpoint", type=Path)
    arguments.add_argument("--jobs", type=int, default=2)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bad = strewn(Path(folder, "music"), given.poison, count=given.files)
        command = [sys.executable, "cli.py", "library", "build", f"{folder}/lib", f"{folder}/music"]
        command += ["--report", f"{folder}/report.jsonl", "--jobs", str(given.jobs)]
        command += ["--checkpoint", str(given.checkpoint)] if given.checkpoint else []
        for kills in (given.kills, 0):
            told = run(
                command, kills=kills, every=given.files // (given.kills + 1), report=Path(folder, "report.jsonl")
            )
            named = told.pop("rejected")
            missed = {"not_named": len(bad - named), "wrongly_named": len(named - bad)}
            print(json.dumps({"files": given.files, "bad": len(bad), **told, **missed}), flush=True)


def strewn(folder: Path, poison: Path, *, count: int) -> set[str]:
    """Fills a folder with small pieces, no two alike, and bad files between them; returns the paths of those."""
    manifest = json.loads((poison / "manifest.json").read_text(encoding="utf-8"))
    entries = manifest["files"] if isinstance(manifest, dict) else manifest
    listed = [entry for entry in entries if entry["expect"] == "reject" and entry["kind"] == "file"]
    contents = [(poison / os.fsdecode(entry["path"].encode("latin-1"))).read_bytes() for entry in listed]
    hostile = [data for data in contents if kind_by_content(data[:LOOKED_AT]) in (None, "midi")]  # notation is read
    bad = set()
    for number in range(count):
        path = folder / f"{number // 1000:03}" / f"{number:06}.mid"
        path.parent.mkdir(parents=True, exist_ok=True)
        is_bad = number % SHARE == SHARE // 2
        path.write_bytes(hostile[number // SHARE % len(hostile)] if is_bad else small_piece(number))
        if is_bad:
            bad.add(str(path))
        os.utime(path, (1_000_000_000, 1_000_000_000))
    return bad


def small_piece(seed: int) -> bytes:
    """Two bars of sixteen notes, unlike those of any other seed."""
    chance = random.Random(seed)
    pitches = [chance.randrange(48, 84) for _ in range(16)]
    events = b"".join(bytes([0, 0x90, pitch, 80, 0x81, 0x70, 0x80, pitch, 0]) for pitch in pitches)
    body = events + b"\x00\xff\x2f\x00"
    return b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x01\xe0MTrk" + len(body).to_bytes(4, "big") + body


def run(command: list[str], *, kills: int, every: int, report: Path) -> dict:
    """Runs the command; each time that so many more files are accounted for, one of its workers is killed."""
    before, started = os.times(), time.monotonic()
    killed, memory, is_over = 0, 0, threading.Event()
    chance = random.Random(0)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        threading.Thread(target=lambda: (process.wait(), is_over.set())).start()
        while not is_over.wait(LOOKS):
            workers = children(process.pid)
            memory = max(memory, sum(map(memory_of, [process.pid, *workers])))
            if workers and killed < kills and lines_in(report) >= every * (killed + 1):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(chance.choice(workers), signal.SIGKILL)
                    killed += 1
    after = os.times()
    lines = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    return {
        "exit_code": process.returncode,
        "seconds": round(time.monotonic() - started, 1),
        "cpu_seconds": round(after.children_user + after.children_system - before[2] - before[3], 1),
        "killed": killed,
        "peak_mb": memory >> 20,
        "rejected": {line["path"] for line in lines if line["status"] == "rejected"},
        "lines": len(lines),
    }


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children") as said:
                found += map(int, said.read().split())
    return found


def memory_of(pid: int) -> int:
    """What a process has, in bytes: its own, and its share of what it has in common with others."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/smaps_rollup") as said:
        return next(int(line.split()[1]) << 10 for line in said if line.startswith("Pss:"))
    return 0


def lines_in(report: Path) -> int:
    """How many lines a report has by now."""
    with contextlib.suppress(OSError), open(report, "rb") as file:
        return sum(1 for _ in file)
    return 0


if __name__ == "__main__":
    main()
