"""How fast a library is built, beside `embed --level passage` of the same files, and how fast it is looked at again.

    python benchmarks/libraries/building.py --music FOLDER [--files 300]

CPU seconds of the commands with all their processes, one after the other, three times; medians.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from symbolic_embed.files.folders import find_midi

TIMES = 3


def main() -> None:
    """Prints a line for each command."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--music", type=Path, required=True)
    arguments.add_argument("--files", type=int, default=300)
    given = arguments.parse_args()
    found = find_midi([given.music])
    chosen = [one.path for one in found[:: max(1, len(found) // given.files)]][: given.files]
    seconds: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as place:
        names = Path(place, "names")
        names.write_bytes(b"\n".join(map(os.fsencode, chosen)))
        start = cpu_seconds(["embed", chosen[0], "-o", f"{place}/one.npz", "--precision", "float32"])
        for number in range(TIMES):
            archive = ["embed", "-o", f"{place}/{number}.npz", "--level", "passage", "--precision", "float32"]
            building = ["library", "build", f"{place}/{number}"]
            commands = {"embed": archive, "library build": building, "the same again": building}
            for name, command in commands.items():
                seconds.setdefault(name, []).append(cpu_seconds([*command, "--files-from", str(names)]))
    embed, build, again = (statistics.median(times) for times in seconds.values())
    print(f"{len(chosen)} files; one file (start-up): {start:.1f} CPU s")
    print(f"embed --level passage {embed:.1f}, library build {build:.1f}: its rate is {embed / build:.2f} of that")
    print(f"unchanged, looked at again: {again:.2f}, {build / again:.0f} times faster")


def cpu_seconds(command: list[str]) -> float:
    """Of a command and all processes that it started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ran = subprocess.run([sys.executable, "cli.py", *command, "--quiet"], stderr=subprocess.DEVNULL, check=False)
    if ran.returncode not in (0, 3):
        raise SystemExit(f"{command[0]} ended with {ran.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
