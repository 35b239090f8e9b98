"""From confidence to a band: accept (may be taken over unseen), review (a person should look), or drop.

The thresholds are those of the field's curve (see `calibration`): measured on gold where gold speaks of the field. A value
that is not of rules alone (a second reader's, or one that both say) is held to the same ones.
"""

from __future__ import annotations

from vlmingest.records import Band, FieldName, Label
from vlmingest.settle.calibration import KEEP_AT, curve_of

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

# No value is taken over unseen below this, whatever its field's own threshold.
ACCEPT_AT = 0.9
# Single-valued fields: of several values the best one stays.
SINGLE_FIELDS = frozenset({FieldName.NAME, FieldName.FIGURE})


def band_of(field: FieldName, confidence: float, label: Label = "model", *, by_rules: bool = True) -> Band | None:
    """The band of a machine value; None: it is dropped. `by_rules`: no other kind of reader says it.

    What another kind of reader says is kept from KEEP_AT on: the curves were measured on rules alone.

    A paper labelled "no" gets no claims about a model; of one labelled "maybe" every such claim waits for a person.
    """
    curve = curve_of(field)
    if confidence < (curve.keep if by_rules else min(curve.keep, KEEP_AT)):
        return None
    if field in MODEL_FIELDS and label == "no":
        return None
    if field in MODEL_FIELDS and label == "maybe":
        return "review"
    if curve.accept is None:
        return "review"
    return "accept" if confidence >= max(curve.accept, ACCEPT_AT) else "review"
