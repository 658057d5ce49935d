"""What lies in the folder of a run, inside that of its checkpoint.

    settings.json  starts the same run again
    curves.csv     every loss, averaged over rounds
    state.pt       everything needed to go on

All are replaced whole, so a kill leaves the last good ones. The state is loaded with `weights_only=True` and only from
the run's own folder.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from symbolic_embed.errors import CheckpointError
from symbolic_embed.files import write_durably

RUN = "run"
STATE, SETTINGS, CURVES = "state.pt", "settings.json", "curves.csv"


def saved_progress(folder: Path) -> dict[str, Any] | None:
    """The state of an earlier run in `folder`, None where there is none. Raises CheckpointError where it is damaged."""
    path = folder / STATE
    if not path.exists():
        return None
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises many kinds for a damaged file; all mean the same to the user
        raise CheckpointError(f"{path}: damaged ({type(error).__name__}); delete it to start anew") from None
    return state


def save_progress(folder: Path, state: Mapping[str, Any]) -> None:
    """Puts the state of a run in `folder`."""
    buffer = io.BytesIO()
    torch.save(dict(state), buffer)
    write_durably(folder / STATE, buffer.getvalue())


def append_losses(folder: Path, row: Mapping[str, float]) -> None:
    """One more line of the curves; a column they lack (a loss that began later) makes them be written anew."""
    path = folder / CURVES
    rows: list[dict[str, str]] = []
    if path.exists():
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    rows.append({name: f"{value:.6g}" for name, value in row.items()})
    names = list(dict.fromkeys(name for line in rows for name in line))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_durably(path, text.getvalue().encode())
