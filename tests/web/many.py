"""An invented catalogue of any size, the same on every machine: names, parts and quotes as long as real ones."""

from __future__ import annotations

import random
from datetime import date, timedelta

from vlmingest.records import (
    Architecture,
    ArchitectureFigure,
    ArchitectureKind,
    Compute,
    Connector,
    Datasets,
    DatasetUse,
    Evidence,
    IntegerValue,
    LanguageModel,
    Links,
    ModelIdentity,
    Objective,
    Record,
    RecordPaper,
    Relevance,
    Stage,
    Training,
    VisionEncoder,
)

ENCODERS = (
    ("CLIP ViT-L/14", "CLIP"), ("CLIP ViT-L/14-336", "CLIP"), ("SigLIP SO400M", "SigLIP"), ("SigLIP 2", "SigLIP"),
    ("InternViT-6B", "InternViT"), ("EVA-CLIP ViT-g/14", "EVA"), ("DINOv2 ViT-L", "DINO"), ("ConvNeXt-L", "ConvNeXt"),
    ("SAM ViT-B", "SAM"), ("Swin-L", "Swin"), ("ViT-B/16", "ViT"),
)  # fmt: skip
LANGUAGE = (
    ("Vicuna-7B", "Vicuna"), ("LLaMA 2", "LLaMA"), ("Llama 3.1", "LLaMA"), ("Qwen2.5", "Qwen"), ("Qwen3", "Qwen"),
    ("Mistral-7B", "Mistral"), ("Gemma 2", "Gemma"), ("Phi-3-mini", "Phi"), ("Flan-T5-XL", "T5"), ("OPT", "OPT"),
    ("InternLM2", "InternLM"), ("DeepSeek-V2", "DeepSeek"),
)  # fmt: skip
CONNECTORS = ("linear", "mlp", "q-former", "resampler", "cross-attention", "pixel-shuffle", "pooling", "none")
KINDS = ("decoder-prefix", "cross-attention", "dual-encoder", "encoder-decoder", "unified-generation")
DATA = (
    "CC3M",
    "LAION-400M",
    "COCO Captions",
    "LLaVA-Instruct-158K",
    "ShareGPT4V",
    "DocVQA",
    "ChartQA",
    "GQA",
    "OCR-VQA",
)
TESTS = ("ScienceQA", "MMMU", "MMBench", "TextVQA", "POPE", "MathVista", "VQAv2", "SEED-Bench")
WORDS = (
    "aligning", "scaling", "grounded", "efficient", "native", "unified", "visual", "language", "models", "with",
    "tokens", "for", "documents", "video", "reasoning", "resolution", "instruction", "tuning", "large", "multimodal",
    "understanding", "generation", "through", "sparse", "experts",
)  # fmt: skip
SIZES = ("0.5B", "2B", "3B", "7B", "13B", "34B", "72B", "400M")


def many_records(count: int, seed: int = 7) -> list[Record]:
    """`count` invented records from 2021 to 2026."""
    chance = random.Random(seed)
    return [_record(number, chance) for number in range(count)]


def _record(number: int, chance: random.Random) -> Record:
    # more papers in later years, as in the field
    day = date(2021, 1, 1) + timedelta(days=int(2060 * chance.random() ** 0.5))
    paper_id = f"{day:%y%m}.{number % 100000:05}"
    name = f"{chance.choice(('Ori', 'Lumo', 'Vis', 'Pano', 'Tessa', 'Quill'))}{chance.choice(('VL', 'Chat', 'Doc', 'LM'))}-{number}"
    place = 1200

    def proof(text: str) -> Evidence:
        nonlocal place
        place += 400
        words = " ".join(chance.choice(WORDS) for _ in range(18))
        return Evidence(
            quote=f"We use {text} and {words}.", page=1 + place // 4000, section="3.1 Model", start=place, end=place + 90,
            reader="rule:vision_encoder.as_encoder.v1",
        )  # fmt: skip

    def sure() -> dict[str, object]:
        confidence = round(chance.uniform(0.4, 0.99), 2)
        return {"confidence": confidence, "band": "accept" if confidence > 0.8 else "review"}

    encoders, language = chance.sample(ENCODERS, chance.choice((1, 1, 1, 2))), chance.sample(LANGUAGE, 1)
    sizes = tuple(sorted(chance.sample(SIZES, chance.choice((1, 1, 2, 3)))))
    return Record(
        paper=RecordPaper(
            id=paper_id, arxiv_id=paper_id, version=chance.choice((1, 1, 2)),
            title=f"{name}: " + " ".join(chance.choice(WORDS) for _ in range(8)).capitalize(),
            authors=tuple(f"{chance.choice('ABCDEFG')}. {chance.choice(('Meyer', 'Tanaka', 'Silva', 'Okoye'))}" for _ in range(6)),
            published=day.isoformat(), updated=day.isoformat(), withdrawn=number % 211 == 5,
            links=Links(code=(f"https://github.com/example/{name.lower()}",)),
        ),
        relevance=Relevance(label="model", score=0.9),
        model=ModelIdentity(name=name, sizes=sizes),
        architecture=Architecture(
            vision_encoders=tuple(VisionEncoder(name=n, family=f, evidence=(proof(n),), **sure()) for n, f in encoders),
            language_models=tuple(
                LanguageModel(name=n, family=f, sizes=sizes, evidence=(proof(n),), **sure()) for n, f in language
            ),
            connectors=tuple(
                Connector(type=kind, detail="two layers", evidence=(proof(kind),), **sure())
                for kind in chance.sample(CONNECTORS, 1)
            ),
            types=(ArchitectureKind(type=chance.choice(KINDS), evidence=(proof("it"),), **sure()),),
            image_resolutions=(IntegerValue(value=chance.choice((224, 336, 448)), evidence=(proof("it"),), **sure()),),
            visual_tokens=(IntegerValue(value=chance.choice((64, 256, 576)), evidence=(proof("it"),), **sure()),),
            figure=ArchitectureFigure(number="2", page=3, caption="Figure 2: Overview of the model.", bbox=(60, 70, 500, 300)),
        ),
        training=Training(
            stages=tuple(
                Stage(order=order, name=stage, trainable=("connector",), datasets=tuple(chance.sample(DATA, 2)),
                      samples="595K", evidence=(proof(stage),), **sure())
                for order, stage in enumerate(("alignment pre-training", "instruction tuning"), 1)
            ),
            objectives=(Objective(type="language-modeling", evidence=(proof("it"),), **sure()),),
            compute=(Compute(device="A100", count=8, evidence=(proof("8 A100"),), **sure()),),
        ),
        datasets=Datasets(
            training=tuple(DatasetUse(name=n, role="training", evidence=(proof(n),), **sure()) for n in chance.sample(DATA, 5)),
            evaluation=tuple(
                DatasetUse(name=n, role="evaluation", evidence=(proof(n),), **sure()) for n in chance.sample(TESTS, 5)
            ),
        ),
    )  # fmt: skip
