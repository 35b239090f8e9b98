"""Prompt files: front matter, body, reply schema; `sha` covers all that decides what a model is asked."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from vlmingest.errors import DataFileError
from vlmingest.resources import data_folder

_FRONT = re.compile(r"\A---\n(?P<front>.*?)\n---\n(?P<body>.*)\Z", re.DOTALL)
# zero-width and bidirectional controls: text that a person does not see
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class PromptSpec(BaseModel):
    """The front matter of a prompt file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    version: int
    schema_file: str = Field(alias="schema")
    max_output_tokens: int
    max_windows: int
    window_characters: int


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt as loaded; `reader` is its id and version."""

    spec: PromptSpec
    body: str
    schema: dict[str, JsonValue]
    sha: str

    @property
    def reader(self) -> str:
        """`extract-architecture.v1`."""
        return f"{self.spec.id}.v{self.spec.version}"


@dataclass(frozen=True, slots=True)
class RenderedPrompt:
    """What is sent: the whole user message, the reply's JSON schema, and the output limit in tokens."""

    text: str
    schema: dict[str, JsonValue]
    max_output_tokens: int
    sha: str

    @property
    def estimated_tokens(self) -> int:
        """Input estimate (3.2 characters a token) plus the output limit: what is reserved before the call."""
        return round(len(self.text) / 3.2) + self.max_output_tokens


def load_prompt(name: str = "extract-architecture", version: int = 1) -> Prompt:
    """A prompt file; raises DataFileError where it breaks its own format."""
    path = data_folder("prompts") / name / f"v{version}.md"
    try:
        raw = path.read_text(encoding="utf-8")
    except OSError as error:
        raise DataFileError(str(path), "no such prompt") from error
    match = _FRONT.match(raw)
    if match is None:
        raise DataFileError(str(path), "front matter between two --- lines is missing")
    pairs = (line.partition(":") for line in match["front"].splitlines() if line.strip())
    try:
        spec = PromptSpec.model_validate({key.strip(): value.strip() for key, _, value in pairs})
        schema: dict[str, JsonValue] = json.loads((path.parent / spec.schema_file).read_text(encoding="utf-8"))
    except (ValidationError, OSError, ValueError) as error:
        raise DataFileError(str(path), str(error)) from error
    canonical = json.dumps(schema, sort_keys=True, separators=(",", ":"))
    return Prompt(spec, match["body"], schema, hashlib.sha256((raw + canonical).encode()).hexdigest())


def render(prompt: Prompt, text: str) -> RenderedPrompt:
    """The message for one window: paper text between nonce tags, invisible characters gone, tags in it broken.

    The nonce is made of the text itself, so that the same input gives the same message (and cache key).
    """
    clean = _INVISIBLE.sub("", text)
    nonce = hashlib.sha256((prompt.sha + clean).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    clean = re.sub(r"<(?=/?paper)", "‹", clean, flags=re.IGNORECASE)
    fenced = f"<paper {nonce}>\n{clean}\n</paper {nonce}>"
    head, _, tail = prompt.body.partition("{{text}}")
    message = head.replace("{{nonce}}", nonce) + fenced + tail
    return RenderedPrompt(message, prompt.schema, prompt.spec.max_output_tokens, prompt.sha)
