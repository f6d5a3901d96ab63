"""The commands that pages and the sources themselves write: each is understood as it stands there.

What a page shows as a command, whole, is read as if it had been typed; of what it only names, the
options must exist. Nothing is run.
"""

import functools
import importlib
import re
import shlex
import subprocess
from pathlib import Path

import pytest
import tyro

from benchmarks.nurie.commands import commands
from benchmarks.nurie.completion import options_of
from training.terminal.options import CONFIG, vocabulary

ROOT = Path(__file__).resolve().parents[1]
# Pages that tell of commands as they were.
HISTORY = ("CHANGELOG.md", "docs/decisions/0014-tiling.md")
NAMED = re.compile(r"(?:training|conversion|benchmarks)\.[a-z]\w*(?= |$)")
TYPED = re.compile(
    r"(?:(?:\S*/)?python -m (?P<module>(?:training|conversion|benchmarks)\.\w+)"
    r"|(?:\S*/)?nurie (?P<name>[a-z][\w.-]+))(?P<words>(?: .*)?)$"
)
FENCE = re.compile(r"^```.*?\n(.*?)^```", re.S | re.M)
CODE = re.compile(r"(?<!`)`([^`]+)`(?!`)")
# Such a command goes on as one likes, or is one of several.
OPEN = re.compile(r"\.\.\.|\\\||\[|\bPRESET\b")
OPTION = re.compile(r"(?<=[ \[])--?[a-z][\w.-]*")
OWN_WAY = {"benchmarks.lent_train"}  # runs where there is no tyro
OUTPUT = {"-o", "--out", "--output"}


@functools.cache
def pages() -> list[Path]:
    done = subprocess.run(
        ["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / line for line in done.stdout.splitlines() if line not in HISTORY]


def lines_of(block: str) -> list[str]:
    return block.replace("\\\n", " ").splitlines()


@functools.cache
def flags_of(module: str) -> set[str]:
    flags, _, _ = vocabulary(options_of(module))
    return flags


def unknown(module: str, words: str) -> list[str]:
    """The options among words that a command does not take."""
    if module in OWN_WAY:
        return []
    return [flag for flag in OPTION.findall(words) if flag not in flags_of(module)]


def snippets(page: str) -> list[str]:
    """What stands as code on a page: each line of a block, and each word or words in backquotes."""
    blocks = [line.strip() for block in FENCE.findall(page) for line in lines_of(block)]
    return blocks + [" ".join(code.split()) for code in CODE.findall(FENCE.sub("", page))]


def typed(snippet: str) -> tuple[str, list[str]] | None:
    """The module and the words of a command that is shown whole."""
    found = TYPED.match(snippet)
    if not found or not found["words"].strip() or OPEN.search(found["words"]):
        return None
    module = found["module"] or found["name"]
    if module == "completion":
        return None
    words = shlex.split(found["words"], comments=True)
    return commands().get(module, module), words


def refusal(module: str, words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What the command would answer before it does anything; nothing where it understands."""
    try:
        tyro.cli(options_of(module), args=words, prog=module, config=CONFIG)
    except SystemExit as end:
        return capsys.readouterr().err if end.code else ""
    except Exception as error:  # of the options, which refuse what they cannot mean
        return str(error)
    return ""


def test_a_command_is_found_in_blocks_and_in_lines_with_its_comment_left_out():
    block = "```\n.venv/bin/python -m training.train \\\n  x # y\n```\n"
    page = f"Type `nurie train\ndemo --out r`:\n{block}"
    assert snippets(page) == [
        ".venv/bin/python -m training.train    x # y",
        "nurie train demo --out r",
    ]
    assert [typed(snippet) for snippet in snippets(page)] == [
        ("training.train", ["x"]),
        ("training.train", ["demo", "--out", "r"]),
    ]
    assert typed("python -m training.prepare SOURCE...") is None


def test_every_command_that_a_page_shows_is_understood(capsys):
    seen, refused = 0, {}
    for page in pages():
        for snippet in snippets(page.read_text(encoding="utf-8")):
            if command := typed(snippet):
                seen += 1
                if said := refusal(*command, capsys):
                    refused[f"{page.relative_to(ROOT)}: {snippet}"] = said
    assert seen > 50
    assert not refused


def test_every_option_that_is_named_beside_a_command_exists():
    missing = {}
    for page in pages():
        for snippet in snippets(page.read_text(encoding="utf-8")):
            found = NAMED.search(snippet)
            if found and (flags := unknown(found[0], snippet[found.end() :])):
                missing[f"{page.relative_to(ROOT)}: {snippet}"] = flags
    assert not missing


def test_the_line_that_opens_a_command_names_it_and_options_that_it_takes():
    missing = {}
    for module in commands().values():
        said = (importlib.import_module(module).__doc__ or "").splitlines()[0]
        assert said.split()[:3] == ["python", "-m", module]
        if flags := unknown(module, said.split(module, 1)[1]):
            missing[said] = flags
    assert not missing


def test_what_a_command_writes_is_named_alike_by_all():
    """By -o, --out and --output, whichever one remembers."""
    for module in commands().values():
        named = flags_of(module) & OUTPUT
        assert named in (set(), OUTPUT), module
