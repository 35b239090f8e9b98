"""The queue in the browser: `vlmingest serve`. On loopback, guarded (see `guard`), and usable without JavaScript.

Each request opens the database for itself, so that a nightly run and several reviewers get along.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any, cast, get_args
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from vlmingest import figures
from vlmingest.catalogue.site.layout import load_asset
from vlmingest.document import Document
from vlmingest.errors import InvalidVerdictError, LockedDatabaseError, UnknownItemError, VlmIngestError
from vlmingest.pipeline import settle_paper
from vlmingest.records import Action, Evidence, FieldName, Reason, ReviewItem
from vlmingest.review import web_pages
from vlmingest.review.guard import Guard, Tokens, form_of
from vlmingest.review.queue import decide, show_item, undo
from vlmingest.settings import Settings
from vlmingest.store import Store
from vlmingest.workshop import Workshop

_AROUND = 70.0  # points of the page shown above and below a quote
_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@cache
def load_own_asset(name: str) -> bytes:
    """A style sheet or script of the review app."""
    return (resources.files("vlmingest.review") / "assets" / name).read_bytes()


class Review:
    """The app's requests; `by` signs verdicts. Synchronous work runs in threads."""

    def __init__(self, settings: Settings, *, by: str, read_only: bool) -> None:
        self.settings = settings
        self.by = by
        self.read_only = read_only
        self.tokens = Tokens()
        self._drawing = threading.Lock()  # one child process at a time draws pages

    # --- looking ---------------------------------------------------------------------------------------------

    def queue(self, request: Request) -> Response:
        """The list of questions."""
        given = request.query_params
        chosen = {name: given.get(name, "").strip()[:200] for name in web_pages.FILTERS}
        number = max(1, int(text)) if (text := given.get("page", "1")).isdecimal() and len(text) < 7 else 1
        start = (number - 1) * web_pages.PER_PAGE
        with self._open() as store:
            items = _items(store, chosen, start + web_pages.PER_PAGE + 1)[start:]
            frame = self._frame(request, store)
        choices = {"reason": [reason.value for reason in Reason], "field": [field.value for field in FieldName]}
        return _html(web_pages.queue_page(frame, items, chosen, choices, number))

    def item(self, request: Request) -> Response:
        """One question."""
        with self._open() as store:
            shown = show_item(store, request.path_params["item"])
            document = store.document(shown.item.paper)
            clips = [_clip(document, proof, shown.item.paper) for proof in shown.item.evidence]
            asks_figure = shown.item.field is FieldName.FIGURE and document is not None
            frame = self._frame(request, store)
        picture = f"/figure/{shown.item.id}.png" if asks_figure else None
        return _html(web_pages.item_page(frame, shown, clips, picture, _chosen(request.query_params)))

    def paper(self, request: Request) -> Response:
        """One paper."""
        paper = request.path_params["paper"]
        with self._open() as store:
            record = store.record(paper)
            if record is None:
                raise UnknownItemError("paper", paper)
            frame = self._frame(request, store)
            body = web_pages.paper_page(frame, record, store.review_items(paper=paper), store.verdicts(paper))
        return _html(body)

    def page_image(self, request: Request) -> Response:
        """A page of a paper, as PNG."""
        with self._drawing, self._open() as store:
            path = figures.page_image(self.settings, store, request.path_params["paper"], request.path_params["page"])
        return _picture(path.read_bytes())

    def figure(self, request: Request) -> Response:
        """What a question about the figure means, as PNG."""
        with self._drawing, self._open() as store:
            item = store.review_item(request.path_params["item"])
            row = figures.for_review(self.settings, store, item)
        if row is None or row.path is None:
            raise UnknownItemError("figure of", item.paper)
        return _picture(row.path.read_bytes())

    def asset(self, request: Request) -> Response:
        """Style sheets and scripts."""
        name = request.path_params["name"]
        if name not in ("icon.svg", "style.css", "theme.js", "review.css", "review.js"):
            return PlainTextResponse("no such file\n", 404)
        data = load_own_asset(name) if name.startswith("review") else load_asset(name)
        return Response(data, media_type=_TYPES[name.rsplit(".", 1)[1]])

    def health(self, request: Request) -> Response:
        """For a monitor: does the database answer?"""
        del request
        with self._open() as store:
            return JSONResponse({"status": "ok", "open": store.open_item_count(), "read_only": self.read_only})

    # --- deciding --------------------------------------------------------------------------------------------

    async def answer(self, request: Request) -> Response:
        """A verdict; then the next question of the same filter."""
        return await self._change(request, self._answer)

    async def take_back(self, request: Request) -> Response:
        """Undo the last verdict of this reviewer."""
        return await self._change(request, self._undo)

    async def _change(self, request: Request, work: Callable[[Request, dict[str, str]], Response]) -> Response:
        form = await form_of(request)
        if self.read_only or form is None or not self.tokens.allows(request, form):
            return PlainTextResponse("not from a page of this app: go back, load it again and repeat\n", 403)
        return await run_in_threadpool(work, request, form)

    def _answer(self, request: Request, form: dict[str, str]) -> Response:
        item, action, value = request.path_params["item"], form.get("action", ""), form.get("value", "").strip()
        if action not in get_args(Action):
            raise InvalidVerdictError("queue", action, "accept, reject, defer or correct")
        if action == "correct" and not value:
            raise InvalidVerdictError("queue", "nothing", "the right value, written beside the button")
        with Workshop(self.settings, self._open(read_only=False)) as shop:
            decide(
                shop.store, item, cast("Action", action), lambda one: settle_paper(shop, one),
                value=value if action == "correct" else None, by=self.by, note=form.get("note", "")[:2000],
            )  # fmt: skip
            chosen = _chosen(form)
            following = [one for one in _items(shop.store, chosen, 2) if one.id != item]
        address = f"/item/{following[0].id}" if following else "/"
        kept = "&".join(f"{name}={quote(text, safe='')}" for name, text in chosen.items() if text)
        return RedirectResponse(f"{address}?{kept}" if kept else address, 303)

    def _undo(self, request: Request, form: dict[str, str]) -> Response:
        del request, form
        with Workshop(self.settings, self._open(read_only=False)) as shop:
            verdict = undo(shop.store, lambda one: settle_paper(shop, one), by=self.by)
        return RedirectResponse(f"/paper/{quote(verdict.paper, safe='')}", 303)

    # --- the rest --------------------------------------------------------------------------------------------

    def _open(self, *, read_only: bool = True) -> Store:
        return Store.open(self.settings.db, read_only=read_only)

    def _frame(self, request: Request, store: Store) -> web_pages.Frame:
        return web_pages.Frame(self.tokens.of(request.state.session), self.read_only, store.open_item_count())

    def fault(self, request: Request, error: Exception) -> Response:
        """A named error in words; its class chooses the status."""
        status = {UnknownItemError: 404, InvalidVerdictError: 422, LockedDatabaseError: 503}.get(type(error), 500)
        frame = web_pages.Frame(self.tokens.of(request.state.session), self.read_only, 0)
        return _html(web_pages.message_page(frame, "That did not work", str(error)), status)


