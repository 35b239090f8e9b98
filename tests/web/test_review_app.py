"""The review app: every answer is a verdict, nothing of a stranger gets in, nothing that a paper says becomes markup."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
import uvicorn
from click.testing import CliRunner
from starlette.testclient import TestClient

from vlmingest import read_document
from vlmingest.commands.serve import serve
from vlmingest.fetch import ContentStore
from vlmingest.pipeline import settle_paper
from vlmingest.records import Candidate, Evidence, FieldName, PaperMetadata, Relevance, ReviewItem
from vlmingest.resources import package_folder
from vlmingest.review.guard import HEADERS, MAX_FORM_BYTES, is_loopback
from vlmingest.review.web import review_app
from vlmingest.settings import Settings
from vlmingest.store import Store
from vlmingest.workshop import Workshop

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAPER = "2506.90001"
EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
LOCAL = "http://127.0.0.1:8717"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A database with one sample paper and questions about its encoder, figure and name; one value means harm."""
    settings = Settings(db=tmp_path / "v.db", workers=1)
    data = package_folder("sample", "pdf").joinpath(f"{PAPER}v1.pdf").read_bytes()
    document = read_document(data, media_type="application/pdf")
    sha = ContentStore(settings.data_path / "content").put(data)
    start = document.text.index("CLIP")
    proof = Evidence(
        quote=document.text[start : start + 40], page=document.page_at(start), section=EVIL, start=start, end=start + 40,
        reader="rule:x.v1",
    )  # fmt: skip
    caption = document.figures[0]
    candidates = [
        Candidate(field=FieldName.VISION_ENCODER, value=value, confidence=sure, evidence=(proof,), reader="rule:x.v1")
        for value, sure in (("CLIP ViT-L/14", 0.5), (EVIL, 0.45))
    ]
    candidates.append(
        Candidate(
            field=FieldName.FIGURE,
            value=caption.number,
            confidence=0.5,
            evidence=(proof,),
            reader="rule:x.v1",
            attributes={"number": caption.number, "page": caption.page, "caption": EVIL},
        )
    )
    with Workshop(settings, Store.open(settings.db, create=True)) as shop:
        store = shop.store
        store.save_paper(PaperMetadata(id=PAPER, arxiv_id=PAPER, title=EVIL, published="2025-06-02"))
        store.record_stage(PAPER, 1, "fetch", "in", "", output_hash=sha)
        store.save_document(PAPER, 1, document)
        store.record_stage(PAPER, 1, "read", sha, "code", output_hash="out")
        store.replace_candidates(PAPER, 1, "rules", candidates)
        store.save_extraction(PAPER, 1, Relevance(label="model", score=1), [])
        store.record_stage(PAPER, 1, "extract", "in", "code", output_hash="out")
        settle_paper(shop, PAPER)
    return settings


def client(settings: Settings, **options: object) -> TestClient:
    return TestClient(
        review_app(settings, by="ann", **options), base_url=LOCAL, follow_redirects=False, raise_server_exceptions=False
    )  # type: ignore[arg-type]


def question(
    settings: Settings, field: FieldName = FieldName.VISION_ENCODER, value: str = "CLIP ViT-L/14"
) -> ReviewItem:
    with Store.open(settings.db, read_only=True) as store:
        return next(item for item in store.review_items() if item.field is field and (item.value == value or not value))


def token(app: TestClient, path: str = "/") -> str:
    found = re.search(r'name="token" value="([0-9a-f]{64})"', app.get(path).text)
    assert found is not None
    return found[1]


def verdicts(settings: Settings) -> list[tuple[str, object, str, bool]]:
    with Store.open(settings.db, read_only=True) as store:
        return [(one.action, one.value, one.by, one.undone) for one in store.verdicts(PAPER)]


def test_queue_shows_questions_and_filters_them(settings: Settings) -> None:
    app = client(settings)
    everything = app.get("/")
    assert everything.status_code == 200
    assert "CLIP ViT-L/14" in everything.text
    only = app.get("/", params={"field": "architecture.figure"}).text
    assert "CLIP ViT-L/14" not in only
    assert "Nothing waits for you here" in app.get("/", params={"paper": "nobody"}).text
    assert app.get("/", params={"page": "zzz"}).status_code == 200
    assert "Before" in app.get("/", params={"page": "2"}).text


def test_a_question_shows_the_quote_on_its_page(settings: Settings) -> None:
    app, item = client(settings), question(settings)
    text = app.get(f"/item/{item.id}").text
    assert "<mark>CLIP" in text
    assert '<rect x="' in text
    address = re.search(r'<image href="([^"]+)"', text)
    assert address is not None
    picture = app.get(address[1])
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    assert app.get(address[1]).content == picture.content
    assert app.get(f"/page/{PAPER}/99.png").status_code == 404


