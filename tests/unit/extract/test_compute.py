"""Accelerators: device, count and hours of training; not of inference, of others, of annotation."""

import pytest

from tests.unit.extract.papers import assert_quoted, made_paper
from vlmingest.extract.compute import device_name, read_compute
from vlmingest.extract.rules import check_rules, load_rules


def found(*blocks, least=0.4):
    view = made_paper("# 4 Training", *blocks, title="GlowVL: Reading", abstract="We present GlowVL, a model.")
    candidates = list(read_compute(view))
    assert_quoted(view, candidates)
    return [(one.value, one.attributes["count"]) for one in candidates if one.confidence >= least]


def test_rows_hold_their_examples():
    assert check_rules(load_rules("compute")) == []


@pytest.mark.parametrize(
    ("text", "devices"),
    [
        ("We train GlowVL on 8 A100 GPUs.", [("A100", 8)]),
        ("All experiments are conducted on 8×A100 80G GPUs.", [("A100", 8)]),
        ("GlowVL is trained on an 8xH200 GPU server.", [("H200", 8)]),
        ("Pre-training takes 5 days on 2,048 CloudTPUv4 chips.", [("TPUv4", 2048)]),
        ("We train on 64 NVIDIA H800 (80GB) GPUs.", [("H800", 64)]),
        ("Training runs on A100 GPUs (x16) of our cluster.", [("A100", 16)]),
        ("Our models are trained on Kunlun P800 chips. We train on 5000 P800 chips.", [("Kunlun P800", 5000)]),
        ("We train on a single RTX 4090.", [("RTX 4090", 1)]),
        ("We train on four TPU-v4 chips.", [("TPUv4", 4)]),
        ("Training costs 100 A100 GPU hours in all.", [("A100", None)]),
        ("Our models are pre-trained on two 16-GPU nodes.", [("GPU", 16)]),
        ("We train on 16 GPUs. We train on 16 A100 GPUs.", [("A100", 16)]),
        ("With one machine of 16 A100 (40G) it needs less than six days.", [("A100", 16)]),
        ("We used 1024 NVIDIA A100 80GB.", [("A100", 1024)]),
        ("This compares favorably to prior works, which require 10 days on 256 TPUv3 cores.", []),
        ("The throughput is measured on a single A100 GPU.", []),
        ("Our model was pre-trained on an in-house cluster. 512 H100 GPUs power it.", [("H100", 512)]),
        ("We rely on 32 Ascend 910B NPUs.", [("Ascend 910B", 32)]),
        ("We train on 128 H100 GPUs. All experiments are conducted on a single RTX 4090.", [("H100", 128)]),
        ("For the 8B model, Stage-1.5 takes 28 hours on 256 H100 GPUs.", [("H100", 256)]),
        ("E.g., DuskCLIP-L/14 is trained on 256 V100 GPUs for 12 days.", []),
        ("LampNet [3] is trained on 256 V100 GPUs.", []),
        ("The page has a picture of an A100.", []),
        ("It takes three days to train GlowVL on 8 NVIDIA 24G 3090 GPUs.", [("RTX 3090", 8)]),
        ("We train on TPU-V4 chips.", [("TPUv4", None)]),
        ("LampNet requires 4 A100 GPUs to train.", []),
    ],
)
def test_sentences(text, devices):
    assert found(text) == devices


def test_a_device_with_a_count_stands_for_the_one_without():
    assert found("We train on A100 GPUs.", "We train GlowVL on 8 A100 GPUs.") == [("A100", 8)]


def test_related_work_is_passed_over():
    view = made_paper("# 2 Related Work", "They train on 8 A100 GPUs.")
    assert list(read_compute(view)) == []


@pytest.mark.parametrize(("text", "hours"), [("for 12 hours", 12.0), ("for 5 days", 120.0), ("", None)])
def test_hours(text, hours):
    view = made_paper("# 4 Training", f"We train GlowVL on 8 A100 GPUs {text}.")
    assert [one.attributes["hours"] for one in read_compute(view)] == [hours]


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("TPU-v4", "TPUv4"),
        ("TPU v3", "TPUv3"),
        ("Cloud TPU v4", "TPUv4"),
        ("A100", "A100"),
        ("GeForce RTX 3090", "RTX 3090"),
    ],
)
def test_names(raw, name):
    assert device_name(raw) == name


def test_rows_and_columns_on_hardware_say_it():
    by_column = (("Model", "GPU type", "Precision"), ("GlowVL", "A100-80GB", "bf16"), ("GlowVL-L", "H800", "bf16"))
    by_label = (("Setting", "Stage 1"), ("Batch size", "64"), ("Training hours (128 H100 GPUs)", "6"))
    for rows, devices in ((by_column, [("A100", None), ("H800", None)]), (by_label, [("H100", 128)])):
        view = made_paper(
            "# 4 Training", "See Table 1.", title="GlowVL: Reading", tables=[("How it was trained.", *rows)]
        )
        candidates = list(read_compute(view))
        assert_quoted(view, candidates)
        assert sorted((one.value, one.attributes["count"]) for one in candidates) == devices
    view = made_paper(
        "# 5 Results", title="GlowVL", tables=[("Latency of inference.", ("Model", "GPU"), ("GlowVL", "A100"))]
    )
    assert list(read_compute(view)) == []
