"""Golden records for Swift: manifests, statistics and reports, as Python writes them."""

import hashlib
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

SEED = 2017
Json = dict[str, Any]


def statistics_cases() -> Json:
    """Percentiles of samples of odd and even number, and of a single one."""
    from benchmarks.statistics.samples import percentile

    rng = np.random.default_rng(SEED)
    cases = []
    for count in (1, 2, 5, 100, 101):
        samples = [float(value) for value in rng.lognormal(1.0, 0.4, count)]
        percentiles = [
            [share, percentile(samples, share)] for share in (0, 2.5, 33.3, 50, 90, 95, 99, 100)
        ]
        cases.append({"samples": samples, "percentiles": percentiles})
    return {"cases": cases}


def manifest_cases() -> Json:
    """Manifests as conversion writes them: a gate of its own, hints; and the hash of a folder."""
    from conversion.interface import Ports, byte_interface, image_interface, tensor_interface
    from conversion.manifest import Manifest, artifact_sha256, write_manifest

    files = {"b/weight.bin": "1\n", "b.txt": "2\n", "a/b": "", "Zz": "ü\n", "b/a/deep": "3"}
    texts = {}
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "model.mlpackage"
        for name, text in files.items():
            (package / name).parent.mkdir(parents=True, exist_ok=True)
            (package / name).write_text(text, encoding="utf-8")
        sha256 = artifact_sha256(package)
        size, hinted = (64, 64), Ports(hints=True, layer=True)
        image = Manifest(
            artifact="demo.coreml",
            format="coreml",
            recipe="auto",
            target="iOS16",
            bytes=123456,
            sha256=sha256,
            checkpoint="runs/demo/checkpoints/epoch-0014",
            checkpoint_sha256="ab" * 32,
            interface=image_interface(size),
            sizes=(size,),
            any_batch=False,
            line_width_px=None,
            trained_px=64,
            stride_px=64,
            details={"calibrated on": "128 training drawings"},
            gate_db=35.5,
            conversion_s=1.5,
            conversion_peak_mb=900.0,
            source="OpenMoji",
            licence="CC BY-SA 4.0",
            credit="OpenMoji – the open-source emoji project",
            tools={"coremltools": "9.0"},
        )
        mobile = replace(image, line_width_px=(1.0, 4.0), stride_px=32, gate_db=None)
        for name, manifest in {
            "image": image,
            "tensor": replace(
                image,
                artifact="demo.onnx",
                format="onnx",
                recipe="fp16",
                target=None,
                sizes=(size, (96, 128)),
                any_batch=True,
                interface=tensor_interface(size),
                gate_db=None,
            ),
            "hints": replace(mobile, recipe="fp16", interface=image_interface(size, hinted)),
            "hints_tensor": replace(
                mobile,
                artifact="demo.tflite",
                format="tflite",
                recipe="w8a8",
                target=None,
                interface=byte_interface(size, hinted),
            ),
        }.items():
            path = Path(folder) / f"{name}.json"
            write_manifest(manifest, path)
            texts[name] = path.read_text(encoding="utf-8")
    return {"files": files, "sha256": sha256, **texts}


def bundle_cases() -> Json:
    """An index as benchmarks.ios_bundle writes it, over files whose bytes stand in for pictures."""
    from benchmarks.ios.bundle_index import (
        BundledModel,
        BundleIndex,
        GoldenDrawing,
        GoldenPicture,
        write_index,
    )

    def picture(name: str, channels: int) -> GoldenPicture:
        pixels = bytes(range(6 * channels))
        file = f"golden/{name}.png"
        return GoldenPicture(
            file=file,
            sha256=hashlib.sha256(file.encode()).hexdigest(),
            pixels_sha256=hashlib.sha256(pixels).hexdigest(),
            height=2,
            width=3,
        )

    index = BundleIndex(
        checkpoint_sha256="ab" * 32,
        models=[
            BundledModel(
                artifact="demo-fp16.mlpackage", sha256="cd" * 32, recipe="fp16", gate_psnr_db=45.0
            ),
            BundledModel(
                artifact="demo-auto.mlpackage", sha256="ef" * 32, recipe="auto", gate_psnr_db=35.5
            ),
        ],
        golden=[
            GoldenDrawing(
                name="cat",
                hint_count=0,
                lineart=picture("cat-lineart", 1),
                hints=None,
                color=picture("cat-color", 3),
            ),
            GoldenDrawing(
                name="cat-4-hints",
                hint_count=4,
                lineart=picture("cat-lineart", 1),
                hints=picture("cat-4-hints-hints", 4),
                color=picture("cat-4-hints-color", 3),
            ),
        ],
    )
    with tempfile.TemporaryDirectory() as folder:
        write_index(index, Path(folder))
        return {"index": (Path(folder) / "index.json").read_text(encoding="utf-8")}