def test_a_question_about_the_figure_shows_it(settings: Settings) -> None:
    app, item = client(settings), question(settings, FieldName.FIGURE, "")
    assert f'src="/figure/{item.id}.png"' in app.get(f"/item/{item.id}").text
    assert app.get(f"/figure/{item.id}.png").content.startswith(b"\x89PNG")
    assert app.get(f"/figure/{question(settings).id}.png").status_code == 404


def test_accept_is_a_verdict_and_leads_to_the_next_question(settings: Settings) -> None:
    app, item = client(settings), question(settings)
    form = {"token": token(app), "action": "accept", "note": "as table 1 says", "field": "architecture.vision_encoder"}
    answer = app.post(f"/item/{item.id}", data=form)
    assert answer.status_code == 303
    assert re.fullmatch(r"/item/[0-9a-f]+\?field=architecture\.vision_encoder", answer.headers["location"])
    assert verdicts(settings) == [("accept", "CLIP ViT-L/14", "ann", False)]
    with Store.open(settings.db, read_only=True) as store:
        record = store.record(PAPER)
        assert record is not None
        assert record.architecture.vision_encoders[0].status == "accepted"
    page = app.get(f"/paper/{PAPER}").text
    assert "accepted by a reviewer" in page
    assert "as table 1 says" in page


def test_correct_needs_a_value_and_undo_takes_it_back(settings: Settings) -> None:
    app, item = client(settings), question(settings)
    form = {"token": token(app), "action": "correct"}
    refused = app.post(f"/item/{item.id}", data={**form, "value": " "})
    assert refused.status_code == 422
    assert "right value" in refused.text
    assert app.post(f"/item/{item.id}", data={**form, "action": "explode"}).status_code == 422
    assert app.post(f"/item/{item.id}", data={**form, "value": "SigLIP"}).status_code == 303
    assert verdicts(settings) == [("correct", "SigLIP", "ann", False)]
    assert app.post("/undo", data={"token": form["token"]}).headers["location"] == f"/paper/{PAPER}"
    assert verdicts(settings) == [("correct", "SigLIP", "ann", True)]
    assert "undone correct" in app.get(f"/paper/{PAPER}").text
    assert app.post("/undo", data={"token": form["token"]}).status_code == 404


def test_the_last_question_leads_back_to_the_queue(settings: Settings) -> None:
    app, item = client(settings), question(settings, FieldName.FIGURE, "")
    answer = app.post(
        f"/item/{item.id}", data={"token": token(app), "action": "reject", "field": "architecture.figure"}
    )
    assert answer.headers["location"] == "/?field=architecture.figure"


@pytest.mark.parametrize(
    ("headers", "form"),
    [
        ({}, {}),
        ({}, {"token": "0" * 64}),
        ({}, {"token": "\u00e9" * 64}),
        ({"origin": "null"}, None),
        ({"origin": "http://[bad"}, None),
        ({"origin": "https://evil.example"}, None),
        ({"sec-fetch-site": "cross-site"}, None),
        ({"content-type": "text/plain"}, None),
    ],
)
def test_a_form_of_another_site_changes_nothing(
    settings: Settings, headers: dict[str, str], form: dict[str, str] | None
) -> None:
    app, item = client(settings), question(settings)
    data = {"action": "accept", **({"token": token(app)} if form is None else form)}
    assert app.post(f"/item/{item.id}", data=data, headers=headers).status_code == 403
    assert verdicts(settings) == []


def test_a_token_holds_for_one_browser_only(settings: Settings) -> None:
    app, item = client(settings), question(settings)
    stolen = token(app)
    app.cookies.clear()
    assert app.post(f"/item/{item.id}", data={"action": "accept", "token": stolen}).status_code == 403


