"""What a name in the vocabulary stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["vision_encoder", "language_model", "dataset"]


@dataclass(frozen=True)
class Code:
    """A canonical name; `case`: its letters must stand as listed; `sized`: a size must follow ("Yi-34B")."""

    kind: Kind
    name: str
    family: str
    case: bool = False
    sized: bool = False
