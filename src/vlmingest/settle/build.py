"""Values -> the RECORD of the outside contract, and back (`record_values`), in a fixed order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, get_args

from pydantic import JsonValue

from vlmingest.document import Box
from vlmingest.records import (
    Architecture,
    ArchitectureFigure,
    ArchitectureKind,
    Component,
    Compute,
    Connector,
    Datasets,
    DatasetUse,
    Fact,
    FieldName,
    IntegerValue,
    LanguageModel,
    Links,
    ModelIdentity,
    Objective,
    PaperMetadata,
    Record,
    RecordPaper,
    Relevance,
    Stage,
    Training,
    VisionEncoder,
)
from vlmingest.settle.merge import MergedValue, key_of

_FACTS = (
    FieldName.NAME,
    FieldName.ALIAS,
    FieldName.SIZE,
    FieldName.ACTIVE_SIZE,
    FieldName.CODE,
    FieldName.PROJECT,
    FieldName.WEIGHTS,
    FieldName.DEMO,
)
_COMPONENTS: tuple[str, ...] = get_args(Component)
_SIZE = re.compile(r"\s*(?:(\d+)x)?([\d.]+)\s*([KMBT])", re.IGNORECASE)
_UNITS = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}


def build_record(paper: PaperMetadata, relevance: Relevance, values: Sequence[MergedValue]) -> Record:
    """The record of these values; `values` in the order of `merge.order`."""
    of: dict[FieldName, list[MergedValue]] = {field: [] for field in FieldName}
    for value in values:
        of[value.field].append(value)
    return Record(
        paper=_paper(paper, of),
        relevance=relevance,
        model=_identity(of),
        architecture=Architecture(
            vision_encoders=tuple(_encoder(value) for value in of[FieldName.VISION_ENCODER]),
            language_models=tuple(_language(value) for value in of[FieldName.LANGUAGE_MODEL]),
            connectors=tuple(
                Connector(type=value.value, detail=_text(value, "detail"), **_proof(value))
                for value in of[FieldName.CONNECTOR]
            ),
            types=tuple(ArchitectureKind(type=value.value, **_proof(value)) for value in of[FieldName.TYPE]),
            image_resolutions=_integers(of[FieldName.IMAGE_RESOLUTION]),
            visual_tokens=_integers(of[FieldName.VISUAL_TOKENS]),
            figure=next((_figure(value) for value in of[FieldName.FIGURE]), None),
        ),
        training=Training(
            stages=_stages(of[FieldName.STAGE]),
            objectives=tuple(Objective(type=value.value, **_proof(value)) for value in of[FieldName.OBJECTIVE]),
            compute=tuple(
                Compute(
                    device=value.value, count=_whole(value, "count"), hours=_number(value, "hours"), **_proof(value)
                )
                for value in of[FieldName.COMPUTE]
            ),
        ),
        datasets=Datasets(
            training=tuple(
                DatasetUse(name=value.value, role="training", **_proof(value))
                for value in of[FieldName.TRAINING_DATASET]
            ),
            evaluation=tuple(
                DatasetUse(name=value.value, role="evaluation", **_proof(value))
                for value in of[FieldName.EVALUATION_DATASET]
            ),
        ),
    )


def record_values(record: Record) -> list[MergedValue]:
    """The values of a record, for comparing it with another."""
    values = [
        MergedValue(
            fact.field, key_of(fact.value), fact.value, {}, fact.evidence, fact.confidence, fact.band, fact.status
        )
        for fact in record.model.facts
    ]
    architecture, training = record.architecture, record.training
    lists: tuple[tuple[FieldName, Iterable[Any], str], ...] = (
        (FieldName.VISION_ENCODER, architecture.vision_encoders, "name"),
        (FieldName.LANGUAGE_MODEL, architecture.language_models, "name"),
        (FieldName.CONNECTOR, architecture.connectors, "type"),
        (FieldName.TYPE, architecture.types, "type"),
        (FieldName.IMAGE_RESOLUTION, architecture.image_resolutions, "value"),
        (FieldName.VISUAL_TOKENS, architecture.visual_tokens, "value"),
        (FieldName.FIGURE, (architecture.figure,) if architecture.figure else (), "number"),
        (FieldName.STAGE, training.stages, "order"),
        (FieldName.OBJECTIVE, training.objectives, "type"),
        (FieldName.COMPUTE, training.compute, "device"),
        (FieldName.TRAINING_DATASET, record.datasets.training, "name"),
        (FieldName.EVALUATION_DATASET, record.datasets.evaluation, "name"),
    )
    for field, items, name in lists:
        for item in items:
            text = f"stage {item.order}" if field is FieldName.STAGE else str(getattr(item, name))
            attributes = item.model_dump(mode="json", exclude={"evidence", "confidence", "status", "band"})
            values.append(
                MergedValue(
                    field, key_of(text), text, attributes, item.evidence, item.confidence, item.band, item.status
                )
            )
    return values


def _proof(value: MergedValue) -> dict[str, Any]:
    return {
        "confidence": value.confidence,
        "status": value.status,
        "band": value.band,
        "evidence": value.evidence,
    }


def _paper(paper: PaperMetadata, of: dict[FieldName, list[MergedValue]]) -> RecordPaper:
    def urls(field: FieldName) -> tuple[str, ...]:
        return tuple(value.value for value in of[field])

    return RecordPaper(
        id=paper.id,
        arxiv_id=paper.arxiv_id,
        version=paper.version,
        title=paper.title,
        authors=paper.authors,
        abstract=paper.abstract,
        categories=paper.categories,
        published=paper.published,
        updated=paper.updated,
        withdrawn=paper.withdrawn,
        withdrawn_reason=paper.withdrawn_reason,
        links=Links(
            code=urls(FieldName.CODE),
            project=urls(FieldName.PROJECT),
            weights=urls(FieldName.WEIGHTS),
            demo=urls(FieldName.DEMO),
        ),
    )


def _identity(of: dict[FieldName, list[MergedValue]]) -> ModelIdentity:
    facts = [value for field in _FACTS for value in of[field]]
    return ModelIdentity(
        name=next((value.value for value in of[FieldName.NAME]), None),
        aliases=tuple(value.value for value in of[FieldName.ALIAS]),
        sizes=_sizes(value.value for value in of[FieldName.SIZE]),
        active_sizes=_sizes(value.value for value in of[FieldName.ACTIVE_SIZE]),
        facts=tuple(Fact(field=value.field, value=value.value, **_proof(value)) for value in facts),
    )


def _sizes(texts: Iterable[str]) -> tuple[str, ...]:
    def amount(text: str) -> tuple[float, str]:
        match = _SIZE.match(text)
        try:
            return (
                float(match[1] or 1) * float(match[2]) * _UNITS[match[3].upper()] if match else 0.0,
                text,
            )
        except ValueError:
            return (0.0, text)

    return tuple(sorted(texts, key=amount))


def _encoder(value: MergedValue) -> VisionEncoder:
    params = value.attributes.get("params")
    return VisionEncoder(
        name=value.value,
        family=_text(value, "family"),
        params=str(params) if params else None,
        **_proof(value),
    )


def _language(value: MergedValue) -> LanguageModel:
    sizes = value.attributes.get("sizes")
    return LanguageModel(
        name=value.value,
        family=_text(value, "family"),
        sizes=_sizes(str(size) for size in sizes) if isinstance(sizes, list) else (),
        **_proof(value),
    )


def _integers(values: Sequence[MergedValue]) -> tuple[IntegerValue, ...]:
    found = [IntegerValue(value=int(value.value), **_proof(value)) for value in values if value.value.isdecimal()]
    return tuple(sorted(found, key=lambda item: item.value))


def _figure(value: MergedValue) -> ArchitectureFigure:
    return ArchitectureFigure(
        number=_text(value, "number") or value.value,
        page=_whole(value, "page"),
        caption=_text(value, "caption"),
        bbox=_box(value.attributes.get("bbox")),
        **_proof(value),
    )


_NO_NUMBER = 99


def _stages(values: Sequence[MergedValue]) -> tuple[Stage, ...]:
    def place(value: MergedValue) -> tuple[int, int, str]:
        number = _whole(value, "order")
        match = re.search(r"\d+", value.value)
        return (number or (int(match.group()) if match else _NO_NUMBER), value.place, value.key)

    found: list[Stage] = []
    for value in sorted(values, key=place):
        order = found[-1].order + 1 if found else 1
        if value.status != "proposed":  # a person spoke of stage 2: it stays stage 2 where no reader sees a first one
            order = max(order, place(value)[0] if place(value)[0] < _NO_NUMBER else order)
        samples, rate, steps = (value.attributes.get(name) for name in ("samples", "learning_rate", "steps"))
        found.append(
            Stage(
                order=order,
                name=_text(value, "name"),
                trainable=_components(value.attributes.get("trainable")),
                frozen=_components(value.attributes.get("frozen")),
                datasets=_texts(value.attributes.get("datasets")),
                samples=str(samples) if samples else None,
                learning_rate=str(rate) if rate else None,
                batch_size=_whole(value, "batch_size"),
                epochs=_number(value, "epochs"),
                steps=str(steps) if steps else None,
                image_resolution=_whole(value, "image_resolution"),
                **_proof(value),
            )
        )
    return tuple(found)


def _text(value: MergedValue, name: str) -> str:
    found = value.attributes.get(name)
    return "" if found is None else str(found)


def _texts(found: JsonValue) -> tuple[str, ...]:
    return tuple(str(item) for item in found) if isinstance(found, list) else ()


def _components(found: JsonValue) -> tuple[Component, ...]:
    wanted = set(_texts(found))
    return tuple(item for item in _COMPONENTS if item in wanted)  # type: ignore[misc]


def _whole(value: MergedValue, name: str) -> int | None:
    number = _number(value, name)
    return int(number) if number is not None else None


def _number(value: MergedValue, name: str) -> float | None:
    found = value.attributes.get(name)
    if isinstance(found, bool) or found is None:
        return None
    try:
        number = float(str(found).replace(",", ""))
    except ValueError:
        return None
    return number if abs(number) < 1e15 else None  # NaN and infinity fail the comparison, too


def _box(found: JsonValue) -> Box | None:
    if not isinstance(found, list) or len(found) != 4 or not all(isinstance(item, int | float) for item in found):
        return None
    x0, y0, x1, y1 = (float(item) for item in found if isinstance(item, int | float))
    return (x0, y0, x1, y1)
