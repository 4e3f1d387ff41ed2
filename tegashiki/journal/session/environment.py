"""What a run ran on: versions, processor, cores, memory. No host names, no user names, no paths.

    environment.environment(paths.checkout())["packages"]["keras"]
    environment.device()["cores"]
"""

from __future__ import annotations

import os
import platform
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from tegashiki.journal.session import provenance

# Threads and backends decide the last digits of a training run, so they belong to its record.
SETTINGS = (
    "KERAS_BACKEND", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS",
    "TF_DETERMINISTIC_OPS", "TF_ENABLE_ONEDNN_OPTS", "XLA_FLAGS", "CUDA_VISIBLE_DEVICES",
    "JAX_PLATFORMS", "PYTHONHASHSEED",
)  # fmt: skip
# Extensions by which numerical libraries choose their kernels, and with them the last digits.
_INSTRUCTIONS = {
    "avx", "avx2", "fma", "f16c", "avx512f", "avx512bw", "avx512vl", "avx512dq", "avx512_vnni",
    "avx512_bf16", "avx_vnni", "amx_tile", "amx_int8", "amx_bf16", "asimd", "sve", "sve2",
}  # fmt: skip


def environment(checkout: Path | None) -> dict[str, Any]:
    """Python, platform, lock, every installed package, and the settings that change numbers."""
    packages = {item.name: item.version for item in metadata.distributions() if item.name}
    return {
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "lock": provenance.lock(checkout),
        "packages": dict(sorted(packages.items(), key=lambda item: item[0].lower())),
        "settings": {name: os.environ[name] for name in SETTINGS if name in os.environ},
    }


def device() -> dict[str, Any]:
    """Processor and memory. Accelerators are asked of the framework, once it is loaded."""
    facts = _cpuinfo()
    return {
        "processor": facts.get("model name") or platform.processor() or platform.machine(),
        "model": _model(facts),
        "instructions": sorted(set(facts.get("flags", "").split()) & _INSTRUCTIONS),
        "cores": usable_cores(),
        "memory_gb": _memory_gb(),
        "accelerators": [],
    }


def accelerators() -> list[str]:
    """Names of the GPUs or TPUs that TensorFlow or JAX sees, if one of them is loaded."""
    if jax := sys.modules.get("jax"):
        try:
            return [d.device_kind for d in jax.devices() if d.platform != "cpu"]
        except RuntimeError:
            return []
    if tensorflow := sys.modules.get("tensorflow"):
        config = tensorflow.config
        found = [d for kind in ("GPU", "TPU") for d in config.list_physical_devices(kind)]
        details = [config.experimental.get_device_details(d) for d in found]
        return [detail.get("device_name", d.name) for d, detail in zip(found, details, strict=True)]
    return []


def usable_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _cpuinfo() -> dict[str, str]:
    """What the system says of its first processor; {} where it says nothing."""
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return {}
    lines = (line.partition(":") for line in text.partition("\n\n")[0].splitlines())
    return {name.strip(): value.strip() for name, _, value in lines}


def _model(facts: dict[str, str]) -> str | None:
    """Vendor, family, model and stepping: what `AMD EPYC` leaves open."""
    names = ("vendor_id", "cpu family", "model", "stepping")
    return " ".join(facts[name] for name in names) if all(n in facts for n in names) else None


def _memory_gb() -> float:
    import psutil

    return round(psutil.virtual_memory().total / 1e9, 1)
