import importlib
from pathlib import Path

import pytest

from benchmarks.nurie.commands import WORK, commands, map_of_commands

ROOT = Path(__file__).resolve().parents[3]


def test_a_command_goes_by_the_name_of_its_module_with_dashes():
    known = commands()
    assert known["to-coreml"] == "conversion.to_coreml"
    assert known["parity"] == "benchmarks.parity"


def test_of_two_commands_of_one_name_the_checkpoints_is_the_short_one():
    known = commands()
    assert known["colorize"] == "training.colorize"
    assert known["conversion.colorize"] == "conversion.colorize"


def test_every_module_with_a_main_guard_has_one_name():
    modules = list(commands().values())
    guarded = {
        f"{path.parent.name}.{path.stem}"
        for package in ("training", "conversion", "benchmarks")
        for path in (ROOT / package).glob("*.py")
        if "sys.exit(main())" in path.read_text()
    }
    assert len(modules) == len(set(modules)) and set(modules) == guarded


def test_the_map_tells_only_of_commands_that_exist():
    told = [module for group in WORK.values() for module in group]
    assert len(told) == len(set(told)) and set(told) <= set(commands().values())


def test_the_map_names_every_command_and_fits_80_columns():
    shown = map_of_commands(width=80)
    assert set(commands()) <= set(shown.replace(",", " ").split())
    assert max(map(len, shown.splitlines())) <= 80


# benchmarks.lent_train runs where there is no tyro, and shows its docstring as it stands.
@pytest.mark.parametrize("module", sorted({*commands().values()} - {"benchmarks.lent_train"}))
def test_the_help_of_every_command_fits_80_columns(module, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("sys.argv", [module])
    with pytest.raises(SystemExit) as end:
        importlib.import_module(module).main(["--help"])
    assert end.value.code == 0
    lines = capsys.readouterr().out.splitlines()
    assert not [line for line in lines if len(line) > 80 and " " in line.strip()]
