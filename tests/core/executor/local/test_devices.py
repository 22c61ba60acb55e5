"""Which worker is shown which device."""

from pathlib import Path

import pytest

from core.executor.local.devices import gpus, worker_environments

NONE = {"CUDA_VISIBLE_DEVICES": "-1"}


@pytest.fixture
def nvidia_smi(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine whose only program is nvidia-smi, which lists two GPUs."""
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\necho GPU-a1\necho GPU-b2\n")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize(
    ("visible", "seen"), [("", []), ("-1", []), ("0", ["0"]), ("2, GPU-a", ["2", "GPU-a"]), ("1,-1,3", ["1"])]
)
def test_what_cuda_would_see(visible: str, seen: list[str]) -> None:
    assert gpus({"CUDA_VISIBLE_DEVICES": visible}) == seen


def test_a_worker_for_each_gpu(nvidia_smi: Path) -> None:  # noqa: ARG001
    assert worker_environments("auto") == [
        {"CUDA_VISIBLE_DEVICES": "GPU-a1"},
        {"CUDA_VISIBLE_DEVICES": "GPU-b2"},
    ]


def test_as_many_workers_as_asked_for(nvidia_smi: Path) -> None:  # noqa: ARG001
    seen = [environment["CUDA_VISIBLE_DEVICES"] for environment in worker_environments("gpu", 3)]
    assert seen == ["GPU-a1", "GPU-b2", "GPU-a1"]


def test_the_cpu_if_it_is_asked_for(nvidia_smi: Path) -> None:  # noqa: ARG001
    assert worker_environments("cpu") == [NONE]


@pytest.mark.parametrize("failure", ["echo 'No devices were found' >&2; exit 6", "exit 0"])
def test_the_cpu_if_there_is_no_gpu(nvidia_smi: Path, failure: str) -> None:
    nvidia_smi.write_text(f"#!/bin/sh\n{failure}\n")
    assert worker_environments("auto") == [NONE]
    assert worker_environments("auto", 2) == [NONE, NONE]


def test_a_gpu_asked_for_in_vain_is_for_tensorflow_to_say(nvidia_smi: Path) -> None:
    nvidia_smi.unlink()
    assert worker_environments("gpu") == [{}]
