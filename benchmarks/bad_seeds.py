"""Every malformed file, and some that are only odd, as seeds of the verbs that write music.

    python benchmarks/bad_seeds.py GENERATOR [--only WORD] [--verbs compose,vary]

GENERATOR is the script that `bad_midi.py` takes. Each file goes through `compose`, `vary`, `blend` (towards a good file
and from it), `accompany`, `check` and `render` (where FluidSynth is installed), two bars or one variation each. A file
is handled well when its command ends within MOST_SECONDS of CPU time and MOST_MEMORY, and either writes a file in which
no note hangs or overlaps that does not in the seed, or says in one line that names the file why not. Each call is a
fork of this process, which has loaded the model already (POSIX only).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from odd_seeds import odd_seeds
from written import new_findings

from symbolic_embed.commands.app import app
from symbolic_embed.commands.shared.threads import use_threads
from symbolic_embed.composing.trained import TrainedComposer
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import InputError, printable
from symbolic_embed.outputs.seed_file import Seed
from symbolic_embed.score import file_bytes

MOST_SECONDS, MOST_WAITING = 20, 120  # of CPU time; by the clock, on a busy machine
MOST_MEMORY = 2**30  # bytes more than this process has
CRASHED = 70
GOOD = Path(__file__).parents[1] / "datasets" / "samples" / "midi" / "seed_band.mid"
VERBS = {
    "compose": ["compose", "FILE", "-o", "OUT", "--bars", "2"],
    "vary": ["vary", "FILE", "-o", "OUT"],
    "blend to": ["blend", "FILE", str(GOOD), "-o", "OUT", "--steps", "1"],
    "blend from": ["blend", str(GOOD), "FILE", "-o", "OUT", "--steps", "1", "--to-tempo", "--to-key"],
    "accompany": ["accompany", "FILE", "-o", "OUT"],
    "check": ["check", "FILE"],
    "render": ["render", "FILE", "-o", "OUT.wav", "--force"],
}


class Ended(NamedTuple):
    """How one call ended: its exit code (negative: the signal that killed it), what it said on stderr, CPU seconds, and
    bytes of memory beyond those of this process."""

    code: int
    said: str
    seconds: float
    memory: int


def main() -> None:
    use_threads()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("generator")
    parser.add_argument("--only", default="", help="files with this in their names")
    parser.add_argument("--verbs", default=",".join(VERBS))
    given = parser.parse_args()
    for verb in {command[0] for command in VERBS.values()}:
        import_module(f"symbolic_embed.commands.{verb}")  # now, not once in each fork
    trained = TrainedComposer.load(None)
    TrainedComposer.load = lambda _=None: trained
    Embedder.load = lambda _=None: trained.embedder
    with tempfile.TemporaryDirectory() as place:
        files = [one for one in _files(given.generator, Path(place)) if given.only in one[0]]
        for verb in given.verbs.split(","):
            counts: Counter[str] = Counter()
            slowest = largest = (0.0, "")
            for path, expected in files:
                out = Path(place) / "out"
                shutil.rmtree(out, ignore_errors=True)
                ended = called([word.replace("FILE", path).replace("OUT", str(out)) for word in VERBS[verb]])
                result = judged(ended, path, expected=expected, written=sorted(out.glob("*.mid")))
                counts[result.partition(":")[0]] += 1
                slowest, largest = max(slowest, (ended.seconds, path)), max(largest, (ended.memory / 2**20, path))
                if result.startswith("FAULT"):
                    print(f"    {verb} {printable(path.removeprefix(place))}: {result}", flush=True)
            ends = [f"{most:.1f} {unit} ({printable(Path(path).name)})" for (most, path), unit in
                    ((slowest, "s"), (largest, "MB more"))]  # fmt: skip
            print(f"{verb}: {dict(counts)}, at most {', '.join(ends)}", flush=True)


def _files(generator: str, place: Path) -> Iterator[tuple[str, str]]:
    """All files, and what is expected of each."""
    corpus = place / "corpus"
    subprocess.run([sys.executable, generator, str(corpus)], check=True, capture_output=True)
    for entry in json.loads((corpus / "manifest.json").read_text(encoding="utf-8")):
        name = os.fsdecode(entry["path"].encode("latin-1"))
        yield os.path.join(corpus, name), entry["expect"]
    for path in odd_seeds(place / "odd"):
        yield str(path), "accept"


def called(arguments: list[str]) -> Ended:
    """The command with these arguments, in a fork."""
    with tempfile.TemporaryFile() as said:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        child = os.fork()
        if not child:
            _call(arguments, said.fileno())
        _, status, used = os.wait4(child, 0)
        said.seek(0)
        text = said.read().decode(errors="replace")
    return Ended(
        os.waitstatus_to_exitcode(status), text, used.ru_utime + used.ru_stime, (used.ru_maxrss - before) * 1024
    )


def _call(arguments: list[str], said: int) -> None:
    """Runs the command and ends this process."""
    signal.alarm(MOST_WAITING)
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (8 * MOST_MEMORY, 8 * MOST_MEMORY))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(said, 2)
    code = CRASHED
    try:
        app(arguments, prog_name="symbolic-embed")
        code = 0
    except SystemExit as end:
        code = end.code or 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def judged(ended: Ended, path: str, *, expected: str, written: list[Path]) -> str:
    """One word for how a file fared, or FAULT and what is wrong."""
    lines = ended.said.splitlines()
    last = lines[-1] if lines else ""
    if ended.code == CRASHED or "Traceback" in ended.said:
        return f"FAULT: crash: {last} {lines[-3:]}"
    if ended.code < 0:
        return f"FAULT: ended by {signal.Signals(-ended.code).name} after {ended.seconds:.0f} s"
    if ended.memory > MOST_MEMORY:
        return f"FAULT: memory: {ended.memory / 2**20:.0f} MB more"
    if "Warning:" in ended.said:
        return f"FAULT: a library's warning: {next(line for line in lines if 'Warning:' in line)}"
    if ended.code:
        is_named = printable(path) in last or "nothing was done" in last
        if os.path.isdir(path) and ended.code == 3:
            return "done"
        if ended.code not in (1, 2, 3) or not last.startswith("error: ") or not is_named:
            return f"FAULT: code {ended.code}: {last}"
        return f"FAULT: not accepted: {last}" if expected == "accept" and "no notes" not in last else "refused"
    if expected == "reject":
        return "FAULT: not rejected"
    return _judged_files(written, path)


def _judged_files(written: list[Path], path: str) -> str:
    for file in written:
        try:
            found = new_findings(file, Seed.from_bytes(file_bytes(path), path=path))
        except InputError as error:
            return f"FAULT: {file.name} cannot be read again: {error}"
        if found:
            return f"FAULT: {file.name}: {', '.join(found)}"
    return "done"


if __name__ == "__main__":
    main()
