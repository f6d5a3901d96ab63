"""What the protocol of on-device measurements asks for, and where a report departs from it.

A departure makes numbers worth less, not unreadable: it is printed beside them wherever they are.
"""

from collections.abc import Iterator

from benchmarks.devices.records import DeviceReport, Run

LEAST_WARMUP = 10
LEAST_SAMPLES = {"burst": 100, "sustained": 100, "idle-gap": 10}
LEAST_SUSTAINED_S = 60.0
# What `uname` says inside a simulator: the name of the Mac's processor, not of a device.
SIMULATORS = ("arm64", "x86_64", "i386")


def cautions(report: DeviceReport) -> list[str]:
    """Return every departure from the protocol as a sentence; none if there is none."""
    return [*_of_the_device(report), *(line for run in report.runs for line in _of_a_run(run))]


def _of_the_device(report: DeviceReport) -> Iterator[str]:
    if report.device.model in SIMULATORS:
        yield f"measured in a simulator ({report.device.model}): it says nothing about a device"
    if report.env.build_config != "Release":
        yield f"expected a Release build, received {report.env.build_config}"
    if report.env.low_power:
        yield "Low Power Mode was on: expected off"
    if report.env.charging:
        yield "charging: expected unplugged, since charging warms a device"
    if report.version == 1:
        yield "device-report/1 says neither the input size nor what measured: nothing holds them"


def _of_a_run(run: Run) -> Iterator[str]:
    name = f"{run.runtime} {run.compute_units} {run.mode}"
    if run.warmup < LEAST_WARMUP:
        yield f"{name}: expected {LEAST_WARMUP} warm-ups or more, received {run.warmup}"
    if run.n < (least := LEAST_SAMPLES[run.mode]):
        yield f"{name}: expected {least} samples or more, received {run.n}"
    if run.thermal[0] != "nominal":
        yield f"{name}: expected thermal state nominal at the start, received {run.thermal[0]}"
    if run.mode == "sustained" and (seconds := _seconds(run)) < LEAST_SUSTAINED_S:
        yield (
            f"{name}: expected {LEAST_SUSTAINED_S:.0f} s or more, received {seconds:.1f} s of "
            "predictions"
        )


def _seconds(run: Run) -> float:
    """How long the predictions took together; of a histogram, the seconds that it counts."""
    return sum(run.times_ms) / 1e3 if run.histogram is None else len(run.histogram.seconds)
