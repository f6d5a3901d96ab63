"""What a person wants to know first of a run: questions with answers, and what to do next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.agreement.record import ArtifactParity, Parity
from benchmarks.pages.speed import Note, Speed
from benchmarks.timing.record import LATENCIES
from training.metrics.evaluation import MEAN_COLOR, MODEL, PAPER, Evaluation
from training.metrics.hints.evaluation import FILL
from training.terminal.typed import python_command

# What a phone or tablet of Apple's runs; a report may hold models of other formats as well.
ON_APPLE = ("coreml", "coreai")
NOT_MEASURED = "Not measured yet"
BETTER = "Better than without a network"
BETTER_WITH_FEW = "Better with few hints, as good with many"
BETTER_WITH_SOME = "Better with some hints, as good with others"
NO_BETTER = "No better than without a network"
BASELINES = {MEAN_COLOR: "one mean colour inside the lines", PAPER: "uncoloured paper"}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A question with its answer: good, bad, or None where neither is the case."""

    question: str
    short: str
    sentence: str
    good: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Step:
    """What to do next, and what to type for it; nothing where that depends."""

    sentence: str
    command: str = ""


def answers_to(
    evaluation: Evaluation | None,
    artifacts: Mapping[str, ArtifactParity],
    *,
    latency: Path,
    mac: bool,
) -> list[Answer]:
    """Answer what the records tell. latency: a record, which may be missing or of other models."""
    return [_colours(evaluation), *answers_of_models(artifacts, latency=latency, mac=mac)]


def answers_of_models(
    artifacts: Mapping[str, ArtifactParity], *, latency: Path, mac: bool
) -> list[Answer]:
    """Answer what can be answered of models whose generator nobody trained here."""
    return [
        _same_picture(artifacts, mac=mac),
        _size(artifacts),
        _speed(artifacts, latency),
    ]


def colours_well(evaluation: Evaluation) -> bool:
    """Say whether a model is nearer to the truth than what needs no network, beyond doubt.

    A network that takes hints is held to filling between the lines from the same dots: it has to
    be ahead with some number of them, and behind with none.
    """
    return _verdict(evaluation) != NO_BETTER


def next_steps(
    run: Path, *, evaluation: Evaluation | Note, parity: Parity | Note, speed: Speed | Note
) -> list[Step]:
    """Return what to do next, the first thing first; never nothing."""
    steps = []
    if isinstance(evaluation, Note):
        steps.append(Step(sentence="Measure how well it colours.", command=evaluation.command))
    elif not colours_well(evaluation):
        sentence = (
            "Train it longer, or on more pictures, before you ship it: it colours no better than "
            "what needs no network. docs/training.md says what helps."
        )
        steps.append(Step(sentence=sentence))
    steps += steps_of_models([run], parity=parity, speed=speed)
    if not steps:
        sentence = "Colour a drawing of your own."
        words = (run, "drawing.png", "-o", "coloured.png")
        steps.append(Step(sentence=sentence, command=python_command("training.colorize", *words)))
    return steps


def steps_of_models(
    words: Sequence[str | Path], *, parity: Parity | Note, speed: Speed | Note, app: bool = True
) -> list[Step]:
    """Return what to do next about exported models.

    words: what is typed for their generator, its path first. app: whether the demo app takes it.
    """
    ckpt, *told = words
    steps = []
    if isinstance(parity, Note):
        steps += [
            Step(
                sentence="Export it for phones, unless that is done.",
                command=python_command("conversion.to_coreml", *words),
            ),
            Step(sentence="Compare what is exported with Keras.", command=parity.command),
        ]
    else:
        failed = [Path(row.artifact).name for row in parity.artifacts if not row.passed]
        if failed:
            sentence = (
                f"Leave out {', '.join(failed)}, which "
                f"{'misses its gate' if len(failed) == 1 else 'miss their gates'}, or choose a "
                "recipe of more bits: docs/recipes.md has what each costs."
            )
            steps.append(Step(sentence=sentence))
        elif isinstance(speed, Note):
            steps.append(Step(sentence="Time it on this computer.", command=speed.command))
    good = [
        row
        for row in (parity.artifacts if isinstance(parity, Parity) else ())
        if row.passed and row.format == "coreml"
    ]
    if good and app:
        smallest = min(good, key=lambda row: row.bytes).artifact
        steps.append(
            Step(
                sentence="Put the model into the demo app, which measures it on a phone.",
                command=python_command("benchmarks.ios_bundle", ckpt, smallest, *told),
            )
        )
    return steps


