"""The pages of the documentation: no long lines, and no name of what is not there.

The names of files and modules are looked for in sources and scripts as well: their comments go
stale as pages do.
"""

import functools
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MOST_COLUMNS = 120  # what fits beside a diff; the rows of a table may be longer
# Pages that are not held to this, and why.
LONG = {
    "docs/mil-operations.md": "generated: benchmarks.mil_operations --docs",
    "docs/experiment-tables.md": "generated: benchmarks.experiment --docs",
}
WRITTEN = (
    "*.md",
    "*.py",
    "*.swift",
    "*.sh",
    "*.toml",
    "*.j2",
    "*.yml",
    "Makefile",
    ".ci/run",
    ".ci/fitting",
)
# Pages that name what was removed or moved since, and say so.
HISTORY = (
    "CHANGELOG.md",
    "docs/decisions/0014-tiling.md",
    "docs/decisions/0016-folders-and-one-way-through-an-export.md",
)
# Names that look like files or modules of ours, and what they are.
OF_NOTHING = {
    "conversion.mlprogram._coremltools_proto": "what conversion.mlprogram.protobuf loads",
    "conversion.no_such_exporter": "a test wants it missing",
    "killed.py": "a test writes it",
    "slow_work.py": "a test writes it",
    "tensorflow.py": "a test writes it",
    "training.arguments": "a variable of a test",
    "training.log": "what the training of a cell prints",
}
# A path below a top folder, whole: not part of a longer path, and nothing behind its ending.
# Names that are filled in (to_*.py, NNNN, models/RUN) have no such ending.
PATH = re.compile(
    r"(?<![\w./-])"
    r"(?:training|conversion|benchmarks|tests|docs|ios_demo_assets)(?:/[\w.+-]+)*/[\w+-]+"
    r"\.(?:py|md|j2|css|json|swift|swiftpm|swiftinterface|sh|svg|png|toml)\b(?![\w/.]*\w)"
)
# The end of a path, whole: a name alone, or with folders before it.
ENDING = re.compile(r"(?<![\w./*{}<>-])(?:[\w-]+/)*\w[\w-]*\.(?:py|md)\b(?![\w/.]*\w)")
MODULE = re.compile(
    r"(?<![\w./-])(?:training|conversion|benchmarks)(?:\.[A-Za-z_]\w*+)++(?![\w/{*])"
)
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)[^)]*\)")


@functools.cache
def tracked(*patterns: str) -> list[Path]:
    done = subprocess.run(
        ["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / line for line in done.stdout.splitlines()]


def is_module_or_its_attribute(name: str) -> bool:
    at, rest = ROOT, name.split(".")
    while rest and (at / rest[0]).is_dir():
        at /= rest.pop(0)
    if not rest:
        return True
    module = at / f"{rest[0]}.py"
    if not module.exists() or len(rest) == 1:
        return module.exists()
    defined = rf"^(?:(?:def|class) |from \S+ import .*\b)?{rest[1]}\b"
    return bool(re.search(defined, module.read_text(encoding="utf-8"), re.M))


def named_paths(text: str) -> list[str]:
    return PATH.findall(text)


def test_a_path_is_found_whole_or_not_at_all():
    text = "see training/files/lock.py, `tests/test_docs.py`. and ios_demo_assets/NurieDemo.swiftpm"
    assert named_paths(text) == [
        "training/files/lock.py",
        "tests/test_docs.py",
        "ios_demo_assets/NurieDemo.swiftpm",
    ]
    assert named_paths("conversion/to_*.py, runs/training/x.json, x/docs/a.md, docs/a.md/b") == []


def test_no_line_of_a_page_is_longer_than_120_characters_outside_tables():
    for page in set(tracked("*.md")) - {ROOT / name for name in LONG}:
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
            assert len(line) <= MOST_COLUMNS or line.startswith("|"), f"{page}:{number}"


def test_every_path_that_a_page_or_a_comment_names_exists():
    for file in tracked(*WRITTEN):
        for name in named_paths(file.read_text(encoding="utf-8")):
            assert (ROOT / name).exists(), f"{file} names {name}"


def test_every_ending_of_a_path_and_every_dotted_name_that_is_written_leads_to_something():
    paths = {"/" + path.relative_to(ROOT).as_posix() for path in tracked()}
    endings = {path[n:] for path in paths for n, letter in enumerate(path) if letter == "/"}
    nothing = {}
    for file in set(tracked(*WRITTEN)) - {ROOT / name for name in HISTORY} - {Path(__file__)}:
        text = file.read_text(encoding="utf-8")
        nothing |= {name: file for name in ENDING.findall(text) if f"/{name}" not in endings}
        nothing |= {
            name: file for name in MODULE.findall(text) if not is_module_or_its_attribute(name)
        }
    assert nothing.keys() == OF_NOTHING.keys(), nothing


def test_every_link_of_a_page_leads_to_a_file():
    for page in tracked("*.md"):
        for name in LINK.findall(page.read_text(encoding="utf-8")):
            assert (page.parent / name).exists(), f"{page} links to {name}"
