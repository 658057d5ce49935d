"""What a training run is, and what a run starts with: a file of settings, those of the run that it resumes, options."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, Self, TypeVar

from pydantic import Field, model_validator

from symbolic_embed.embedding.model import (
    AnchorSettings,
    ComposerSettings,
    ModelSettings,
    PassageSettings,
    SoundSettings,
)
from symbolic_embed.errors import SettingsError
from symbolic_embed.settings import Settings


class BudgetSettings(Settings):
    """How long to train, and with what step.

    minutes, batches: the run ends with whichever comes first; a run that is to give the same weights again is given
    batches, since minutes depend on the machine. learning_rate: the highest; it rises over `warmup` batches, stays, and
    falls in a straight line to a fiftieth over the second half of the run. averaging: of the weights kept (exponential
    moving average), which is what the checkpoint holds.
    threads: of torch; two threads that wait for each other on a busy machine are slower than one.
    processes, machines: that share the run (`training.processes`), so many on each; each has a batch in every step.
    loaders: processes that prepare batches in the background, so that a GPU need not wait; with none, the training
    process prepares each batch itself. Which batches there are does not depend on it.
    precision: of matrix products; "auto" measures which is fastest here (`symbolic_embed.embedding.precision`).
    stop_rounds, stop_threshold: the run has converged when its loss (in phase one), averaged over rounds of
    `round_batches`, has stayed within that share of itself for that many rounds.
    allow_study: trains also on files that no model may be trained on that is passed on (`corpus/licences.py`).
    """

    minutes: float = Field(default=60.0, gt=0)
    batches: int = Field(default=10_000_000, ge=1)
    learning_rate: float = Field(default=3e-3, gt=0)
    warmup: int = Field(default=200, ge=1)
    averaging: float = Field(default=0.998, ge=0, lt=1)
    clip_norm: float = Field(default=1.0, gt=0)
    seed: int = Field(default=0, ge=0)
    threads: int = Field(default=1, ge=1)
    processes: int = Field(default=1, ge=1)
    machines: int = Field(default=1, ge=1)
    loaders: int = Field(default=0, ge=0)
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    save_minutes: float = Field(default=2.0, gt=0)
    round_batches: int = Field(default=500, ge=1)
    stop_rounds: int = Field(default=8, ge=2)
    stop_threshold: float = Field(default=0.003, gt=0)
    allow_study: bool = False

    def rate_at(self, *, batch: int, done: float) -> float:
        """The learning rate of a batch when the share `done` of the run is over."""
        falling = 1.0 if done < 0.5 else max(0.02, 2.0 * (1.0 - done))
        return self.learning_rate * min(1.0, (batch + 1) / self.warmup) * falling


class EmbedderTraining(BudgetSettings):
    """A run that trains encoder and decoder.

    objective, similarity: phase one, and in adssm what stands for nearness; without an objective it is reconstruction
    alone. prior: phase two; "none" leaves it and decorrelation out, "kl" puts the variational bound in their place
    (`objectives/variational.py`). With reconstruction alone these are the rivals: an adversarial autoencoder, a plain
    one, a variational one. pairs: anchors and positives in a batch, of which bar_share are whole bars, the rest cells;
    at most `decoded` of the cells' anchors are written back, since contrast lives on many pairs and the decoder does
    not. The weights of the losses are given here and applied in one place; whole_weight is that of the objective of
    phase one on all numbers of an embedding, context_weight on the first `context_dim`. Phase two begins when the share
    `prior_start` of the run is over (earlier it only disturbs), and follows every `prior_every` batches of phase one;
    its two learning rates are multiples of phase one's.
    """

    model: ModelSettings = ModelSettings()
    objective: Literal["adssm", "adjacency", "none"] = "adssm"
    similarity: Literal["euclidean", "cosine"] = "euclidean"
    prior: Literal["gaussian", "uniform", "kl", "none"] = "gaussian"
    pairs: int = Field(default=256, ge=4)
    bar_share: float = Field(default=0.3, ge=0, le=1)
    decoded: int = Field(default=96, ge=1)
    longest_window: int = Field(default=48, ge=1)
    context_weight: float = Field(default=1.5, ge=0)
    whole_weight: float = Field(default=1.0, ge=0)
    reconstruction_weight: float = Field(default=1.0, ge=0)
    decorrelation_weight: float = Field(default=3.0, ge=0)
    kl_weight: float = Field(default=0.2, ge=0)  # beta in the two-bar models of Roberts and others (MusicVAE, 2018)
    prior_start: float = Field(default=0.4, ge=0, le=1)
    prior_every: int = Field(default=4, ge=1)
    discriminator_rate: float = Field(default=2.0, gt=0)
    fooling_rate: float = Field(default=0.02, gt=0)

    @model_validator(mode="after")
    def _require_room_for_the_posterior(self) -> Self:
        """A posterior's means lie anywhere, an adversary needs the sphere. Raises SettingsError."""
        if (self.prior == "kl") == self.model.bounded:
            needed = "false" if self.prior == "kl" else "true"
            raise SettingsError(
                f"setting model.bounded: {str(self.model.bounded).lower()}, but prior {self.prior} needs {needed}"
            )
        return self

    @property
    def is_adversarial(self) -> bool:
        """Whether there is a phase two, with draws of the prior."""
        return self.prior in ("gaussian", "uniform")


