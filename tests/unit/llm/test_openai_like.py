"""The wire: what a server that speaks like OpenAI is asked, and what becomes of its answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from pydantic_ai.models import override_allow_model_requests

from vlmingest.errors import LlmError
from vlmingest.llm.openai_like import openai_reader
from vlmingest.llm.prompts import load_prompt, render

FACTS = {"facts": [{"field": "vision_encoder", "value": "SigLIP", "quote": "We use SigLIP here"}]}


class Server(HTTPServer):
    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str | None, dict[str, Any]]] = []


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers["Authorization"], body))
        message = {"role": "assistant", "content": json.dumps(FACTS)}
        answer = {
            "id": "1", "object": "chat.completion", "created": 1, "model": "tiny",
            "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
            "usage": {"prompt_tokens": 40, "completion_tokens": 2, "total_tokens": 42},
        }  # fmt: skip
        data = json.dumps(answer if self.server.status == 200 else {"error": {"message": "no such model"}}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as opened:
        thread = threading.Thread(target=opened.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield opened
        opened.shutdown()
        thread.join()


def test_a_reply_by_the_schema_comes_back_with_its_tokens(server: Server) -> None:
    reader = openai_reader(f"http://127.0.0.1:{server.server_port}/v1", "tiny", "secret")
    with override_allow_model_requests(True):
        reply = reader.ask(render(load_prompt(), "We use SigLIP here"))
    assert (json.loads(reply.text), reply.tokens) == (FACTS, 42)
    path, key, body = server.asked[0]
    assert (len(server.asked), path, key) == (1, "/v1/chat/completions", "Bearer secret")
    assert (body["model"], body["temperature"], body["response_format"]["type"]) == ("tiny", 0, "json_schema")
    assert "tools" not in body
    assert "We use SigLIP here" in json.dumps(body["messages"])


def test_a_refusal_of_the_server_is_an_llm_error_without_the_key(server: Server) -> None:
    server.status = 404
    reader = openai_reader(f"http://127.0.0.1:{server.server_port}/v1", "tiny", "secret")
    with override_allow_model_requests(True), pytest.raises(LlmError, match="no such model") as caught:
        reader.ask(render(load_prompt(), "text"))
    assert "secret" not in str(caught.value)
