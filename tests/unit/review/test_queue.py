"""The queue: verdicts are checked, appended, outlive every re-run; nothing of a paper reaches the terminal raw."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vlmingest.document import Document
from vlmingest.errors import InvalidVerdictError, UnknownItemError
from vlmingest.records import Candidate, Evidence, FieldName, PaperMetadata, Relevance, Role
from vlmingest.review.queue import add_value, decide, show_item, undo
from vlmingest.review.terminal import listing, page, plain
from vlmingest.settle import settle
from vlmingest.store import Store

PAPER = PaperMetadata(id="2506.90001", arxiv_id="2506.90001", title="Quokka\x1b[31m [bold]VL", published="2025-06-01")
TEXT = "Vision first. We connect both with a linear layer. The baseline uses a Q-Former. The end."
CONNECTOR = FieldName.CONNECTOR


def proof(quote):
    start = TEXT.index(quote)
    return Evidence(quote=quote, page=1, start=start, end=start + len(quote), reader="rule:connector.x.v1")


LINEAR = Candidate(field=CONNECTOR, value="linear", evidence=(proof("a linear layer"),), confidence=0.6)
RIVAL = Candidate(
    field=CONNECTOR, value="q-former", evidence=(proof("a Q-Former"),), confidence=0.3, role=Role.COMPARED
)


class Desk:
    """A store with one paper, and what settles it again."""

    def __init__(self, path):
        self.store = Store.open(path, create=True)
        self.store.save_paper(PAPER)
        document = Document(source="pdf", sha256="a" * 64, reader="pdf.v1", text=TEXT, page_starts=((0, 1),))
        self.store.save_document(PAPER.id, 1, document)
        self.extract([LINEAR, RIVAL])

    def extract(self, candidates):
        self.store.replace_candidates(PAPER.id, 1, "rules", candidates)
        self.settle(PAPER.id)

    def settle(self, paper):
        relevance = Relevance(label="model", score=0.9)
        machine, human = self.store.candidates(paper), self.store.verdicts(paper)
        self.store.save_settled(paper, settle(self.store.paper(paper), relevance, machine, human, []))

    def question(self, key="linear"):
        return next(one for one in self.store.review_items() if (one.field, one.key) == (CONNECTOR, key))

    def connectors(self):
        return [(one.type, one.status) for one in self.store.record(PAPER.id).architecture.connectors]


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path / "a.db")
    yield made
    made.store.close()


def test_show_has_the_sentence_in_context_and_the_rivals(desk):
    shown = show_item(desk.store, desk.question().id)
    before, quote, after = shown.context[0]
    assert before + quote + after in TEXT
    assert quote == "a linear layer"
    assert [one.value for one in shown.rivals] == ["q-former"]


@pytest.mark.parametrize(
    ("action", "value", "expected"),
    [
        ("accept", None, [("linear", "accepted")]),
        ("correct", "mlp", [("mlp", "corrected")]),
        ("reject", None, []),
    ],
)
def test_a_verdict_survives_every_rerun_and_can_be_undone(desk, action, value, expected):
    before = desk.connectors()
    decide(desk.store, desk.question().id, action, desk.settle, value=value, by="ann")
    assert desk.connectors() == expected
    desk.extract([])
    desk.extract([LINEAR, RIVAL])
    assert desk.connectors() == expected
    assert undo(desk.store, desk.settle).undone
    assert desk.connectors() == before


def test_a_value_that_the_field_cannot_take_changes_nothing(desk):
    with pytest.raises(InvalidVerdictError, match="q-former"):
        decide(desk.store, desk.question().id, "correct", desk.settle, value="glue")
    with pytest.raises(UnknownItemError):
        add_value(desk.store, "2506.99999", CONNECTOR, "mlp", desk.settle)
    assert desk.store.verdicts(PAPER.id) == []


def test_nothing_cannot_be_accepted(desk):
    missing = [one for one in desk.store.review_items() if one.field is not None and not one.key]
    for item in missing:
        with pytest.raises(InvalidVerdictError):
            decide(desk.store, item.id, "accept", desk.settle)
    assert desk.store.verdicts(PAPER.id) == []


def test_undo_without_verdicts_says_so(desk):
    with pytest.raises(UnknownItemError):
        undo(desk.store, desk.settle)


def test_foreign_text_is_made_plain(desk):
    lines = [*page(show_item(desk.store, desk.question().id)), *listing(desk.store.review_items())]
    assert all(line.isprintable() for line in lines)
    assert plain("a\x1b]0;x\x07b\n\u202ec") == "a ]0;x b c"


STEPS = st.lists(st.sampled_from(["empty", "linear", "both", "settle"]), max_size=5)


@settings(deadline=None, max_examples=12)
@given(steps=STEPS, value=st.sampled_from(["mlp", "resampler", "none"]))
def test_no_sequence_of_reruns_changes_a_human_value(tmp_path_factory, steps, value):
    made = Desk(tmp_path_factory.mktemp("desk") / "a.db")
    try:
        decide(made.store, made.question().id, "correct", made.settle, value=value, by="ann")
        layers = {"empty": [], "linear": [LINEAR], "both": [LINEAR, RIVAL]}
        for step in steps:
            if step == "settle":
                made.settle(PAPER.id)
            else:
                made.extract(layers[step])
            assert made.connectors() == [(value, "corrected")]
    finally:
        made.store.close()
