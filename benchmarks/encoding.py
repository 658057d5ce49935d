"""Where the time of embedding goes, how near the encoder comes to what the machine can multiply, and other runtimes.

    python benchmarks/encoding.py --music FOLDER --files 300

FOLDER holds MIDI files. All times are CPU time of one thread, medians of rounds in which every contender has its turn;
windows are the distinct bars of the files. The matrix limit is the time of the encoder's products alone, of the same
shapes, in the same rounds. ONNX Runtime takes part where `onnx` and `onnxruntime` are installed; no command needs them.
"""

from __future__ import annotations

import argparse
import copy
import logging
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import torch
from torch import Tensor, nn

from symbolic_embed.bars import Windows, bar_windows, cut
from symbolic_embed.commands.shared.threads import use_threads
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.embedding.model import encoder_input
from symbolic_embed.embedding.units import BATCH
from symbolic_embed.errors import InputError
from symbolic_embed.files.folders import find_midi
from symbolic_embed.networks.bfloat16 import rounded_encoder
from symbolic_embed.score import Score, read

ROUNDS = 15


def main() -> None:
    use_threads()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--music", type=Path, required=True)
    parser.add_argument("--files", type=int, default=300)
    asked = parser.parse_args()
    embedder = Embedder.load()
    windows, seconds = _read(asked.music, asked.files)
    _, first = np.unique(windows.content_hashes(), return_index=True)
    print(f"{asked.files} files, {len(windows)} bars, {len(first)} distinct")
    batch = windows.where(np.random.default_rng(0).choice(first, BATCH, replace=False))
    with torch.no_grad():
        contenders = _contenders(embedder, batch)
        for dtype in (torch.float32, torch.bfloat16):
            contenders[f"products alone, {dtype}"] = _products(embedder.encoder, batch, dtype)
        times = _medians(contenders)
        full = contenders["torch float32"]()
        for name, seconds_a_batch in times.items():
            result = contenders[name]() if name.startswith(("torch", "ONNX")) else None
            print(f"{name:32} {BATCH / seconds_a_batch:9,.0f} bars/s{_likeness(full, result)}")
    for precision in ("float32", "bfloat16"):
        share = times[f"products alone, torch.{precision}"] / times[f"torch {precision}"]
        print(f"share of the matrix limit, {precision}: {share:.2f}")
    seconds["input"] = len(first) * times["bags of vector numbers"] / BATCH
    for precision in ("float32", "bfloat16"):
        parts = {**seconds, "encoder": len(first) * times[f"torch {precision}"] / BATCH}
        whole = sum(parts.values())
        told = ", ".join(f"{name} {part / whole:.1%}" for name, part in parts.items())
        print(f"{precision}: {asked.files / whole:.1f} files/s, {len(windows) / whole:,.0f} bars/s; {told}")


def _read(music: Path, count: int) -> tuple[Windows, dict[str, float]]:
    """The bars of `count` files drawn from a folder, and the seconds that reading and cutting them took."""
    paths = [one.path for one in find_midi([str(music)]) if not one.problem]
    np.random.default_rng(0).shuffle(paths)
    found: list[Windows] = []
    seconds = {"parse": 0.0, "bars": 0.0}
    for path in paths:
        started = time.process_time()
        score = _score(path)
        parsed = time.process_time()
        if score is None or not score.note_count:
            continue
        found.append(bar_windows(cut(score)))
        seconds["parse"] += parsed - started
        seconds["bars"] += time.process_time() - parsed
        if len(found) == count:
            break
    return Windows.concatenated(found), seconds


def _score(path: str) -> Score | None:
    try:
        return read(path)
    except InputError:
        return None


def _contenders(embedder: Embedder, batch: Windows) -> dict[str, Callable[[], Tensor]]:
    """Ways to embed one batch. The other runtimes are given the trunk alone: what precedes it takes no time."""
    encoder = embedder.encoder
    bags = encoder_input(batch, representation=embedder.settings.representation)
    rounded = rounded_encoder(encoder)
    frames = _frames(encoder, bags)
    eighth = torch.ao.quantization.quantize_dynamic(copy.deepcopy(encoder.trunk), {nn.Linear}, dtype=torch.qint8)
    return {
        "bags of vector numbers": lambda: encoder_input(batch, representation=embedder.settings.representation),
        "torch float32": lambda: encoder(bags),
        "torch bfloat16": lambda: rounded(bags),
        "torch int8": lambda: eighth(frames),
        **_onnx(encoder.trunk, frames),
    }


def _frames(encoder: nn.Module, bags: object) -> Tensor:
    """What the trunk is given."""
    kept: list[Tensor] = []
    hook = encoder.trunk.register_forward_pre_hook(lambda _, given: kept.append(given[0]))
    encoder(bags)
    hook.remove()
    return kept[0]


def _onnx(trunk: nn.Module, frames: Tensor) -> dict[str, Callable[[], Tensor]]:
    """The trunk in ONNX Runtime, one thread; nothing where it is not installed."""
    try:
        import onnxruntime
        from onnxruntime.quantization import QuantType, quantize_dynamic
    except ImportError:
        return {}
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    found = {}
    given = {"frames": frames.numpy()}
    logging.getLogger().setLevel(logging.ERROR)  # quantising warns of every layer
    with tempfile.TemporaryDirectory() as place, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        names = {name: f"{place}/{name}.onnx" for name in ("float32", "int8")}
        torch.onnx.export(trunk, (frames,), names["float32"], input_names=["frames"], dynamo=False)
        quantize_dynamic(names["float32"], names["int8"], weight_type=QuantType.QInt8)
        for name, path in names.items():
            session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
            found[f"ONNX Runtime {name}"] = lambda session=session: torch.from_numpy(session.run(None, given)[0])
    return found


def _products(encoder: nn.Module, batch: Windows, dtype: torch.dtype) -> Callable[[], None]:
    """All matrix products of the encoder on one batch, and nothing else."""
    shapes: list[tuple[torch.Size, nn.Linear]] = []
    layers = [layer for layer in encoder.trunk.modules() if isinstance(layer, nn.Linear)]
    hooks = [
        layer.register_forward_pre_hook(lambda layer, given: shapes.append((given[0].shape, layer))) for layer in layers
    ]
    encoder(encoder_input(batch, representation="pianoroll"))
    for hook in hooks:
        hook.remove()
    pairs = [(torch.randn(shape).to(dtype), layer.weight.to(dtype)) for shape, layer in shapes]

    def multiply() -> None:
        for rows, weights in pairs:
            nn.functional.linear(rows, weights)

    return multiply


def _medians(contenders: dict[str, Callable[[], object]]) -> dict[str, float]:
    """CPU seconds of each, after one turn that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(ROUNDS + 1):
        for name, run in contenders.items():
            started = time.process_time()
            run()
            if turn:
                seconds[name].append(time.process_time() - started)
    return {name: median(found) for name, found in seconds.items()}


def _likeness(full: Tensor, vectors: Tensor | None) -> str:
    if vectors is None:
        return ""
    cosines = nn.functional.cosine_similarity(full, vectors)
    return f", cosine to float32 {cosines.mean():.5f}, least {cosines.min():.5f}"


if __name__ == "__main__":
    main()
