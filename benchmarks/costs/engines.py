"""Apple's Neural Engines as numbers for estimates: a table, and where each number is from.

Nothing here was measured by Nurie. Apple publishes peak operations per second, of 8 bits since A17
Pro and M4, which is half as many of 16 bits; what an engine reaches was measured by others on three
Macs. An engine that nobody measured is given the shares of the peak that its nearest one reached.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Reached:
    """What was measured on an engine with real networks."""

    tflops: float  # fp16; a multiply-accumulate is two
    memory_gb_s: float
    overhead_us: float  # of one prediction


@dataclass(frozen=True, kw_only=True)
class Engine:
    """The Neural Engine of one chip, and the memory behind it."""

    chip: str
    tops_8_bit: float  # peak, 10^12 operations/s; a multiply-accumulate is two
    tops_fp16: float  # peak
    memory_gb_s: float  # peak, of the whole chip
    measured: Reached | None = None
    like: str = ""  # the measured chip whose shares of the peak it is given
    source: str


# Where each number is from, in more words: docs/decisions/0010-latency.md.
PEAK = "peaks: Apple"
MEASURED = "peaks: Apple; reached: measured by others"
AS_A18 = "no peak known: as A18"

ENGINES = (
    Engine(chip="A14", tops_8_bit=11, tops_fp16=11, memory_gb_s=34, like="M1", source=PEAK),
    Engine(
        chip="A15",
        tops_8_bit=15.8,
        tops_fp16=15.8,
        memory_gb_s=34,
        like="M2 Pro",
        source=PEAK,
    ),
    Engine(chip="A16", tops_8_bit=17, tops_fp16=17, memory_gb_s=51, like="M2 Pro", source=PEAK),
    Engine(chip="A17 Pro", tops_8_bit=35, tops_fp16=17.5, memory_gb_s=51, like="M5", source=PEAK),
    Engine(chip="A18", tops_8_bit=35, tops_fp16=17.5, memory_gb_s=60, like="M5", source=PEAK),
    Engine(chip="A19", tops_8_bit=35, tops_fp16=17.5, memory_gb_s=76, like="M5", source=AS_A18),
    Engine(
        chip="M1",
        tops_8_bit=11,
        tops_fp16=11,
        memory_gb_s=68,
        measured=Reached(tflops=3.25, memory_gb_s=9, overhead_us=220),
        source=MEASURED,
    ),
    Engine(
        chip="M2",
        tops_8_bit=15.8,
        tops_fp16=15.8,
        memory_gb_s=100,
        like="M2 Pro",
        source=PEAK,
    ),
    Engine(
        chip="M2 Pro",
        tops_8_bit=15.8,
        tops_fp16=15.8,
        memory_gb_s=200,
        measured=Reached(tflops=7.3, memory_gb_s=48, overhead_us=100),
        source=MEASURED,
    ),
    Engine(chip="M3", tops_8_bit=18, tops_fp16=18, memory_gb_s=100, like="M2 Pro", source=PEAK),
    Engine(chip="M4", tops_8_bit=38, tops_fp16=19, memory_gb_s=120, like="M5", source=PEAK),
    Engine(
        chip="M5",
        tops_8_bit=38,
        tops_fp16=19,
        memory_gb_s=153,
        measured=Reached(tflops=8.9, memory_gb_s=57, overhead_us=110),
        source=MEASURED,
    ),
)