def _colours(evaluation: Evaluation | None) -> Answer:
    question = "Does it colour well?"
    if evaluation is None:
        sentence = "No held-out drawing has been compared with its true colours."
        return Answer(question=question, short=NOT_MEASURED, sentence=sentence)
    best = _best_baseline(evaluation)
    ours, theirs = (evaluation.rows[name].mean.psnr_db for name in (MODEL, best))
    sentence = (
        f"Without a hint its pictures are {ours:.1f} dB from the true ones; {BASELINES[best]} is "
        f"at {theirs:.1f} dB. More is better."
    )
    if evaluation.hints is not None:
        rows = evaluation.hints.rows
        ours_at, fill_at = (rows[name].points["dots"] for name in (MODEL, FILL))
        told = [
            f"{ours_at[n].psnr_db.value:.1f} dB with {ours_at[n].hints} "
            f"({fill_at[n].psnr_db.value:.1f})"
            for n in (1, -1)
        ]
        sentence += (
            f" With dots of the true colours: {' and '.join(told)}; in brackets, what filling "
            "between the lines without a network makes of the same dots."
        )
    short = _verdict(evaluation)
    return Answer(question=question, short=short, sentence=sentence, good=short != NO_BETTER)


def _verdict(evaluation: Evaluation) -> str:
    if evaluation.hints is None:
        best = _best_baseline(evaluation)
        ours, theirs = (evaluation.colorings[name].psnr_db for name in (MODEL, best))
        better = ours is None or (theirs is not None and ours.low > theirs.high)
        return BETTER if better else NO_BETTER
    gains = [point.ahead_db for point in evaluation.hints.rows[MODEL].points["dots"]]
    ahead = [gain is not None and gain.low > 0 for gain in gains]
    if not any(ahead) or any(gain is not None and gain.high < 0 for gain in gains):
        return NO_BETTER
    return BETTER if all(ahead) else BETTER_WITH_FEW if ahead[0] else BETTER_WITH_SOME


def _same_picture(artifacts: Mapping[str, ArtifactParity], *, mac: bool) -> Answer:
    question = "Does the phone draw the same?"
    if not artifacts:
        sentence = "No exported model has been compared with Keras."
        return Answer(question=question, short=NOT_MEASURED, sentence=sentence)
    passed = sum(row.passed for row in artifacts.values())
    drawn = [row.summary.worst.psnr_db for row in artifacts.values() if row.summary]
    worst = f"; the worst picture of all is {min(drawn):.1f} dB from Keras's" if drawn else ""
    ran = "in Core ML on this Mac" if mac else "on this computer, not on a phone"
    return Answer(
        question=question,
        short=f"{passed}/{len(artifacts)} exported models do",
        sentence=f"Each was run {ran}, on the same drawings as Keras{worst}. A device report of "
        "the demo app says it of a phone.",
        good=passed == len(artifacts),
    )


def _size(artifacts: Mapping[str, ArtifactParity]) -> Answer:
    question = "How large is it?"
    passing = {label: row for label, row in artifacts.items() if row.passed}
    if not passing:
        sentence = "No exported model has been found to draw what Keras draws."
        return Answer(question=question, short=NOT_MEASURED, sentence=sentence)
    on_apple = {label: row for label, row in passing.items() if row.format in ON_APPLE}
    label, row = min((on_apple or passing).items(), key=lambda item: item[1].bytes)
    where = "for a phone" if on_apple else "of all"
    return Answer(
        question=question,
        short=f"{row.bytes / 1e6:.2f} MB",
        sentence=f"{label} is the smallest {where} that draws what Keras draws.",
    )


def _speed(artifacts: Mapping[str, ArtifactParity], latency: Path) -> Answer:
    question = "How fast is it?"
    labels = {row.sha256: label for label, row in artifacts.items()}
    timings = LATENCIES.read(latency).timings if latency.exists() else ()
    timed = [
        (timing.summary()["p50_ms"], labels[timing.sha256])
        for timing in timings
        if timing.sha256 in labels
    ]
    if not timed:
        sentence = "No exported model has been timed."
        return Answer(question=question, short=NOT_MEASURED, sentence=sentence)
    milliseconds, label = min(timed)
    return Answer(
        question=question,
        short=f"{milliseconds:.1f} ms here",
        sentence=f"A picture by {label}, the fastest on this computer. A phone measures its own "
        "time; benchmarks.cost estimates it before there is one.",
    )


def _best_baseline(evaluation: Evaluation) -> str:
    return max(BASELINES, key=lambda name: evaluation.rows[name].mean.psnr_db)