class ComposerTraining(BudgetSettings):
    """A run that trains a composer on the embeddings of a finished embedder.

    A batch is `pieces` passages of one of the lengths `windows`, with at most `parts` parts each. return_weight,
    plan_weight: of the losses of what returns, and of each thing that is planned, beside that of the notes.
    """

    composer: ComposerSettings = ComposerSettings()
    pieces: int = Field(default=6, ge=1)
    windows: tuple[int, ...] = (8, 16, 24, 32)
    parts: int = Field(default=4, ge=1)
    longest_window: int = Field(default=48, ge=1)
    learning_rate: float = Field(default=1.5e-3, gt=0)
    return_weight: float = Field(default=0.5, ge=0)
    plan_weight: float = Field(default=0.3, ge=0)


class PassageTraining(BudgetSettings):
    """A run that trains a passage encoder on the embeddings of a finished embedder.

    pairs: passages in a batch, and as many other versions of them; part_share: of these, how many are one part alone;
    slow_share: in how many one of the two is twice as slow; unfolded: how many cells, at most, are compared with what
    sounds in them. In the first `unfolding_share` of the run the unfolding learns by itself. The weights are those of
    the losses of the vectors that turn with the key, of the blind ones, and of what sounds.
    """

    passages: PassageSettings = PassageSettings()
    pairs: int = Field(default=96, ge=4)
    part_share: float = Field(default=0.4, ge=0, le=1)
    slow_share: float = Field(default=0.12, ge=0, le=1)
    unfolded: int = Field(default=2048, ge=1)
    unfolding_share: float = Field(default=0.08, ge=0, lt=1)
    learning_rate: float = Field(default=2e-3, gt=0)
    turning_weight: float = Field(default=1.0, ge=0)
    blind_weight: float = Field(default=1.0, ge=0)
    sounding_weight: float = Field(default=100.0, ge=0)


class AnchorTraining(BudgetSettings):
    """A run that trains an anchor on the embeddings of a finished embedder.

    stretches: how many are embedded before the run begins, of `stretch_windows` windows each; a thousand take about 20
    MB, and four seconds of a core that multiplies fast in bfloat16. pieces: in a batch, of each at most `parts` parts
    that are asked of. bar_weight: of the question of whole bars, beside that of cells. whole_known, company_known: how
    often a part is asked of with the whole bars known, and with the other parts, also those of the bar that is asked
    for. dropout: in the network.
    """

    anchor: AnchorSettings = AnchorSettings()
    stretches: int = Field(default=12_000, ge=1)
    stretch_windows: int = Field(default=16, ge=2)
    pieces: int = Field(default=96, ge=2)
    parts: int = Field(default=2, ge=1)
    learning_rate: float = Field(default=3e-3, gt=0)
    warmup: int = Field(default=50, ge=1)
    averaging: float = Field(default=0.99, ge=0, lt=1)
    round_batches: int = Field(default=50, ge=1)
    bar_weight: float = Field(default=0.5, ge=0)
    whole_known: float = Field(default=0.7, ge=0, le=1)
    company_known: float = Field(default=0.4, ge=0, le=1)
    dropout: float = Field(default=0.05, ge=0, lt=1)


