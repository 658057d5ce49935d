"""`train embedder --representation chroma|mfcc`: an encoder of recordings beside a finished embedder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import typer

from symbolic_embed.commands.shared.music_data import exit_code_of, training_data
from symbolic_embed.commands.shared.own_music import tell_music
from symbolic_embed.commands.shared.training_options import BUDGET, MODEL, OBJECTIVES
from symbolic_embed.errors import UsageError

if TYPE_CHECKING:
    from symbolic_embed.commands.shared.training_options import EmbedderOptions

TAKEN = ("objective", "prior", "similarity")
NOT_TAKEN = sorted({*OBJECTIVES, *MODEL} - {*TAKEN, "representation"})


def train_on_recordings(given: EmbedderOptions) -> NoReturn:
    """Trains it, says what lies where and what to type next, and ends the command."""
    from symbolic_embed.commands.shared.next_command import Typed
    from symbolic_embed.commands.shared.threads import use_threads
    from symbolic_embed.embedding.checkpoint import open_checkpoint
    from symbolic_embed.training.card import RECORDS
    from symbolic_embed.training.running import RunPlan
    from symbolic_embed.training.settings import SoundTraining, settings_of
    from symbolic_embed.training.sound import train_sound

    for name in NOT_TAKEN:
        if getattr(given, name) is not None:
            raise UsageError(
                f"`{name}` with `representation` {given.representation}: the model is `checkpoint`'s; leave it out",
                field=name,
            )
    opened = given.opened_start() or open_checkpoint()
    plan = RunPlan(given.output, given.resume, given.session_minutes, None, given.progress())
    plan.require_new()
    chosen = settings_of(
        SoundTraining,
        file=given.settings,
        resumed=plan.resumed_settings,
        options={**given.chosen(*TAKEN, *BUDGET), **_of_recordings(given)},
    )
    use_threads(chosen.threads)
    data = training_data(given, allow_study=chosen.allow_study)
    tell_music(data.corpus, plan.progress, fine_tuning=True)
    words = ("--representation", str(given.representation))
    typed = Typed(("train", "embedder", *words), given, fine_tuning=False)
    with typed.offering_to_go_on(plan.progress):
        written = train_sound(data, chosen, plan, checkpoint=opened)
    kind = chosen.sound.kind
    ended = written.card[RECORDS[kind]]["ended"]
    plan.progress.tell(f"{written.folder / kind}.safetensors: {ended}")
    if ended == "session over":
        plan.progress.tell(f"next: {typed.resumed()}")
    else:
        plan.progress.tell(f"next: symbolic-embed rank RECORDING.wav FOLDER --checkpoint {written.folder}")
    raise typer.Exit(exit_code_of(data.corpus))


def _of_recordings(given: EmbedderOptions) -> dict[str, Any]:
    """The settings that only this kind of run has, where they were given."""
    settings: dict[str, Any] = {"sound": {"kind": given.representation}}
    if given.recordings is not None:
        settings["recordings"] = given.recordings
    if given.sound_font:
        settings["sound_fonts"] = tuple(map(str, given.sound_font))
    return settings
