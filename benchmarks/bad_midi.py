"""Every malformed file through `show` and `embed`, singly and as a folder.

    python benchmarks/bad_midi.py GENERATOR

GENERATOR is a script that writes the files and a `manifest.json` (for each: path, and whether it must be accepted,
warned of or rejected). A file is handled well when nothing crashes, nothing takes longer than ten seconds, a rejection
is one line that names the file, and the exit code says what happened.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

COMMAND = [sys.executable, "-c", "from symbolic_embed.commands.app import main; main()"]
TOO_LONG = 60.0  # seconds, on a busy machine


def main(generator: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        corpus = Path(place) / "corpus"
        subprocess.run([sys.executable, generator, str(corpus)], check=True, capture_output=True)
        manifest = json.loads((corpus / "manifest.json").read_text(encoding="utf-8"))
        with ThreadPoolExecutor(2) as pool:
            shown = list(pool.map(lambda entry: _singly("show", corpus, entry), manifest))
            embedded = list(pool.map(lambda entry: _singly("embed", corpus, entry), manifest))
        for verb, results in (("show", shown), ("embed", embedded)):
            print(f"{verb}, singly:", dict(Counter(result for result, _ in results)))
            for result, line in results:
                if result.startswith("FAULT"):
                    print("   ", result, line)
        print("embed, as a folder:", _as_folder(corpus))


def _singly(verb: str, corpus: Path, entry: dict[str, str]) -> tuple[str, str]:
    """How one file fared, and the line that was said of it."""
    path = os.path.join(os.fsencode(corpus), entry["path"].encode("latin-1"))
    output = [b"-o", os.path.join(os.fsencode(corpus.parent), b"out.npz"), b"--force"] if verb == "embed" else []
    start = time.perf_counter()
    try:
        done = subprocess.run(
            [*COMMAND, verb, path, *output], capture_output=True, timeout=TOO_LONG, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        return "FAULT: took too long", entry["path"]
    said = done.stderr.decode(errors="replace")
    if "Traceback" in said or done.returncode < 0:
        return "FAULT: crash", f"{entry['path']}: {said[-200:]}"
    if done.returncode not in (0, 1, 3):
        return f"FAULT: exit code {done.returncode}", f"{entry['path']}: {said[-200:]}"
    if done.returncode == 0 and entry["expect"] == "reject":
        return "FAULT: not rejected", entry["path"]
    if verb == "show" and done.returncode and entry["expect"] == "accept":
        return "FAULT: not accepted", f"{entry['path']}: {said[-200:]}"
    slow = " (over 5 s)" if time.perf_counter() - start > 5 else ""
    return ("read" if done.returncode == 0 else "rejected") + slow, said


def _as_folder(corpus: Path) -> str:
    report = corpus.parent / "report.jsonl"
    command = [*COMMAND, "embed", str(corpus), "-o", str(corpus.parent / "all.npz"), "--report", str(report)]
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL)
    statuses = Counter(json.loads(line)["status"] for line in report.read_text().splitlines())
    crash = ", with a traceback" if b"Traceback" in done.stderr else ""
    return f"exit code {done.returncode}{crash}, {dict(statuses)}"


if __name__ == "__main__":
    main(sys.argv[1])
