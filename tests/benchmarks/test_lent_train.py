import subprocess
import sys

from benchmarks.lent_train import REFUSED, main


def test_what_runs_beside_jax_needs_neither_tensorflow_nor_keras_nor_tyro():
    program = (
        "import sys; sys.modules.update(dict.fromkeys(('tensorflow', 'keras', 'tyro', 'rich')))\n"
        "import benchmarks.lent_train"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_folder_that_is_no_program_is_refused(tmp_path, capsys):
    arguments = [str(tmp_path), "--data", str(tmp_path), "--out", str(tmp_path / "out")]
    assert main(arguments) == REFUSED
    assert "program.json" in capsys.readouterr().err
