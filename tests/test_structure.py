"""How the toolkit is laid out, read from the source itself.

What may import what, and what is private; what stands at the top of a package and what in a folder;
the size and the names of files and folders; a test beside each source; the first lines of
docstrings; and that no command imports a heavy library before it has read its options.
"""

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
        ("pixels", "settings"),
        ("config",),
        ("files",),
        ("terminal",),
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
        ("compression", "quantized"),
        ("coreml",),
        ("coreai",),
        ("runtimes",),
    ),
    "benchmarks": (
        ("costs", "drawing", "growth", "hostile", "lent_gpu", "mil", "runtimes", "statistics"),
        ("survival",),
        ("agreement", "quality", "tuning"),
        ("devices",),
        ("timing",),
        ("ios", "pages"),
        ("gap", "own", "study"),
        ("nurie",),
    ),
}
# What stands at the top of a package beside its commands, since everything of it needs these.
TOP = {
    "training": {"config", "errors", "pixels", "presets"},
    "conversion": {"enable_predict", "errors", "interface", "manifest", "recipes"},
    "benchmarks": set(),
}
SHARING = 3  # files with one prefix that want a folder
FULL = 12  # files of a folder below the top of a package that fit a glance
# Folders that may hold more: the runtime of ML Program, one file a subject of its operations.
FULLER = ("conversion/mlprogram", "conversion/mlprogram/ops")
DRAWERS = {"common", "helper", "helpers", "misc", "util", "utils"}
# Tests that stand beside no file of their name, and what they are about.
OF_NO_ONE_FILE = {
    "tests/benchmarks/test_ios_bundle_refusals.py": "benchmarks.ios_bundle: its other half",
    "tests/benchmarks/test_selu_exports.py": "one network in all formats, measured by the gates",
    "tests/conversion/mlprogram/ops/test_flexible_axes.py": "sizes not known, every operation",
    "tests/conversion/mlprogram/ops/test_gather_scatter.py": "two short files of operations",
    "tests/conversion/mlprogram/ops/test_logic_and_rounding.py": "two short files of operations",
    "tests/conversion/mlprogram/ops/test_quantization_attention_random.py": "and einsum: short",
    "tests/conversion/mlprogram/ops/test_sort_fill_arrange.py": "three short files of operations",
    "tests/conversion/mlprogram/test_dialects.py": "every kind of package, the whole runtime",
    "tests/conversion/mlprogram/test_mutated_packages.py": "damage, the whole runtime",
    "tests/conversion/test_own_generators.py": "six nets of other people's kinds, every export",
    "tests/conversion/test_commands.py": "what the three exports have in common",
    "tests/training/picture/test_reading_drawings.py": "training.picture.reading: its other half",
    "tests/training/test_exact_resume.py": "training.train: a killed run ends with the same bits",
    "tests/training/trainers/test_feature_matching.py": "a loss, in both trainers",
    "tests/training/trainers/test_precision.py": "16 bits, in every trainer",
}
HEAVY = (
    "tensorflow",
    "keras",
    "coreai",
    "coremltools",
    "onnx",
    "onnxruntime",
    "matplotlib",
    "skimage",
)


def modules_under(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


@functools.cache
def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text())


def imported_modules(module: Path) -> list[str]:
    names = []
    for node in ast.walk(tree(module)):
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


def commands_of(package: str) -> set[str]:
    return {name.split(".")[1] for name in commands() if name.startswith(f"{package}.")}


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


@pytest.mark.parametrize("package", ORDER)
def test_every_folder_and_file_of_a_top_has_its_place_in_the_order(package):
    found = {room(module) for module in modules_under(package)}
    assert found - commands_of(package) - {"__init__"} == {n for row in ORDER[package] for n in row}


@pytest.mark.parametrize("package", TOP)
def test_the_top_of_a_package_lists_its_commands(package):
    found = {path.stem for path in (ROOT / package).glob("*.py")}
    assert found - commands_of(package) - {"__init__"} == TOP[package]


def test_a_command_stands_at_the_top_of_its_package():
    assert not [command for command in commands() if command.count(".") > 1]


