"""Closed vocabularies of the records: field names, roles, types, labels, bands."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

SCHEMA_VERSION = 1

ConnectorType = Literal[
    "linear", "mlp", "q-former", "resampler", "cross-attention", "pixel-shuffle", "pooling", "convolution",
    "discrete-tokenizer", "abstractor", "none", "other",
]  # fmt: skip
ArchitectureType = Literal[
    "dual-encoder", "encoder-decoder", "decoder-prefix", "cross-attention", "early-fusion", "unified-generation",
    "fusion-encoder",
]  # fmt: skip
Component = Literal["vision_encoder", "connector", "language_model", "other"]
ObjectiveType = Literal[
    "language-modeling", "contrastive", "sigmoid-contrastive", "image-text-matching", "masked-modeling", "captioning",
    "preference-optimization", "reinforcement-learning", "distillation", "diffusion", "regression", "classification",
    "segmentation",
]  # fmt: skip
Label = Literal["model", "maybe", "no"]
Status = Literal["proposed", "accepted", "corrected"]
Band = Literal["accept", "review"]


class FieldName(StrEnum):
    """Every field that candidates and verdicts speak of; the value is its name in the database and in commands."""

    NAME = "model.name"
    ALIAS = "model.alias"
    SIZE = "model.size"
    ACTIVE_SIZE = "model.active_size"
    CODE = "link.code"
    PROJECT = "link.project"
    WEIGHTS = "link.weights"
    DEMO = "link.demo"
    VISION_ENCODER = "architecture.vision_encoder"
    LANGUAGE_MODEL = "architecture.language_model"
    CONNECTOR = "architecture.connector"
    TYPE = "architecture.type"
    IMAGE_RESOLUTION = "architecture.image_resolution"
    VISUAL_TOKENS = "architecture.visual_tokens"
    FIGURE = "architecture.figure"
    STAGE = "training.stage"
    OBJECTIVE = "training.objective"
    COMPUTE = "training.compute"
    TRAINING_DATASET = "dataset.training"
    EVALUATION_DATASET = "dataset.evaluation"


class Role(StrEnum):
    """What the paper's own model has to do with a mention."""

    USED = "used"
    INITIALISED_FROM = "initialised-from"
    TRAINED_ON = "trained-on"
    EVALUATED_ON = "evaluated-on"
    COMPARED = "compared-with"
    ABLATED = "ablated"
    CITED = "cited"
