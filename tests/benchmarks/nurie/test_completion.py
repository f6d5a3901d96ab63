import shutil
import subprocess

import pytest

from benchmarks.nurie.commands import commands
from benchmarks.nurie.completion import completion, options_of

SHOW = """
COMP_WORDS=(nurie "$@"); COMP_CWORD=$#; _tyro_nurie; printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture(scope="module")
def bash(tmp_path_factory):
    script = tmp_path_factory.mktemp("completion") / "nurie.bash"
    script.write_text(completion("bash"))
    return script


def completed(script, *words):
    done = subprocess.run(
        [shutil.which("bash") or "bash", "-c", f"source {script}{SHOW}", "-", *words],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_commands_presets_options_and_choices_are_completed(bash):
    assert completed(bash, "to-c") == ["to-coreai", "to-coreml"]
    assert completed(bash, "train", "l1-gan-10") == ["l1-gan-10", "l1-gan-100"]
    assert "--generator.depth" in completed(bash, "train", "demo", "--generator.de")
    assert set(completed(bash, "prepare", "--kind", "")) >= {"color", "pairs", "side-by-side"}


def test_only_the_command_without_tyro_has_no_options_to_complete():
    bare = [
        module
        for module in commands().values()
        if not vars(options_of(module)).get("__annotations__")
    ]
    assert bare == ["benchmarks.lent_train"]
