"""Every command of Nurie by its short name, and the map of them by what a person does."""

import textwrap
from collections.abc import Mapping

from training.terminal.clone import CLONE

PACKAGES = ("training", "conversion", "benchmarks")
# Two packages may have a command of one name: the first package's takes it, and the other's goes
# by its dotted name, as every command may.
WORK: Mapping[str, Mapping[str, str]] = {
    "Teach a network": {
        "training.prepare": "pictures of yours, or of others, to pairs to learn from",
        "benchmarks.contact_sheet": "look at what a data folder holds",
        "training.train": "train on it; --resume goes on with a killed run",
        "training.evaluate": "how well the network colours drawings that it never saw",
    },
    "Colour": {
        "training.colorize": "drawings, with a checkpoint",
        "conversion.colorize": "drawings, with an exported model",
    },
    "Take it to a phone": {
        "conversion.to_coreml": "a model for iOS",
        "conversion.to_coreai": "a model for iOS 27",
        "conversion.to_tflite": "a model for Android, and others",
        "conversion.to_onnx": "a model for ONNX Runtime, and others",
        "conversion.from_coreml": "anybody's Core ML program as ONNX",
        "training.pack": "of a checkpoint, only what colours",
        "benchmarks.ios_bundle": "models and golden drawings for the demo app",
    },
    "Check it": {
        "benchmarks.parity": "do the models draw what the network draws?",
        "benchmarks.latency": "how fast they are here",
        "benchmarks.cost": "how much they compute, and what a phone may make of it",
        "benchmarks.ranges": "how far values are from what 16 and 8 bits hold",
        "benchmarks.report": "everything measured, on one page",
        "benchmarks.device_report": "check what phones sent back",
        "benchmarks.compare": "rank phones, and find what became slower",
    },
}
COMPLETION = "nurie completion bash > ~/.local/share/bash-completion/completions/nurie"
_INDENT = "  "


def commands() -> dict[str, str]:
    """Return the module of each short name: `to-coreml` -> conversion.to_coreml."""
    found: dict[str, str] = {}
    for package in PACKAGES:
        for path in sorted((CLONE / package).glob("*.py")):
            if "sys.exit(main())" in path.read_text(encoding="utf-8"):
                module = f"{package}.{path.stem}"
                short = path.stem.replace("_", "-")
                found[module if short in found else short] = module
    return found


def map_of_commands(*, width: int) -> str:
    """Return all commands in lines of at most `width` columns."""
    names = {module: name for name, module in commands().items()}
    told = [module for group in WORK.values() for module in group]
    column = max(len(names[module]) for module in told) + 2
    lines = _paragraph(
        "Nurie trains a network that colours line art, and takes it to phones. "
        "nurie COMMAND --help explains a command, which python -m MODULE is in the documentation.",
        width,
    )
    for title, group in WORK.items():
        lines += ["", title]
        for module, job in group.items():
            name = f"{_INDENT}{names[module]}".ljust(column + len(_INDENT))
            lines += textwrap.wrap(
                job, width, initial_indent=name, subsequent_indent=" " * len(name)
            )
    others = ", ".join(name for module, name in names.items() if module not in told)
    lines += ["", "Measure Nurie itself", *_paragraph(others, width, _INDENT)]
    lines += [
        "",
        "Let the shell complete all that (bash, zsh, fish, tcsh)",
        *_paragraph(COMPLETION, width, _INDENT),
    ]
    return "\n".join(lines)


def _paragraph(text: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )
