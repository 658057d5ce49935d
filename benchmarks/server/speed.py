"""How quickly does a server answer, beside the command line?

    python benchmarks/server/speed.py --music FOLDER [--pieces 1000] [--requests 64] [--clients 1,8,32] [--workers 2]

Builds a library of so many files of the data sets in FOLDER (each with a meta.jsonl; in a folder of its own, or in
--library, where it stays), starts `serve` with it, and asks: `vary` of one track of two bars of the bundled seed, and
`rank` of the seed in the library, its ten most alike; every request has another random seed, or another query. So many
clients ask at once, each as soon as it was answered. Prints median, worst hundredth and worst of the seconds that an
answer takes, and answers a second; beside them the command line, one new process for each of ten requests, and the same
with --at, which asks the server.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from servers import ROOT, Running, serving

SEED = ROOT / "datasets" / "samples" / "midi" / "seed_band.mid"
COMMAND = [sys.executable, str(ROOT / "cli.py")]
ONCE = 10  # requests of the command line


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--pieces", type=int, default=1_000)
    parser.add_argument("--requests", type=int, default=64)
    parser.add_argument("--clients", default="1,8,32")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--library", type=Path)
    given = parser.parse_args()
    files = drawn(given.music, count=given.pieces)
    with tempfile.TemporaryDirectory() as folder:
        library = (given.library or Path(folder) / "lib").resolve()
        built(library, files)
        queries = [path.read_bytes() for path in files[: given.requests]]
        with serving(Path(folder), "--library", library, "--workers", given.workers) as server:
            server.ask("GET", "/api/ready")
            asked = {"vary": varied(server), "rank": ranked(server, library.name, queries)}
            print(f"{given.pieces:,} pieces, {given.workers} workers\n")
            print(f"{'':<6} {'clients':>8} {'n':>5} {'median':>8} {'worst 1/100':>12} {'worst':>8}  answers/s")
            for verb, ask in asked.items():
                for number in range(2 * given.workers):  # whatever is loaded at first
                    ask(number)
                for clients in map(int, given.clients.split(",")):
                    said(verb, str(clients), *at_once(ask, clients=clients, count=given.requests))
            for how, extra in {"command": [], "--at": ["--at", server.address]}.items():
                for verb, arguments in commands(library, is_there=bool(extra)).items():
                    said(verb, how, *one_after_another([*arguments, *extra], folder=Path(folder)))


def drawn(music: Path, *, count: int) -> list[Path]:
    """So many files, by chance, the same each time."""
    files = sorted(path for path in music.rglob("*.mid") if path.stat().st_size < 200_000)
    order = np.random.default_rng(0).permutation(len(files))[:count]
    return [files[number] for number in order]


def built(library: Path, files: Sequence[Path]) -> None:
    """The library, and what is made beside it at its first use."""
    subprocess.run(
        [*COMMAND, "library", "build", str(library), "--files-from", "-"],
        input="\n".join(map(str, files)).encode(),
        check=True,
    )
    subprocess.run([*COMMAND, "rank", str(SEED), "--library", str(library), "--top", "1"], check=True)


def varied(server: Running) -> Callable[[int], None]:
    """Two bars of the bass, varied."""
    data = SEED.read_bytes()

    def ask(number: int) -> None:
        request = {"tracks": "bass", "bars": "1-2", "random_seed": number}
        job = server.verb("vary", request=request, options={"seed_file": "a.mid"}, files={"a.mid": data}).json
        assert job["state"] == "done", job

    return ask


def ranked(server: Running, library: str, queries: Sequence[bytes]) -> Callable[[int], None]:
    """The ten most alike of a piece."""

    def ask(number: int) -> None:
        options = {"query": "a.mid", "library": library, "format": "json"}
        query = queries[number % len(queries)]
        job = server.verb("rank", request={"top": 10}, options=options, files={"a.mid": query}).json
        assert job["state"] == "done", job
        assert len(json.loads(job["stdout"])) == 10

    return ask


def commands(library: Path, *, is_there: bool) -> dict[str, list[str]]:
    """The same by the command line."""
    name = library.name if is_there else str(library)
    return {
        "vary": ["vary", str(SEED), "--tracks", "bass", "--bars", "1-2", "--force"],
        "rank": ["rank", str(SEED), "--library", name, "--top", "10"],
    }


def at_once(ask: Callable[[int], None], *, clients: int, count: int) -> tuple[list[float], float]:
    """Seconds of each answer, and of all together."""

    def timed(number: int) -> float:
        begun = time.perf_counter()
        ask(number)
        return time.perf_counter() - begun

    begun = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        seconds = list(pool.map(timed, range(count)))
    return seconds, time.perf_counter() - begun


def one_after_another(arguments: Sequence[str], *, folder: Path) -> tuple[list[float], float]:
    """The same of a command, a new process each time."""
    seconds = []
    for _ in range(ONCE):
        begun = time.perf_counter()
        subprocess.run([*COMMAND, *arguments], cwd=folder, check=True, capture_output=True)
        seconds.append(time.perf_counter() - begun)
    return seconds, sum(seconds)


def said(verb: str, clients: str, seconds: Sequence[float], whole: float) -> None:
    middle, worst = statistics.median(seconds), float(np.quantile(seconds, 0.99))
    print(
        f"{verb:<6} {clients:>8} {len(seconds):>5} {middle:>8.3f} {worst:>12.3f} {max(seconds):>8.3f}"
        f"  {len(seconds) / whole:>9.2f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
