"""From confidence to a band: accept (may be taken over unseen), review (a person should look), or drop.

The rules' confidences are set by hand and not yet calibrated on gold, and so are these two thresholds.
"""

from __future__ import annotations

from vlmingest.records import Band, FieldName, Label

# Fields that claim something about a model's parts; a paper that proposes no model may have none of them settled.
ARCHITECTURE_FIELDS = frozenset(
    {
        FieldName.VISION_ENCODER,
        FieldName.LANGUAGE_MODEL,
        FieldName.CONNECTOR,
        FieldName.TYPE,
        FieldName.IMAGE_RESOLUTION,
        FieldName.VISUAL_TOKENS,
        FieldName.FIGURE,
    }
)
# Claims that only a model paper can make.
MODEL_FIELDS = ARCHITECTURE_FIELDS | frozenset(
    {
        FieldName.NAME,
        FieldName.ALIAS,
        FieldName.SIZE,
        FieldName.ACTIVE_SIZE,
        FieldName.STAGE,
        FieldName.OBJECTIVE,
        FieldName.COMPUTE,
    }
)

ACCEPT_AT = 0.9
# Below this a value is likelier wrong than right: kept as a candidate, not put into the record.
KEEP_AT = 0.4
# Single-valued fields: of several values the best one stays.
SINGLE_FIELDS = frozenset({FieldName.NAME, FieldName.FIGURE})


def band_of(field: FieldName, confidence: float, label: Label = "model") -> Band | None:
    """The band of a machine value; None: it is dropped.

    A paper labelled "no" gets no claims about a model; of one labelled "maybe" every such claim waits for a person.
    """
    if confidence < KEEP_AT:
        return None
    if field in MODEL_FIELDS and label == "no":
        return None
    if field in MODEL_FIELDS and label == "maybe":
        return "review"
    return "accept" if confidence >= ACCEPT_AT else "review"