class SoundTraining(BudgetSettings):
    """A run that trains an encoder of recordings towards the embeddings of a finished embedder.

    sound: what the encoder hears. recordings: how many are made before the run begins, of half a minute each; a hundred
    take about a minute and 6 MB of the user's cache. sound_fonts: the files that play them; with none those that are
    installed. windows: in a batch, half of them from `pieces` recordings. beside: by which share of its length a
    window begins and ends beside where it should (standard deviation). objective, similarity, prior, prior_start,
    prior_every, discriminator_rate, fooling_rate: as of an embedder; the anchor is a window as heard, the positive the
    same window as written. nearness_weight: of the plain squared distance between these two. uneven: by which share
    each feature of a window is louder or fainter than it was recorded (standard deviation), so that other instruments
    and microphones are no surprise.
    """

    sound: SoundSettings = SoundSettings()
    recordings: int = Field(default=3000, ge=1)
    sound_fonts: tuple[str, ...] = ()
    windows: int = Field(default=256, ge=4)
    pieces: int = Field(default=6, ge=1)
    beside: float = Field(default=0.012, ge=0)
    objective: Literal["adssm", "adjacency"] = "adssm"
    similarity: Literal["euclidean", "cosine"] = "euclidean"
    prior: Literal["gaussian", "uniform", "none"] = "gaussian"
    prior_start: float = Field(default=0.4, ge=0, le=1)
    prior_every: int = Field(default=4, ge=1)
    discriminator_rate: float = Field(default=2.0, gt=0)
    fooling_rate: float = Field(default=0.02, gt=0)
    nearness_weight: float = Field(default=0.5, ge=0)
    uneven: float = Field(default=0.2, ge=0)
    learning_rate: float = Field(default=2e-3, gt=0)


def model_options(
    options: Mapping[str, Any], *, prior: str | None = None, start: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The options of an embedder's model: `options`, over the model of the card `start` that a run starts from. With
    another `prior` it is bounded or not of its own accord: the means of a variational autoencoder must lie anywhere."""
    of_start = ModelSettings.of_card(start).model_dump() if start is not None else {}
    return {**of_start, **({} if prior is None else {"bounded": prior != "kl"}), **options}


Kind = TypeVar("Kind", bound=BudgetSettings)

# What a run from finished weights takes where nothing else is said. At the rate of fresh weights it first forgets.
FINE_TUNING: Mapping[type[BudgetSettings], Mapping[str, Any]] = MappingProxyType(
    {
        EmbedderTraining: {"minutes": 10.0, "learning_rate": 3e-4, "warmup": 50, "context_weight": 2.25},
        ComposerTraining: {"minutes": 10.0, "learning_rate": 3e-4, "warmup": 50},
    }
)


def settings_of(
    kind: type[Kind],
    *,
    file: Path | None = None,
    resumed: Path | None = None,
    options: Mapping[str, Any],
    model: Mapping[str, Any] | None = None,
    fine_tuning: bool = False,
) -> Kind:
    """The settings of a run: those of a `file`, or of the run that is `resumed` (its settings.json), or where there is
    neither and it is `fine_tuning` those of FINE_TUNING; with `options` and the options of an embedder's `model` over
    them. Raises SettingsError."""
    source = file or resumed
    read = kind.from_file(source) if source else None
    values = read.model_dump() if read else dict(FINE_TUNING[kind]) if fine_tuning else {}
    if isinstance(read, EmbedderTraining) and source == resumed and "metre" not in read.model.model_fields_set:
        values["model"]["metre"] = False  # a run from before encoders were conditioned on it
    if model:
        values["model"] = {**values.get("model", {}), **model}
    return kind(**{**values, **options})
