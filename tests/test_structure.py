"""The order of imports, the size of files and the speed of --help, read from the source itself."""

import ast
import functools
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OUR_PACKAGES = ("training", "conversion", "benchmarks", "tests")
MAY_IMPORT = {
    "training": ("training",),
    "conversion": ("training", "conversion"),
    "benchmarks": ("training", "conversion", "benchmarks"),
}
# The order of imports within a package: a row may import from the rows above it, commands from all.
ORDER = {
    "training": (
        ("errors",),
        ("config", "pixels"),
        ("files", "terminal"),
        ("picture",),
        ("data", "distribution", "models"),
        ("metrics", "trainers"),
        ("run",),
        ("presets",),
    ),
    "conversion": (
        ("errors",),
        ("interface", "recipes"),
        ("manifest",),
        ("mlprogram",),
        ("enable_predict", "export"),
        ("coreml", "quantized"),
    ),
    "benchmarks": (
        ("costs", "drawing", "mil", "runtimes", "statistics"),
        ("agreement",),
        ("devices",),
        ("timing",),
        ("ios", "pages"),
        ("study",),
    ),
}
# What stands at the top of a package beside its commands, since everything of it needs these.
TOP = {
    "training": {"config", "errors", "pixels", "presets"},
    "conversion": {"enable_predict", "errors", "interface", "manifest", "recipes"},
    "benchmarks": set(),
}
SHARING = 3  # files with one prefix that want a folder
HEAVY = ("tensorflow", "keras", "coremltools", "onnx", "onnxruntime", "matplotlib", "skimage")


def modules_under(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imported_modules(module: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def room(module: Path) -> str:
    """The folder below its package that a module stands in, or its own name at the top."""
    return module.relative_to(ROOT).with_suffix("").parts[1]


@functools.cache
def commands() -> list[str]:
    """Every module with a main guard: python -m NAME."""
    return [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for package in MAY_IMPORT
        for path in modules_under(package)
        if '__name__ == "__main__"' in path.read_text()
    ]


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_point_from_benchmarks_to_conversion_to_training(package):
    for module in modules_under(package):
        ours = [name for name in imported_modules(module) if name.startswith(OUR_PACKAGES)]
        for name in ours:
            assert name.split(".")[0] in MAY_IMPORT[package], f"{module} imports {name}"


@pytest.mark.parametrize("package", ORDER)
def test_folders_import_from_those_above_them(package):
    rank = {name: n for n, row in enumerate(ORDER[package]) for name in row}
    for module in modules_under(package):
        importer = room(module)
        for name in imported_modules(module):
            imported = name.split(".")[1] if name.startswith(f"{package}.") else importer
            if importer != imported and importer in rank:
                assert rank.get(imported, len(rank)) < rank[importer], f"{module} imports {name}"


@pytest.mark.parametrize("package", TOP)
def test_the_top_of_a_package_lists_its_commands(package):
    found = {path.stem for path in (ROOT / package).glob("*.py")}
    run = {command.split(".")[-1] for command in commands() if command.startswith(f"{package}.")}
    assert found - run - {"__init__"} == TOP[package]


@pytest.mark.parametrize("top", OUR_PACKAGES)
def test_files_that_share_a_prefix_have_a_folder(top):
    named_elsewhere = {command.split(".")[-1] for command in commands()}
    for folder in [ROOT / top, *(path for path in (ROOT / top).rglob("*") if path.is_dir())]:
        names = {path.name.split(".")[0].removeprefix("test_") for path in folder.glob("*.*")}
        prefixes = Counter(name.split("_")[0] for name in names - named_elsewhere)
        assert max(prefixes.values(), default=0) < SHARING, (folder, prefixes.most_common(1))


def test_mlprogram_imports_nothing_of_ours_but_the_errors():
    for module in modules_under("conversion/mlprogram"):
        for name in imported_modules(module):
            if name.startswith(OUR_PACKAGES):
                assert name.startswith(("conversion.mlprogram", "conversion.errors")), module


def test_mlprogram_never_imports_the_converters():
    for module in modules_under("conversion/mlprogram"):
        assert not [n for n in imported_modules(module) if n.startswith("coremltools.converters")]


def test_a_command_is_imported_by_no_other_layer_below_it():
    for module in modules_under("training"):
        for name in imported_modules(module):
            assert not any(f"{name}.".startswith(f"{command}.") for command in commands()), module


def test_no_private_name_is_imported_from_another_module():
    for module in [path for package in OUR_PACKAGES for path in modules_under(package)]:
        for name in imported_modules(module):
            private = name.startswith(OUR_PACKAGES) and name.split(".")[-1].startswith("_")
            assert not private, f"{module} imports {name}"


def test_every_module_says_its_job_in_its_first_line():
    for module in [path for package in MAY_IMPORT for path in modules_under(package)]:
        source = module.read_text()
        if source.strip():
            assert ast.get_docstring(ast.parse(source)), module


def test_no_file_of_logic_is_longer_than_300_lines():
    for module in [path for package in OUR_PACKAGES for path in modules_under(package)]:
        assert len(module.read_text().splitlines()) <= 300, module


def test_the_command_line_imports_no_heavy_library():
    # What makes --help answer in under half a second; benchmarks time nothing, so neither do we.
    program = (
        "import importlib, sys\n"
        "for command in sys.argv[2:]:\n"
        "    importlib.import_module(command)\n"
        "    heavy = set(sys.argv[1].split()) & set(sys.modules)\n"
        "    assert not heavy, (command, heavy)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, " ".join(HEAVY), *commands()],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", commands())
def test_the_docstring_of_a_command_opens_with_what_to_type(command):
    source = (ROOT / Path(*command.split("."))).with_suffix(".py").read_text()
    docstring = ast.get_docstring(ast.parse(source)) or ""
    assert re.match(rf"python -m {re.escape(command)}\b", docstring)
