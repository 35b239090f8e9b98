"""A Reader over any OpenAI-like server, through pydantic-ai (the extra `llm`); imported only where it is used."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from vlmingest.errors import LlmError, MissingExtraError
from vlmingest.llm.prompts import RenderedPrompt
from vlmingest.llm.reader import Reply

if TYPE_CHECKING:
    from pydantic_ai.models import Model


class PydanticAiReader:
    """Asks a pydantic-ai model with native JSON-schema output; one repeat, no tools."""

    def __init__(self, model: Model, name: str) -> None:
        self._model = model
        self.model = name

    def ask(self, prompt: RenderedPrompt) -> Reply:
        """One call (two at most); raises LlmError for every trouble of model, server or limits."""
        from pydantic_ai import Agent, NativeOutput, StructuredDict, UsageLimits  # noqa: PLC0415 - heavy and optional
        from pydantic_ai.settings import ModelSettings  # noqa: PLC0415

        output = StructuredDict(prompt.schema, name="facts")
        settings = ModelSettings(temperature=0, max_tokens=prompt.max_output_tokens)
        agent = Agent(self._model, output_type=NativeOutput(output), retries=1, model_settings=settings)
        try:
            result = agent.run_sync(prompt.text, usage_limits=UsageLimits(request_limit=2))
        except Exception as error:
            raise LlmError(f"{type(error).__name__}: {str(error)[:200]}") from error
        usage = result.usage
        return Reply(json.dumps(result.output), usage.input_tokens + usage.output_tokens)


def openai_reader(base_url: str, model: str, api_key: str) -> PydanticAiReader:
    """A reader for `base_url`; raises MissingExtraError without the extra `llm`."""
    try:
        from pydantic_ai.models.openai import OpenAIChatModel  # noqa: PLC0415
        from pydantic_ai.providers.openai import OpenAIProvider  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtraError("llm", "the LLM reader") from error
    return PydanticAiReader(
        OpenAIChatModel(model, provider=OpenAIProvider(base_url=base_url, api_key=api_key or "none")), model
    )
