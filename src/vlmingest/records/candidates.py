"""Evidence, and the candidates that readers propose with it."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from pydantic import Field, JsonValue

from vlmingest.document import Frozen
from vlmingest.records.terms import (
    FieldName,
    Role,
)


class Evidence(Frozen):
    """The sentence that proves a value: `document.text[start:end] == quote`; `page` is 1-based, None without pages."""

    quote: str
    page: int | None = None
    section: str | None = None
    start: int = 0
    end: int = 0
    reader: str = ""  # rule id and version, or prompt version and model
    source: Literal["pdf", "html", "latex", "abstract", "comment"] = "pdf"


class Candidate(Frozen):
    """One proposed value for one field. `value` is canonical text; what else the field holds is in `attributes`.

    Attributes per field (all optional): vision_encoder {family, params}; language_model {family, sizes};
    connector {detail}; figure {number, page, caption, bbox}; stage {order, name, trainable, frozen, datasets, samples,
    learning_rate, batch_size, epochs, steps, image_resolution}; compute {count, hours}; visual_tokens {}.
    `role` other than used/initialised/trained/evaluated is negative evidence: kept and shown, never settled.
    """

    field: FieldName
    value: str
    role: Role = Role.USED
    attributes: dict[str, JsonValue] = Field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    reader: str = ""
    confidence: float = 0.5
    features: dict[str, float] = Field(default_factory=dict)

    @property
    def key(self) -> str:
        """The value's identity across runs: what a verdict is attached to."""
        return value_key(self.value)


@lru_cache(maxsize=4096)
def value_key(value: str) -> str:
    """Fold case, spaces and hyphens: `CLIP ViT-L/14` and `clip vit l/14` are one value."""
    return "".join(ch for ch in value.casefold() if ch.isalnum() or ch in "./+")
