"""`serve`: the review queue in the browser."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from vlmingest.commands.common import open_store, settings_of
from vlmingest.commands.review import user_name


@click.command(epilog="Example: vlmingest serve --port 8000")
@click.option("--db", type=click.Path(path_type=Path), default=None, help="The database (setting VLMINGEST_DB).")
@click.option("--host", default="127.0.0.1", help="Beyond loopback a key is needed, which the address printed holds.")
@click.option("--port", type=click.IntRange(0, 65535), default=8717, help="0 takes a free port.")
@click.option("--read-only", is_flag=True, help="Look, change nothing.")
@click.option("--by", default=None, help="Who decides; default: your user name.")
def serve(db: Path | None, host: str, port: int, read_only: bool, by: str | None) -> None:
    """Review in the browser: the question, the sentence on its page, one key per verdict. Ctrl-C ends it."""
    import socket

    import uvicorn

    from vlmingest.review.guard import is_loopback
    from vlmingest.review.web import review_app

    settings = settings_of(db)
    open_store(db).close()  # a missing or broken database is said now, not in the browser
    key = "" if is_loopback(host) else secrets.token_urlsafe(24)
    listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    number = listener.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Review {settings.db} at http://{shown}:{number}/{f'?key={key}' if key else ''}")
    if key:
        click.echo("Everyone who has this address can decide; it is not encrypted. Use it in networks that you trust.")
    app = review_app(settings, host=host, key=key, by=by or user_name(), read_only=read_only)
    uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)).run([listener])
