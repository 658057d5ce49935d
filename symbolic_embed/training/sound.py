"""Training an encoder of recordings, from prepared music, sound fonts and a finished embedder to a checkpoint that
holds what that of the embedder does, and the encoder."""

from __future__ import annotations

import torch

from symbolic_embed.corpus.licences import TrainingData
from symbolic_embed.embedding.checkpoint import CARD, Checkpoint, copied_checkpoint, open_checkpoint
from symbolic_embed.embedding.embedder import Embedder
from symbolic_embed.errors import CheckpointError
from symbolic_embed.playing.sound import chosen_font, font_named
from symbolic_embed.training.parts import with_trained_part
from symbolic_embed.training.running import RunPlan, run_to_checkpoint
from symbolic_embed.training.settings import SoundTraining
from symbolic_embed.training.sound_batches import SoundBatches
from symbolic_embed.training.sound_module import SoundModule
from symbolic_embed.training.sounding.recordings import Rendering, rendered


def train_sound(data: TrainingData, settings: SoundTraining, plan: RunPlan, *, checkpoint: Checkpoint) -> Checkpoint:
    """Trains on recordings of the train split, which are made first, and writes a checkpoint with all that `checkpoint`
    holds and the encoder, also when interrupted.

    Raises CorpusError and TrainingError (too little music, non-finite loss), SoundError (nothing to play it with),
    CheckpointError (an embedder that is not bounded), KeyboardInterrupt once all is saved.
    """
    embedder = Embedder.of(checkpoint)
    if not embedder.settings.bounded:
        raise CheckpointError(
            f"{checkpoint.folder}: its embeddings are not bounded, and nothing that is heard could be brought near to "
            "them; name an embedder that was not trained with the prior kl"
        )
    fonts = tuple(map(font_named, settings.sound_fonts)) or (chosen_font(),)
    kind = settings.sound.kind
    recordings = rendered(
        data.corpus,
        embedder,
        Rendering(settings.recordings, settings.seed, fonts),
        kind,
        progress=lambda work, total, doing: plan.progress.through(work, total=total, doing=doing),
    )
    torch.manual_seed(settings.seed)
    module = SoundModule(settings, dim=embedder.dim)

    def batches(first: int) -> SoundBatches:
        return SoundBatches(recordings, settings=settings, first=first)

    def written(ended: str) -> Checkpoint:
        is_there = (plan.folder / CARD).exists()
        there = open_checkpoint(plan.folder) if is_there else copied_checkpoint(checkpoint, plan.folder)
        run = {**settings.model_dump(mode="json"), "sound_fonts": [font.name for font in fonts]}
        said = {"settings": settings.sound.model_dump(), "ended": ended, "run": run}
        return with_trained_part(there, kind, module, data=data, said=said)

    return run_to_checkpoint(module, batches, plan, written)
