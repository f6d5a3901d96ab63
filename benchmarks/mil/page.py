"""The page docs/mil-operations.md: every operation of coremltools' registry, and its state here."""

# iOS target -> the opset of its programs.
OPSETS = {"iOS15": "CoreML5", "iOS16": "CoreML6", "iOS17": "CoreML7", "iOS18": "CoreML8"}
ABSENT = {
    "_const_symbolic": "exists while coremltools converts; no program is saved with one",
    "conv_quantized": "experimental, of neural networks alone: Core ML's programs have none",
}
DIALECTS = (
    "Operations named `complex_*` and `tf_*` belong to coremltools' front ends, which replace them "
    "before a program is saved. `coreml_update_state` is saved as `write_state` and `read_state`; "
    "both run."
)
DEBUGGING = (
    "`MLModelInspector`, `MLModelValidator` and `MLModelComparator` work after `enable_predict`. "
    "coremltools ships 43 tests of them that need neither PyTorch nor a device; 39 of these run a "
    "program, and pass here: `python -m benchmarks.mil_operations --tests debugging` (4.5 minutes "
    "of one processor)."
)


def page() -> str:
    """Return the page as Markdown. Imports coremltools, which takes seconds."""
    from benchmarks.mil.known_failures import KNOWN

    rows = [f"| `{name}` | {versions} | {_state(name)} |" for name, versions in _registered()]
    done = sum(name not in ABSENT for name, _ in _registered())
    failures = [f"| {' and '.join(f'`{w}`' for w in k.words)} | {k.reason} |" for k in KNOWN]
    return "\n".join(
        [
            "# MIL operations",
            "",
            "Written by `python -m benchmarks.mil_operations --docs`; do not edit.",
            f"{done} of the {len(rows)} operations that coremltools knows run here.",
            "",
            "| operation | defined anew in | state |",
            "|---|---|---|",
            *rows,
            "",
            DIALECTS,
            "",
            "## Tests of coremltools that fail here",
            "",
            "`python -m benchmarks.mil_operations` runs the tests that coremltools ships.",
            "",
            "| tests whose id holds | reason |",
            "|---|---|",
            *failures,
            "",
            "## Tools of coremltools that find the operation that fails",
            "",
            DEBUGGING,
            "",
        ]
    )


def _registered() -> list[tuple[str, str]]:
    """Return each operation and the targets that define it anew, in the order of names."""
    from coremltools.converters.mil.mil.ops.registry import SSAOpRegistry

    found = {}
    for name, versions in SSAOpRegistry.core_ops.items():
        classes = [(target.name, cls) for target, cls in versions.items() if target.name in OPSETS]
        classes.sort()
        new = [
            target
            for place, (target, cls) in enumerate(classes)
            if place == 0 or cls is not classes[place - 1][1]
        ]
        found[name] = ", ".join(new)
    return sorted(found.items())


def _state(name: str) -> str:
    from conversion.mlprogram.registry import is_supported

    if name in ABSENT:
        return f"absent: {ABSENT[name]}"
    if is_supported(name, OPSETS["iOS18"]):
        return "runs"
    return "MISSING"
