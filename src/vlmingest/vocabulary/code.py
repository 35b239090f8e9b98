"""What a name in the vocabulary stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["vision_encoder", "language_model", "dataset"]


@dataclass(frozen=True)
class Code:
    """A canonical name and what has to be known to read it in a text.

    `case`: its letters must stand as one of the spellings has them; `sized`: a size or version must follow ("Yi-34B");
    `needs`: one of these lower-case words must stand in the same sentence, since the spelling means other things, too;
    `shape`: a bare architecture ("ViT"), whose weights may come from elsewhere; `coder`: turns images into tokens or
    latents for generation; `whole`: a multimodal model as a whole; `closed`: served by its owner alone; `reader`:
    encodes text and writes none; `seq2seq`: encodes and decodes.
    """

    kind: Kind
    name: str
    family: str
    case: bool = False
    sized: bool = False
    needs: tuple[str, ...] = ()
    shape: bool = False
    coder: bool = False
    whole: bool = False
    closed: bool = False
    reader: bool = False
    seq2seq: bool = False

    def __hash__(self) -> int:
        return hash((self.kind, self.name))  # all that tells two apart: codes are looked up often
