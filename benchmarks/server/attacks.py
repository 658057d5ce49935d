"""Does a server stand what it must not fall over?

    python benchmarks/server/attacks.py [--half 300] [--bodies 10000] [--events 100000] [--seed 0]

Starts `serve` with the bundled model, one worker, and sends it, one after the other: connections that begin a request
and stop; bodies that are wrong in one way of a dozen; files with hostile names; files of so many events; then kills the
server in the middle of a job, and starts another. After each it asks for a clip, as the next client would. Prints
how many answers were of which kind, the seconds that the next client waited, the memory of all processes at its most,
and what lies outside the folder of the jobs that did not lie there before.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from servers import ROOT, Running, multipart, serving

SEED = ROOT / "datasets" / "samples" / "midi" / "seed_band.mid"
NAMES = ["../x.mid", "/x.mid", "a/../../x.mid", "..", ".", "", "C:\\x.mid", "x\0.mid", "x\n.mid", "a" * 5_000]
NAMES += ["a/" * 500 + "x.mid", "\u202ex.mid", "con.mid", "-rf", "x.mid/", "%2e%2e/x.mid", "\ud800.mid", "\udcff.mid"]
NAMES += ["*.mid", "~/x.mid", "x.mid", "..mid", "a/./x.mid"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", type=int, default=300)
    parser.add_argument("--bodies", type=int, default=10_000)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with serving(folder, "--workers", 1) as server, remembered(server) as memory:
            server.ask("GET", "/api/ready")
            asked_after("to begin with", server, Counter())
            with half_sent(server, given.half) as half:
                asked_after(f"{given.half} half-sent requests open", server, Counter(open=len(half)))
            asked_after("bad bodies", server, bad_bodies(server, given.bodies, chance))
            asked_after("hostile names", server, hostile_names(server))
            asked_after(f"{given.events:,} events", server, many_events(server, given.events))
            print(f"memory at its most: {max(memory) / 1e6:,.0f} MB (server and worker)")
            outside = [path for path in folder.rglob("*") if path.is_file() and folder / "spool" not in path.parents]
            print(f"written outside the folder of jobs: {len(outside)}")
        killed(folder)


def clip(server: Running) -> str:
    """What the next client asks; the state of its job."""
    said = {"options": {"inputs": ["a.mid"]}, "files": {"a.mid": SEED.read_bytes()}}
    return str(server.verb("show", **said).json["state"])


def asked_after(what: str, server: Running, answers: Counter[object]) -> None:
    begun = time.perf_counter()
    state = clip(server)
    counts = ", ".join(f"{kind}: {count:,}" for kind, count in sorted(answers.items(), key=str))
    print(f"{what}: {counts or '-'}; the next client: {state} after {time.perf_counter() - begun:.2f} s", flush=True)


@contextlib.contextmanager
def half_sent(server: Running, count: int) -> Iterator[list[socket.socket]]:
    """Connections that say half of what they would."""
    connections = []
    for number in range(count):
        one = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        head = b"POST /api/verbs/vary HTTP/1.1\r\nhost: 127.0.0.1\r\n"
        form = b"content-type: multipart/form-data; boundary=edge\r\ncontent-length: 999\r\n\r\n--edge\r\n"
        one.sendall(head[: 5 + number % 40] if number % 2 else head + form)
        connections.append(one)
    try:
        yield connections
    finally:
        for one in connections:
            one.close()


def bad_bodies(server: Running, count: int, chance: random.Random) -> Counter[object]:
    """So many bodies, each wrong in another way; their statuses."""
    good, kind = multipart(
        request={"change": 0.1}, options={"seed_file": "a.mid"}, files={"a.mid": SEED.read_bytes()[:300]}
    )
    ways: list[Callable[[], tuple[bytes, str]]] = [
        lambda: (good[: chance.randrange(len(good))], kind),
        lambda: (bytes(chance.choice(good) for _ in range(200)), kind),
        lambda: (_flipped(good, chance), kind),
        lambda: (good, "multipart/form-data; boundary=" + "x" * chance.randrange(300)),
        lambda: (good, "application/x-www-form-urlencoded"),
        lambda: multipart(request="[" * 100_000, options={}),
        lambda: multipart(request={"change": chance.choice(["x", -1, 1e400, None, [], {}, True])}),
        lambda: multipart(request={"c" * chance.randrange(1, 2_000): 1}),
        lambda: multipart(request=[], options=[]),
        lambda: multipart(options={"seed_file": chance.choice([1, None, [], "gone.mid", "a" * 9_000])}),
        lambda: multipart(options={"seed_file": "a.mid"}, files={"a.mid": chance.randbytes(500)}),
        lambda: multipart(request="\xff\x00", options="nul\x00"),
        lambda: (b"--edge\r\n" * 5_000, kind),
    ]
    answers: Counter[object] = Counter()
    for number in range(count):
        body, its_kind = ways[number % len(ways)]()
        verb = chance.choice(["vary", "show", "rank", "compose"])
        answer = server.ask("POST", f"/api/verbs/{verb}?wait=30", body, {"content-type": its_kind})
        answers[answer.json.get("state", answer.status)] += 1
        if job := answer.json.get("id"):
            server.ask("DELETE", f"/api/jobs/{job}")
    return answers


def _flipped(data: bytes, chance: random.Random) -> bytes:
    flipped = bytearray(data)
    for _ in range(chance.randrange(1, 20)):
        flipped[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(flipped)


def hostile_names(server: Running) -> Counter[object]:
    """Files with such names, and results that should go there; the statuses."""
    import json

    answers: Counter[object] = Counter()
    for name in NAMES:
        part = b'--edge\r\ncontent-disposition: form-data; name="names"\r\n\r\n%s\r\n' % json.dumps([name]).encode()
        body, kind = multipart(options={"inputs": [name]}, files={"x": SEED.read_bytes()})
        answer = server.ask("POST", "/api/verbs/show?wait=30", part + body, {"content-type": kind})
        answers[answer.json.get("state", answer.status)] += 1
        body, kind = multipart(options={"seed_file": "a.mid", "output": name}, files={"a.mid": SEED.read_bytes()})
        answer = server.ask("POST", "/api/verbs/vary?wait=60", body, {"content-type": kind})
        answers[answer.json.get("state", answer.status)] += 1
    return answers


def many_events(server: Running, count: int) -> Counter[object]:
    """A file of so many notes, shown and varied."""
    notes = b"".join(b"\x00\x90%c\x40\x0a\x80%c\x00" % (36 + n % 60, 36 + n % 60) for n in range(count // 2))
    track = notes + b"\x00\xff\x2f\x00"
    data = b"MThd\0\0\0\6\0\0\0\1\0\x60MTrk" + len(track).to_bytes(4, "big") + track
    answers: Counter[object] = Counter()
    for verb, options in {"show": {"inputs": ["a.mid"]}, "vary": {"seed_file": "a.mid"}}.items():
        begun = time.perf_counter()
        job = server.verb(
            verb, request={"bars": "1-2"} if verb == "vary" else {}, options=options, files={"a.mid": data}
        )
        job = job.json
        while job["state"] in ("waiting", "running"):
            job = server.ask("GET", f"/api/jobs/{job['id']}?wait=60").json
        answers[f"{verb} {job['state']} in {time.perf_counter() - begun:.1f} s"] += 1
    return answers


@contextlib.contextmanager
def remembered(server: Running) -> Iterator[list[int]]:
    """The memory of the server and its workers in bytes, looked at ten times a second."""
    seen, is_over = [0], threading.Event()

    def look() -> None:
        while not is_over.wait(0.1):
            seen.append(sum(map(_memory, _family(server.process.pid))))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        is_over.set()
        thread.join()


def _family(process: int) -> list[int]:
    with contextlib.suppress(OSError):
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        threads = [int(one) for one in os.listdir(f"/proc/{process}/task")]
        for thread in threads:
            with contextlib.suppress(OSError):
                children += Path(f"/proc/{process}/task/{thread}/children").read_text().split()
        return [process, *sorted({int(child) for child in children})]
    return []


def _memory(process: int) -> int:
    with contextlib.suppress(OSError, IndexError, ValueError):
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def killed(folder: Path) -> None:
    """Kills a server in the middle of a job; what the next one has of it."""
    said = {"request": {"bars": 64, "variations": 20}, "options": {"seed_file": "a.mid"}}
    with serving(folder, "--workers", 1) as first:
        first.ask("GET", "/api/ready")
        job = first.verb("compose", wait=3, files={"a.mid": SEED.read_bytes()}, **said).json["id"]
        first.process.kill()
        first.process.wait()
        left = len(first.jobs())
    begun = time.perf_counter()
    with serving(folder, "--workers", 1) as second:
        status = second.ask("GET", f"/api/jobs/{job}").status
        print(
            f"killed during a job ({left} folders left): the next server says {status} of it, keeps "
            f"{len(second.jobs())} folders; a clip: {clip(second)} after {time.perf_counter() - begun:.1f} s"
        )


if __name__ == "__main__":
    main()
