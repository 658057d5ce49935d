"""Rows of what was found, as text: a table for people; JSON, JSON lines and CSV for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, Literal

import typer

from symbolic_embed.errors import printable
from symbolic_embed.presenting.tables import aligned

Row = Mapping[str, Any]
PATHS = ("path", "other_path")
Format = Annotated[Literal["table", "json", "jsonl", "csv"], typer.Option(help="For people (table), or for programs.")]


def listed(rows: Sequence[Row], columns: Sequence[str], format: str, *, not_for_people: Collection[str] = ()) -> str:
    """`rows`, each with a value for every one of `columns`, in one of the formats. In the table paths come last,
    and some columns are left out."""
    if format == "table":
        shown = [name for name in columns if name not in not_for_people]
        return _table(rows, sorted(shown, key=PATHS.__contains__))
    if format == "csv":
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_in_a_cell(row[name]) for name in columns] for row in rows)
        return text.getvalue()
    lines = [json.dumps({name: row[name] for name in columns}) for row in rows]
    return "".join(line + "\n" for line in lines) if format == "jsonl" else "[" + ",\n ".join(lines) + "]\n"


def _table(rows: Sequence[Row], columns: Sequence[str]) -> str:
    header = [name.replace("_", " ") for name in columns]
    lines = [[_for_people(name, row[name]) for name in columns] for row in rows]
    return "".join(
        line + "\n"
        for line in aligned(lines, header=header, right=set(header) - {name.replace("_", " ") for name in PATHS})
    )


def _for_people(name: str, value: Any) -> object:
    if value is None:
        return "-"
    if name.endswith("distance"):
        return f"{value:.4f}"
    if name == "transposition":
        return f"{value:+d}" if value else "0"
    return printable(value) if isinstance(value, str) else _in_a_cell(value)


def _in_a_cell(value: Any) -> object:
    """Pairs of bars as 3=5; anything else as it is."""
    return " ".join(f"{first}={second}" for first, second in value) if isinstance(value, tuple) else value
