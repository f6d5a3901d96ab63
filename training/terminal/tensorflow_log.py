"""Import TensorFlow without the messages that its C++ code prints before log levels apply.

TF_CPP_MIN_LOG_LEVEL (set in training/terminal/command.py) governs only what is logged after
the import.
"""

import os
import re
import sys
import tempfile

# Notes and the header of such notes; warnings (W), errors (E) and everything else is passed on.
_NOTE = re.compile(rb"I\d{4} |WARNING: All log messages before absl::InitializeLog")


def import_tensorflow_quietly() -> None:
    """Import tensorflow if it is not imported yet, passing on what it says beyond notes."""
    if "tensorflow" in sys.modules:
        return
    sys.stderr.flush()
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            import tensorflow  # noqa: F401  (imported for its side effect on sys.modules)
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
            said.seek(0)
            for line in said:
                if not _NOTE.match(line):
                    os.write(2, line)
