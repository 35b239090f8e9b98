"""The replica's OAI-PMH answers (arXivRaw) and its feed of the day, in the forms of arXiv's recorded ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from urllib.parse import parse_qsl, quote, unquote
from xml.sax.saxutils import escape, quoteattr

from vlmingest.replica.corpus import Corpus, Edition

OAI_PAGE = 5  # records a page: small, so that a few sample papers already take several pages
FEED_MOST = 2_000
_OPEN = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
)


def oai_answer(corpus: Corpus, tonight: date | None, now: datetime, params: Mapping[str, str], base: str) -> bytes:
    """`/oai?verb=ListRecords...`; the token holds an offset, as arXiv's does."""
    if params.get("verb") != "ListRecords":
        return _oai(now, base, params, _error("badVerb", "Illegal or missing verb."))
    skip, told = 0, dict(params)
    if token := params.get("resumptionToken"):
        told = dict(parse_qsl(unquote(token)))
        if not told.get("skip", "").isdigit():
            return _oai(
                now, base, params, _error("badResumptionToken", "The value of the token is invalid or expired.")
            )
        skip = int(told["skip"])
    if told.get("metadataPrefix") != "arXivRaw":
        return _oai(now, base, params, _error("cannotDisseminateFormat", "Only arXivRaw is served here."))
    try:
        since = date.fromisoformat(told.get("from", "1991-01-01"))
    except ValueError:
        return _oai(now, base, params, _error("badArgument", "from is no date"))
    wanted = told.get("set", "").split(":")
    papers = [
        edition
        for edition in corpus.latest(tonight)
        if edition.announced >= since and any(_in_set(category, wanted) for category in edition.categories)
    ]
    if not papers:
        return _oai(
            now, base, params, _error("noRecordsMatch", "The combination of the values results in an empty list.")
        )
    page = papers[skip : skip + OAI_PAGE]
    records = "".join(_record(edition, corpus.history(edition.id, tonight)) for edition in page)
    if skip + OAI_PAGE < len(papers):
        fields = {"verb": "ListRecords"} | {
            name: told[name] for name in ("metadataPrefix", "from", "set") if name in told
        }
        fields["skip"] = str(skip + OAI_PAGE)
        token = quote("&".join(f"{name}={value}" for name, value in fields.items()), safe="")
        expires = now.date().isoformat() + "T23:59:59Z"
        records += f"<resumptionToken expirationDate='{expires}'>{token}</resumptionToken>\n"
    return _oai(now, base, params, f"<ListRecords>\n{records}</ListRecords>\n")


def feed_answer(corpus: Corpus, tonight: date | None, now: datetime, categories: Sequence[str], base: str) -> bytes:
    """`/atom/cs.CV+cs.CL`: the editions announced `tonight`; without a night, those of the newest announcement."""
    editions = [edition for edition in corpus.latest(tonight) if not set(categories).isdisjoint(edition.categories)]
    night = tonight or max((edition.announced for edition in editions), default=now.date())
    shown = [edition for edition in editions if edition.announced == night][:FEED_MOST]
    name = escape(f"{base}/{'+'.join(categories)}")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns:arxiv="http://arxiv.org/schemas/atom" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://www.w3.org/2005/Atom" xml:lang="en-us">\n'
        f"  <id>{name}</id>\n  <title>updates on arXiv.org</title>\n  <updated>{now.isoformat()}</updated>\n"
        + "".join(_entry(edition, night) for edition in shown)
        + "</feed>\n"
    ).encode()


def _in_set(category: str, wanted: Sequence[str]) -> bool:
    """Sets are group:archive:CATEGORY (`cs`, `cs:cs`, `cs:cs:CV`)."""
    archive, _, subject = category.partition(".")
    return wanted == [""] or list(wanted) in ([archive], [archive, archive], [archive, archive, subject])


def _oai(now: datetime, base: str, params: Mapping[str, str], body: str) -> bytes:
    told = "".join(f" {name}={quoteattr(value)}" for name, value in sorted(params.items()) if name.isidentifier())
    head = f"<responseDate>{now:%Y-%m-%dT%H:%M:%SZ}</responseDate>\n<request{told}>{escape(base)}</request>\n"
    return f"{_OPEN}{head}{body}</OAI-PMH>\n".encode()


def _error(code: str, text: str) -> str:
    return f"<error code='{code}'>{text}</error>\n"


def _record(edition: Edition, history: Sequence[Edition]) -> str:
    versions = "".join(
        f'<version version="v{item.version}"><date>{format_datetime(item.submitted.astimezone(UTC), usegmt=True)}</date>'
        + ("<size>0kb</size><source_type>I</source_type>" if item.withdrawn else "<size>900kb</size>")
        + "</version>\n"
        for item in history
    )
    facts = {
        "title": edition.title, "authors": ", ".join(edition.authors), "categories": " ".join(edition.categories),
        "comments": edition.comment, "doi": edition.doi, "journal-ref": edition.journal_ref,
        "license": edition.licence, "abstract": edition.abstract,
    }  # fmt: skip
    told = "".join(f"<{name}>{_text(value)}</{name}>\n" for name, value in facts.items() if value)
    return (
        f"<record><header><identifier>oai:arXiv.org:{edition.id}</identifier>"
        f"<datestamp>{edition.announced}</datestamp></header><metadata>"
        f'<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{edition.id}</id>\n{versions}{told}</arXivRaw>'
        "</metadata></record>\n"
    )


def _entry(edition: Edition, night: date) -> str:
    kind = "new" if edition.version == 1 else "replace"
    published = datetime.combine(night, time(0)).isoformat() + "-04:00"
    optional = {"dc:rights": edition.licence, "arxiv:DOI": edition.doi, "arxiv:journal_reference": edition.journal_ref}
    lines = [
        f"<id>oai:arXiv.org:{edition.name}</id>",
        f"<title>{_text(edition.title)}</title>",
        f"<summary>arXiv:{edition.name} Announce Type: {kind} \nAbstract: {_text(edition.abstract)}</summary>",
        *(f"<category term={quoteattr(category)}/>" for category in edition.categories),
        f"<published>{published}</published>",
        f"<arxiv:announce_type>{kind}</arxiv:announce_type>",
        *(f"<{name}>{_text(value)}</{name}>" for name, value in optional.items() if value),
        f"<dc:creator>{_text(', '.join(edition.authors))}</dc:creator>",
    ]
    return "  <entry>\n" + "".join(f"    {line}\n" for line in lines) + "  </entry>\n"


def _text(value: str) -> str:
    return escape("".join(ch for ch in value if ch >= " " or ch in "\t\n"))