def test_long_and_broken_forms_are_refused(settings: Settings) -> None:
    app, item = client(settings), question(settings)
    kind = {"content-type": "application/x-www-form-urlencoded"}
    for body in (b"a=" + b"x" * MAX_FORM_BYTES, b"\xff\xfe=1", b"&".join(b"a=1" for _ in range(60))):
        assert app.post(f"/item/{item.id}", content=body, headers=kind).status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[bad"])
def test_names_of_strangers_are_refused(settings: Settings, host: str) -> None:
    assert client(settings).get("/", headers={"host": host}).status_code in (400, 421)


@pytest.mark.parametrize("host", ["localhost:9", "127.0.0.1", "[::1]:9"])
def test_names_of_this_machine_are_known(settings: Settings, host: str) -> None:
    assert client(settings).get("/health", headers={"host": host}).json() == {
        "status": "ok", "open": client(settings).get("/health").json()["open"], "read_only": False
    }  # fmt: skip


def test_beyond_loopback_a_key_is_needed(settings: Settings) -> None:
    app = client(settings, host="192.0.2.7", key="secret")
    at = {"host": "192.0.2.7:8717"}
    assert app.get("/", headers=at).status_code == 403
    assert app.get("/?key=wrong", headers=at).status_code == 403
    welcome = app.get("/?key=secret", headers=at)
    assert welcome.status_code == 303
    cookie = welcome.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert app.get("/", headers={**at, "cookie": "vlmingest-key=secret"}).status_code == 200


def test_every_answer_has_strict_headers(settings: Settings) -> None:
    app = client(settings)
    for path in ("/", f"/item/{question(settings).id}", "/assets/style.css", "/nowhere", "/item/nothing"):
        answer = app.get(path)
        assert all(answer.headers[name] == value for name, value in HEADERS.items())
    assert "'unsafe" not in HEADERS["Content-Security-Policy"]
    session = app.get("/", headers={"cookie": ""}).headers.get("set-cookie", "HttpOnly SameSite=Strict")
    assert "HttpOnly" in session
    assert "SameSite=Strict" in session


def test_what_papers_say_stays_text(settings: Settings) -> None:
    app = client(settings)
    evil = question(settings, value=EVIL)
    for path in ("/", f"/item/{evil.id}", f"/paper/{PAPER}", "/?paper=" + EVIL, f"/item/{EVIL.replace('/', '')}"):
        text = app.get(path).text
        assert "<script>" not in text
        assert "<img src=x" not in text


def test_read_only_has_no_buttons_and_no_doors(settings: Settings) -> None:
    app, item = client(settings, read_only=True), question(settings)
    assert "<button" not in app.get(f"/item/{item.id}").text.replace('<button id="theme"', "")
    assert app.post(f"/item/{item.id}", data={"action": "accept"}).status_code == 405
    assert app.post("/undo").status_code == 404
    assert app.get("/health").json()["read_only"] is True


def test_assets_and_unknown_things(settings: Settings) -> None:
    app = client(settings)
    for name in ("style.css", "theme.js", "review.css", "review.js", "icon.svg"):
        assert app.get(f"/assets/{name}").status_code == 200
    for path in ("/assets/data.js", "/assets/..%2fweb.py", "/item/nothing", "/paper/nobody", "/page/x/1.png"):
        assert app.get(path).status_code == 404


def test_a_missing_database_is_said_before_anything_listens(settings: Settings, tmp_path: Path) -> None:
    result = CliRunner().invoke(serve, ["--db", str(tmp_path / "none.db")])
    assert "no database here yet" in str(result.exception)
    assert replace(settings, db=tmp_path / "x").db.name == "x"


@pytest.mark.parametrize(
    ("host", "inside"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("example.org", False)],
)
def test_loopback(host: str, inside: bool) -> None:
    assert is_loopback(host) is inside


@pytest.mark.parametrize(("host", "key"), [("127.0.0.1", False), ("0.0.0.0", True)])
def test_serve_says_where_and_answers_there(settings: Settings, host: str, key: bool) -> None:
    command = [sys.executable, "-m", "vlmingest", "serve", "--db", str(settings.db), "--port", "0", "--host", host]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as app:
        assert app.stdout is not None
        try:
            said = re.search(r"http://\S+", app.stdout.readline())
            assert said is not None
            address = said[0].replace("0.0.0.0", "127.0.0.1")
            assert ("?key=" in address) is key
            with httpx.Client(follow_redirects=True, timeout=20) as http:
                assert "<h1>Queue</h1>" in http.get(address).text
                assert httpx.get(address.split("?")[0]).status_code == (403 if key else 200)
        finally:
            app.terminate()
            app.wait(10)


@pytest.fixture
def served(settings: Settings) -> Iterator[str]:
    """The app on a free port of loopback."""
    server = uvicorn.Server(uvicorn.Config(review_app(settings, by="ann"), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


def test_one_key_one_verdict_in_the_browser(served: str, settings: Settings, browser: Browser) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python (group dev)")
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(served + "/?field=architecture.vision_encoder")
    page.keyboard.press("j")
    with page.expect_navigation():  # a page that stands but is not loaded yet has no keys
        page.keyboard.press("Enter")
    page.wait_for_selector(".answers")
    with page.expect_navigation():
        page.keyboard.press("a")
    with page.expect_navigation():
        page.keyboard.press("u")
    page.wait_for_load_state("networkidle")
    assert [(action, undone) for action, _, _, undone in verdicts(settings)] == [("accept", True)]
    assert said == []
    page.close()
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    for path in ("/", f"/item/{question(settings).id}", f"/paper/{PAPER}"):
        page.goto(served + path)
        found = axe.Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    context.close()