def review_app(
    settings: Settings, *, host: str = "127.0.0.1", key: str = "", by: str = "", read_only: bool = False
) -> Starlette:
    """The app. `key` must be shown once by browsers of other machines; empty: none is asked for (loopback)."""
    app = Review(settings, by=by or "web", read_only=read_only)
    routes = [
        Route("/", app.queue),
        Route("/item/{item:str}", app.item, methods=["GET"]),
        Route("/paper/{paper:path}", app.paper),
        Route("/page/{paper:path}/{page:int}.png", app.page_image),
        Route("/figure/{item:str}.png", app.figure),
        Route("/assets/{name:str}", app.asset),
        Route("/health", app.health),
    ]
    if not read_only:
        routes += [
            Route("/item/{item:str}", app.answer, methods=["POST"]),
            Route("/undo", app.take_back, methods=["POST"]),
        ]
    handlers: Any = {VlmIngestError: app.fault}
    return Starlette(routes=routes, middleware=[Middleware(Guard, host=host, key=key)], exception_handlers=handlers)


def _html(data: bytes, status: int = 200) -> Response:
    return Response(data, status, media_type="text/html; charset=utf-8")


def _picture(data: bytes) -> Response:
    return Response(data, media_type="image/png")


def _chosen(given: Any) -> dict[str, str]:
    return {name: str(given.get(name, "")).strip()[:200] for name in web_pages.FILTERS}


def _items(store: Store, chosen: dict[str, str], limit: int) -> list[ReviewItem]:
    return store.review_items(
        paper=chosen["paper"] or None, reason=chosen["reason"] or None, field=chosen["field"] or None, limit=limit
    )


def _clip(document: Document | None, proof: Evidence, paper: str) -> web_pages.Clip | None:
    """The stretch of the page in which a quote stands; None where the format has no pages."""
    if document is None or document.source != "pdf" or proof.source != "pdf":
        return None
    hits = document.boxes_at(proof.start, proof.end)
    on = [hit.box for hit in hits if hit.page == hits[0].page]
    if not on or not 1 <= hits[0].page <= len(document.pages):
        return None
    sheet = document.pages[hits[0].page - 1]
    top = max(min(box[1] for box in on) - _AROUND, 0.0)
    bottom = min(max(box[3] for box in on) + _AROUND, sheet.height)
    image = f"/page/{quote(paper, safe='')}/{hits[0].page}.png"
    return web_pages.Clip(image, sheet.width, sheet.height, top, bottom, tuple(on))