def report_cases() -> Json:
    """Return synthetic reports, as Python writes them. Their numbers are no measurement."""
    from benchmarks.devices.faults import EXAMPLES
    from benchmarks.devices.histogram import Histogram
    from benchmarks.devices.records import (
        App,
        ComputePlan,
        CostShares,
        Device,
        DeviceReport,
        Environment,
        GoldenParity,
        LoadTimes,
        MeasuredArtifact,
        measured_run,
        write_device_report,
    )
    from benchmarks.statistics.samples import percentile

    run = measured_run(
        [1.5, 2.25, 1.75, 4.0],
        runtime="coreml",
        compute_units="cpuAndNeuralEngine",
        mode="burst",
        warmup=10,
        thermal=["nominal", "fair"],
        load_ms=LoadTimes(compile=80.5, first=40.25),
        plan=ComputePlan(
            ane=40,
            gpu=0,
            cpu=2,
            fallback_ops=["ios16.cast"],
            cost=CostShares(ane=0.96875, gpu=0.0, cpu=0.03125),
        ),
        parity=[
            GoldenParity(golden="cat", psnr_db=float("inf"), max_abs=0, ssim=1, nonfinite=0),
            GoldenParity(golden="fish", psnr_db=51.5, max_abs=2, ssim=0.9995, nonfinite=0),
        ],
    )
    run = replace(run, cool_down_s=12.5, baseline_mem_mb=50.0, peak_mem_mb=80.5)
    # Two seconds: 400 predictions of 2 to 2.2 ms, then 300 of 2.42 to 2.662 ms.
    seconds = Histogram(least_ms=2.0, ratio=1.1, seconds=[[[0, 400]], [[2, 300], [3, 1]]])
    p50, p90, p95, p99 = (percentile(seconds.times_ms(), share) for share in (50, 90, 95, 99))
    sustained = replace(
        run, mode="sustained", n=701, samples_ms=None, histogram=seconds,
        p50=p50, p90=p90, p95=p95, p99=p99,
    )  # fmt: skip
    report = DeviceReport(
        started="2026-11-26T20:31:05Z",
        finished="2026-11-26T20:40:00Z",
        app=App(name="synthetic", version="1.0", build="7"),
        device=Device(model="synthetic1,1", soc="synthetic", os="18.5", build="", ram_mb=6144),
        env=Environment(
            low_power=False,
            battery=0.8,
            battery_after=0.75,
            charging=False,
            qos="userInitiated",
            build_config="Release",
        ),
        artifact=MeasuredArtifact(
            sha256="cd" * 32,
            format="mlpackage",
            recipe="fp16",
            width=64,
            height=48,
            bytes=123456,
            checkpoint_sha256="ab" * 32,
            tools={"coremltools": "9.0"},
        ),
        order=["cpuAndNeuralEngine"],
        runs=[run, replace(run, mode="idle-gap"), sustained],
    )
    found = replace(report.artifact, recipe="auto", gate_db=35.5)
    texts = {"version_1": (EXAMPLES / "synthetic-1.json").read_text(encoding="utf-8")}
    with tempfile.TemporaryDirectory() as folder:
        for name, each in (("report", report), ("own_gate", replace(report, artifact=found))):
            path = Path(folder) / f"{name}.json"
            write_device_report(each, path)
            texts[name] = path.read_text(encoding="utf-8")
    return texts