@pytest.mark.parametrize("top", OUR_PACKAGES)
def test_no_three_names_of_a_folder_share_a_prefix_unless_commands(top):
    beside = {ROOT / up / package: package for package in MAY_IMPORT for up in ("", "tests")}
    for folder in [ROOT / top, *(path for path in (ROOT / top).rglob("[!_]*") if path.is_dir())]:
        names = {path.name.split(".")[0].removeprefix("test_") for path in folder.glob("[!_.]*")}
        names -= commands_of(beside[folder]) if folder in beside else set()
        prefixes = Counter(name.split("_")[0] for name in names)
        assert max(prefixes.values(), default=0) < SHARING, (folder, prefixes.most_common(1))


def test_no_folder_below_a_top_holds_more_files_than_fit_a_glance():
    files = Counter(
        module.parent.relative_to(ROOT).as_posix()
        for package in MAY_IMPORT
        for module in modules_under(package)
        if module.name != "__init__.py"
    )
    full = {folder for folder, count in files.items() if "/" in folder and count > FULL}
    assert full == set(FULLER)


def test_no_file_and_no_folder_is_a_drawer_for_odds_and_ends():
    for module in [path for package in OUR_PACKAGES for path in modules_under(package)]:
        assert not DRAWERS & set(re.split(r"[/_.]", str(module.relative_to(ROOT)))), module


def test_a_test_stands_where_its_source_does():
    tests = {path.relative_to(ROOT / "tests") for path in modules_under("tests")}
    alone = {
        f"tests/{path.as_posix()}"
        for path in tests
        if path.parts[0] in MAY_IMPORT and path.name.startswith("test_")
        if not (ROOT / path.with_name(path.name.removeprefix("test_"))).exists()
    }
    assert alone == set(OF_NO_ONE_FILE)


def test_mlprogram_imports_nothing_of_ours_but_the_errors():
    for module in modules_under("conversion/mlprogram"):
        for name in imported_modules(module):
            if name.startswith(OUR_PACKAGES):
                assert name.startswith(("conversion.mlprogram", "conversion.errors")), module


def test_mlprogram_never_imports_the_converters():
    for module in modules_under("conversion/mlprogram"):
        assert not [n for n in imported_modules(module) if n.startswith("coremltools.converters")]


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_command_is_imported_by_benchmarks_alone_and_not_by_its_own_package(package):
    others = ("training.", "conversion.") if package == "benchmarks" else ()
    closed = tuple(f"{command}." for command in commands() if not command.startswith(others))
    for module in modules_under(package):
        for name in imported_modules(module):
            assert not f"{name}.".startswith(closed), f"{module} imports {name}"


def test_no_private_name_is_imported_from_another_module():
    for module in [path for package in OUR_PACKAGES for path in modules_under(package)]:
        for name in imported_modules(module):
            private = name.startswith(OUR_PACKAGES) and name.split(".")[-1].startswith("_")
            assert not private, f"{module} imports {name}"


def test_no_private_attribute_of_an_imported_name_is_used():
    for module in [path for package in OUR_PACKAGES for path in modules_under(package)]:
        ours = {
            alias.asname or alias.name.split(".")[0]
            for node in ast.walk(tree(module))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
            if (getattr(node, "module", None) or alias.name).split(".")[0] in OUR_PACKAGES
        }
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.Attribute) and re.match("_(?!_)", node.attr):
                private = ast.unparse(node)
                assert private.split(".")[0] not in ours, f"{module} uses {private}"


def test_every_module_says_its_job_in_its_first_line():
    for module in [path for package in MAY_IMPORT for path in modules_under(package)]:
        if module.read_text().strip():
            job, *more = (ast.get_docstring(tree(module)) or "").split("\n\n")
            if job.startswith("python -m "):  # a command's line is what to type: then comes its job
                job = more[0].replace("\n", " ") if more else ""
            assert len(job.split()) >= 4 and "\n" not in job, module


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
    docstring = ast.get_docstring(tree((ROOT / Path(*command.split("."))).with_suffix(".py"))) or ""
    typed = docstring.split("\n")[0]
    assert re.match(rf"python -m {re.escape(command)}(?: |$)", typed)
    assert not re.search(r"[^.]\.(?: |$)", typed), "a full stop is no part of what to type"
