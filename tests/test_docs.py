"""The pages of the documentation: no long lines, and no name of a file that is not there."""

import functools
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MOST_COLUMNS = 120  # what fits beside a diff; the rows of a table may be longer
# Pages below docs/ that are not held to this, and why.
EXEMPT = {
    "mil-operations.md": "generated: benchmarks.mil_operations --docs",
    "experiment-tables.md": "generated: benchmarks.experiment --docs",
}
# A path below a top folder, whole: not part of a longer path, and nothing behind its ending.
# Names that are filled in (to_*.py, NNNN, models/RUN) have no such ending.
PATH = re.compile(
    r"(?<![\w./-])"
    r"(?:training|conversion|benchmarks|tests|docs|ios_demo_assets)(?:/[\w.+-]+)*/[\w+-]+"
    r"\.(?:py|md|j2|css|json|swift|swiftpm|swiftinterface|sh|svg|png|toml)\b(?![\w/.]*\w)"
)
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)[^)]*\)")


@functools.cache
def tracked(pattern: str) -> list[Path]:
    done = subprocess.run(
        ["git", "ls-files", pattern], cwd=ROOT, capture_output=True, text=True, check=True
    )
    exempt = {ROOT / "docs" / name for name in EXEMPT}
    return [ROOT / line for line in done.stdout.splitlines() if ROOT / line not in exempt]


def named_paths(text: str) -> list[str]:
    return PATH.findall(text)


def test_a_path_is_found_whole_or_not_at_all():
    text = "see training/run/lock.py, `tests/test_docs.py`. and ios_demo_assets/NurieDemo.swiftpm"
    assert named_paths(text) == [
        "training/run/lock.py",
        "tests/test_docs.py",
        "ios_demo_assets/NurieDemo.swiftpm",
    ]
    assert named_paths("conversion/to_*.py, runs/training/x.json, x/docs/a.md, docs/a.md/b") == []


def test_no_line_of_a_page_is_longer_than_120_characters_outside_tables():
    for page in tracked("*.md"):
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
            assert len(line) <= MOST_COLUMNS or line.startswith("|"), f"{page}:{number}"


def test_every_path_that_a_page_or_a_comment_names_exists():
    for file in [*tracked("*.md"), *tracked("*.py")]:
        for name in named_paths(file.read_text(encoding="utf-8")):
            assert (ROOT / name).exists(), f"{file} names {name}"


def test_every_link_of_a_page_leads_to_a_file():
    for page in tracked("*.md"):
        for name in LINK.findall(page.read_text(encoding="utf-8")):
            assert (page.parent / name).exists(), f"{page} links to {name}"
