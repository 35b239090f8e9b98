"""Settings: defaults < file < environment < command line, and arXiv's three seconds."""

import pytest

from vlmingest.errors import SettingError
from vlmingest.settings import Settings, load_settings


def test_each_source_of_a_setting_beats_the_one_before(tmp_path):
    (tmp_path / "vlmingest.toml").write_text('contact = "file@example.org"\nretries = 7\nworkers = 3\n')
    environ = {"VLMINGEST_RETRIES": "9", "VLMINGEST_WORKERS": "5"}
    settings = load_settings({"workers": 8, "db": None}, environ, tmp_path)
    assert (settings.contact, settings.retries, settings.workers) == ("file@example.org", 9, 8)
    assert settings.origin["contact"].endswith("vlmingest.toml")
    assert (settings.origin["retries"], settings.origin["workers"]) == ("environment", "command line")
    assert settings.origin["db"] == "default"


def test_a_named_file_is_read(tmp_path):
    path = tmp_path / "other.toml"
    path.write_text('db = "elsewhere.db"')
    settings = load_settings(environ={"VLMINGEST_CONFIG": str(path)})
    assert settings.db.name == "elsewhere.db"
    assert settings.data_path.name == "elsewhere.db.data"


def test_a_data_folder_can_be_named(tmp_path):
    assert load_settings(environ={"VLMINGEST_DATA_DIR": str(tmp_path)}).data_path == tmp_path


@pytest.mark.parametrize(
    ("file", "environ", "message"),
    [
        ("min_interval = 3", {}, "expected one of"),
        ('llm_api_key = "secret-value"', {}, "set it in the environment"),
        ("not toml", {}, "a TOML file"),
        ("", {"VLMINGEST_RETRIES": "many"}, "a number"),
        ("", {"VLMINGEST_TIMEOUT_S": "-1"}, "0 or more"),
        ("", {"VLMINGEST_TIMEOUT_S": "nan"}, "0 or more"),
        ("", {"VLMINGEST_ARXIV_API_URL": "ftp://x"}, "http"),
    ],
)
def test_an_impossible_setting_says_what_is_expected(tmp_path, file, environ, message):
    (tmp_path / "vlmingest.toml").write_text(file)
    with pytest.raises(SettingError, match=message) as caught:
        load_settings(environ=environ, folder=tmp_path)
    assert "secret-value" not in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://export.arxiv.org/api/query", 3.0),
        ("https://arxiv.org/pdf/2304.08485", 3.0),
        ("https://ARXIV.org:443/x", 3.0),
        ("http://127.0.0.1:8000/api", 0.1),
        ("https://notarxiv.org/", 0.1),
        ("https://arxiv.org.example.com/", 0.1),
    ],
)
def test_arxiv_is_never_asked_faster_than_every_three_seconds(url, expected):
    assert Settings(min_interval_s=0.1).interval_for(url) == expected


def test_a_longer_interval_holds_for_arxiv_too():
    assert Settings(min_interval_s=10).interval_for("https://arxiv.org/") == 10


def test_the_second_reader_needs_a_server_and_a_model():
    assert not Settings().llm_enabled
    assert not Settings(llm_model="m").llm_enabled
    assert Settings(llm_model="m", llm_base_url="http://127.0.0.1:1").llm_enabled


def test_secrets_do_not_show_in_a_printed_setting():
    assert "hush" not in repr(load_settings(environ={"VLMINGEST_LLM_API_KEY": "hush"}))
