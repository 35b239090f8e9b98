"""The only reader of the environment and of `vlmingest.toml`. The environment wins over the file.

The file is the first of: `$VLMINGEST_CONFIG`, `./vlmingest.toml`. Keys are the names below in lower case without the
prefix (`db`, `data_dir`, `min_interval_s` ...). Secrets are read from the environment only.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from vlmingest.errors import SettingError

# info.arxiv.org/help/api/tou: at most one request every three seconds, over all machines
ARXIV_MIN_INTERVAL_S = 3.0
FIGURE_POLICIES = ("none", "licensed", "all")
_SECRETS = frozenset({"llm_api_key"})


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default; `origin[name]` says where a value came from (default, file, environment)."""

    db: Path = Path("vlmingest.db")
    data_dir: Path | None = None  # content store, figures, limiter state; default: beside the database
    arxiv_api_url: str = "https://export.arxiv.org/api/query"
    arxiv_oai_url: str = "https://oaipmh.arxiv.org/oai"
    arxiv_feed_url: str = "https://rss.arxiv.org/atom"
    arxiv_content_url: str = "https://export.arxiv.org"
    min_interval_s: float = ARXIV_MIN_INTERVAL_S
    contact: str = ""
    query: str = ""  # arXiv search query; empty: the topic's own
    topic: str = "vlm"  # what is looked for: a topic of the package, or a folder (see `vlmingest init --topic`)
    triage_sample: int = 5  # discarded papers a week put before a reviewer, to estimate what is missed; 0: none
    triage_recall: float = 0.97  # share of the model papers that triage must find; more recall flags more papers
    sources: str = "api"  # where a night looks: "api", or several of "api,oai,feed" (oai and feed know licences)
    overlap_days: int = 7  # re-read before the watermark: moderation holds papers for four days and longer
    formats: str = "pdf"  # order of full-text formats to ask for: "pdf", "html,latex,pdf" ...
    cross_check: float = 0.0  # share of word pairs that the next of `formats` must have in common; 0: it is not fetched
    max_pages: int = 400
    reader_memory_mib: int = 1024
    reader_cpu_s: int = 20
    reader_wall_s: int = 30
    workers: int = 2
    timeout_s: float = 30.0
    retries: int = 4
    nightly_cap: int = 200
    figures: str = "licensed"  # figures to export: "none", "licensed" (what licences let others pass on) or "all"
    llm_base_url: str = ""
    llm_model: str = ""
    llm_api_key: str = field(default="", repr=False)
    llm_budget_tokens: int = 200_000
    origin: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def data_path(self) -> Path:
        """The data folder: as set, or `<database>.data` beside the database."""
        return self.data_dir if self.data_dir is not None else self.db.with_name(self.db.name + ".data")

    @property
    def llm_enabled(self) -> bool:
        """The second reader runs only when both a server and a model are named."""
        return bool(self.llm_base_url and self.llm_model)

    def interval_for(self, url: str) -> float:
        """Seconds between requests to the host of `url`: never below 3 for arxiv.org, whatever is set."""
        host = (urlsplit(url).hostname or "").lower()
        if host == "arxiv.org" or host.endswith(".arxiv.org"):
            return max(self.min_interval_s, ARXIV_MIN_INTERVAL_S)
        return self.min_interval_s


def load_settings(
    overrides: Mapping[str, object] | None = None,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Settings:
    """Settings from defaults < file < environment < `overrides` (command line); raises SettingError."""
    environ = os.environ if environ is None else environ
    names = {item.name for item in fields(Settings)} - {"origin"}
    values: dict[str, object] = {}
    origin = dict.fromkeys(names, "default")
    path = Path(environ.get("VLMINGEST_CONFIG") or (folder or Path()) / "vlmingest.toml")
    if path.is_file():
        for name, value in _read_file(path).items():
            if name not in names or name in _SECRETS:
                expected = (
                    "a secret: set it in the environment" if name in _SECRETS else f"one of {', '.join(sorted(names))}"
                )
                raise SettingError(f"{path}: {name}", "***" if name in _SECRETS else str(value), expected)
            values[name], origin[name] = value, str(path)
    for name in names:
        text = environ.get(f"VLMINGEST_{name.upper()}")
        if text is not None and text.strip():
            values[name], origin[name] = text.strip(), "environment"
    for name, value in (overrides or {}).items():
        if value is not None:
            values[name], origin[name] = value, "command line"
    kinds = {item.name: item for item in fields(Settings)}
    converted: dict[str, Any] = {name: _convert(name, kinds[name].default, value) for name, value in values.items()}
    return Settings(**converted, origin=origin)


def _read_file(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingError("VLMINGEST_CONFIG", str(path), f"a TOML file ({error})") from error


def _convert(name: str, default: object, value: object) -> object:
    if name in ("db", "data_dir"):
        return Path(str(value)).expanduser()
    if isinstance(default, str):
        text = str(value)
        if name.endswith("_url") and text and urlsplit(text).scheme not in ("http", "https"):
            raise SettingError(f"VLMINGEST_{name.upper()}", text, "an http(s) address")
        if name == "figures" and text not in FIGURE_POLICIES:
            raise SettingError("VLMINGEST_FIGURES", text, f"one of {', '.join(FIGURE_POLICIES)}")
        return text.rstrip("/") if name.endswith("_url") else text
    number = float if isinstance(default, float) else int
    try:
        converted = number(str(value))
    except ValueError as error:
        raise SettingError(f"VLMINGEST_{name.upper()}", str(value), "a number") from error
    if not 0 <= converted < float("inf"):
        raise SettingError(f"VLMINGEST_{name.upper()}", str(value), "a number of 0 or more")
    return converted
