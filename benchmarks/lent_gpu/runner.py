"""Compile a program folder's step with JAX's XLA, and take steps, its variables on the device.

JAX compiles what came from TensorFlow and moves arrays; nothing is traced by it. The interface of
`xla_client` is JAX's own and no promise: what is called here is that of jax 0.11.
"""

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jax
import numpy as np
from jax._src.interpreters.mlir import make_ir_context
from jax._src.lib import xla_client
from jaxlib.mlir import ir

from benchmarks.lent_gpu.program import (
    MEANS,
    PROGRAM_FILE,
    PROGRAMS,
    STATE_FOLDER,
    read_state,
    read_step,
)

jax.config.update("jax_enable_x64", True)  # an optimizer counts its steps in 64 bits


class Runner:
    """One training on one device, from the state that its folder holds."""

    def __init__(self, folder: Path) -> None:
        self.program = PROGRAMS.read(folder / PROGRAM_FILE)
        self.state, variables = read_state(folder / STATE_FOLDER)
        self._device = jax.devices()[0]
        self._still = {n: a for n, a in variables.items() if n not in self.program.taken}
        self._moving = {n: self._put(variables[n]) for n in self.program.taken}
        self._names = list(variables)
        self._executable = self._device.client.compile_and_load(
            _stablehlo(read_step(folder)),
            xla_client.DeviceList((self._device,)),
            xla_client.CompileOptions(),
        )

    def step(self, batch: Iterable[Any]) -> list[Any]:
        """Take one step; returns the means so far as arrays that may not be there yet.

        batch: lineart, hints and color, on the device. The variables' memory is used again.
        """
        program = self.program
        arguments = [*batch, *(self._moving[name] for name in program.taken)]
        results = self._executable.execute_sharded(arguments)
        arrays = [shards[0] for shards in results.disassemble_into_single_device_arrays()]
        count = len(program.losses)
        self._moving |= zip(program.given, arrays[count:], strict=True)
        return arrays[:count]

    def forget_means(self) -> None:
        """Let the means begin anew, as an epoch does."""
        for name in self.program.taken:
            if name.startswith(f"{MEANS}/"):
                before = self._moving[name]
                self._moving[name] = self._put(np.zeros(before.shape, before.dtype))

    def variables(self) -> dict[str, np.ndarray]:
        """Return all variables, once every step that was begun is done."""
        moving = {name: np.asarray(array) for name, array in self._moving.items()}
        return {name: {**self._still, **moving}[name] for name in self._names}

    def _put(self, array: np.ndarray) -> Any:
        return jax.device_put(np.array(array), self._device)


def put_batch(batch: Iterable[np.ndarray]) -> list[Any]:
    """Send the parts of a batch to the device."""
    device = jax.devices()[0]
    return [jax.device_put(part, device) for part in batch]


def _stablehlo(hlo: bytes) -> bytes:
    """Translate a serialized HloModuleProto. Returns MLIR's bytecode.

    Copies are left out: no value is ever changed in place, and the compiler for GPUs refuses the
    operation that they become.
    """
    with make_ir_context():
        module = ir.Module.parse(xla_client._xla.mlir.hlo_to_stablehlo(hlo))
        for function in module.body.operations:
            for block in function.regions[0].blocks:
                for operation in list(block.operations):
                    if operation.operation.name == "mhlo.copy":
                        operation.results[0].replace_all_uses_with(operation.operands[0])
                        operation.erase()
        buffer = io.BytesIO()
        module.operation.write_bytecode(buffer)
    return buffer.getvalue()
