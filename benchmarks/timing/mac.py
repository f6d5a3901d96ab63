"""What only a Mac can say: its model, its heat, and where Core ML runs each operation.

Nothing of this can run on Linux, nor is it run by the tests: see docs/decisions/0010-latency.md.
"""

import ctypes
import ctypes.util
import platform
import re
import subprocess
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.devices.records import ComputePlan, CostShares, Device, Environment, LoadTimes
from conversion.runtimes.backends import COREMLTOOLS_UNITS, ComputeUnits

THERMAL_STATES = ("nominal", "fair", "serious", "critical")  # NSProcessInfoThermalState


def this_device() -> Device:
    """Return the machine as its system names it."""
    return Device(
        model=_said("sysctl", "-n", "hw.model"),
        soc=_said("sysctl", "-n", "machdep.cpu.brand_string").removeprefix("Apple "),
        os=platform.mac_ver()[0],
        build=_said("sw_vers", "-buildVersion"),
        ram_mb=int(_said("sysctl", "-n", "hw.memsize")) / 1e6,
    )


def this_environment() -> Environment:
    """Return what else decides how fast the machine is."""
    charge = re.search(r"(\d+)%; ([^;]+);", _said("pmset", "-g", "batt"))
    return Environment(
        low_power=bool(_process_info("isLowPowerModeEnabled", ctypes.c_bool)),
        battery=int(charge[1]) / 100 if charge else None,  # a Mac mini has none
        charging=charge[2] != "discharging" if charge else None,
        qos="default",
        build_config="Release",  # Core ML itself is, whatever calls it
    )


def thermal_state() -> str:
    """Return how hot the system says that it is."""
    return THERMAL_STATES[int(_process_info("thermalState", ctypes.c_long))]


def loads_and_plan(artifact: Path, compute_units: ComputeUnits) -> tuple[LoadTimes, ComputePlan]:
    """Time the compiling and the cached loading of a package, and ask where it runs.

    The first loading is not in it: this process has loaded the package before. Needs macOS 14.4.
    """
    import coremltools as ct
    from coremltools.models.compute_plan import MLComputePlan

    units = ct.ComputeUnit[COREMLTOOLS_UNITS[compute_units]]
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        compiled = ct.models.utils.compile_model(str(artifact), f"{folder}/model.mlmodelc")
        compiling_ms = 1e3 * (time.perf_counter() - began)
        ct.models.CompiledMLModel(compiled, units)
        began = time.perf_counter()
        ct.models.CompiledMLModel(compiled, units)
        cached_ms = 1e3 * (time.perf_counter() - began)
        plan = MLComputePlan.load_from_path(compiled, units)
        usage = plan.get_compute_device_usage_for_mlprogram_operation
        cost = plan.get_estimated_cost_for_mlprogram_operation
        operations = plan.model_structure.program.functions["main"].block.operations
        usages = [(each.operator_name, usage(each), cost(each)) for each in operations]
    return LoadTimes(compile=compiling_ms, cached=cached_ms), count_plan(usages)


def count_plan(usages: Iterable[tuple[str, Any, Any]]) -> ComputePlan:
    """Count operations by the device that Core ML prefers for each, and add up what they cost.

    usages: operator, its MLComputePlanDeviceUsage and its MLComputePlanCost; constants have none.
    What falls back is all that the Neural Engine does not take, where it takes anything.
    """
    placed = [
        # ios17.conv -> conv
        (name.split(".")[-1], type(usage.preferred_compute_device).__name__, cost)
        for name, usage, cost in usages
        if usage is not None and name.split(".")[-1] != "const"
    ]
    engines = [f"ML{kind}ComputeDevice" for kind in ("NeuralEngine", "GPU", "CPU")]
    ane, gpu, cpu = (sum(device == engine for _, device, _ in placed) for engine in engines)
    weights = [
        sum(cost.weight for _, device, cost in placed if device == engine and cost is not None)
        for engine in engines
    ]
    left = [name for name, device, _ in placed if device != engines[0]]
    return ComputePlan(
        ane=ane,
        gpu=gpu,
        cpu=cpu,
        fallback_ops=sorted(set(left)) if ane else [],
        cost=_shares(*weights),
    )


def _shares(ane: float, gpu: float, cpu: float) -> CostShares | None:
    """Return each one's share of the whole; None where no cost is known."""
    whole = ane + gpu + cpu
    return CostShares(ane=ane / whole, gpu=gpu / whole, cpu=cpu / whole) if whole else None


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _process_info(selector: str, result: Any) -> Any:
    """Call a method without arguments of NSProcessInfo, through the Objective-C runtime."""
    ctypes.CDLL(ctypes.util.find_library("Foundation"))
    objc = ctypes.CDLL(ctypes.util.find_library("objc"))
    for name in ("objc_getClass", "sel_registerName"):
        getattr(objc, name).restype = ctypes.c_void_p
        getattr(objc, name).argtypes = [ctypes.c_char_p]

    def send(receiver: int, selector: str, result: Any) -> Any:
        # objc_msgSend is called as the method is declared: receiver, selector, no arguments.
        method = ctypes.CFUNCTYPE(result, ctypes.c_void_p, ctypes.c_void_p)
        return method(("objc_msgSend", objc))(receiver, objc.sel_registerName(selector.encode()))

    info = send(objc.objc_getClass(b"NSProcessInfo"), "processInfo", ctypes.c_void_p)
    return send(info, selector, result)
