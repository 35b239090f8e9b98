"""Training stages: one candidate per stage with its order, name, parts trained and frozen, data and numbers.

Prose, lists, headings and tables are read into one `Plan` (how many stages, under which names the text speaks of them),
then every sentence and every table column about training is given to the stage it speaks of and weighed in that stage's
`Account`. A candidate's evidence is what names the stage, then what proves its freeze map, then its learning rate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from pydantic import JsonValue

from vlmingest.document import Span
from vlmingest.extract import stages_marks as marks
from vlmingest.extract.stages_account import GENERAL_WEIGHT, LIST_WEIGHT, TITLE_WEIGHT, Account
from vlmingest.extract.stages_assign import Piece, assign
from vlmingest.extract.stages_columns import Column
from vlmingest.extract.stages_counts import leave_outer_numbers
from vlmingest.extract.stages_data import StageData
from vlmingest.extract.stages_freeze import ORDER, Freeze, is_doubtful, read_title, speaks_of_all
from vlmingest.extract.stages_mentions import slot_of
from vlmingest.extract.stages_models import read_model_rows
from vlmingest.extract.stages_names import FreezeReader
from vlmingest.extract.stages_numbers import numbers
from vlmingest.extract.stages_passage import Slot
from vlmingest.extract.stages_plan import Plan, make_plan, name_from_header
from vlmingest.extract.stages_sentences import passages
from vlmingest.extract.stages_tables import StageTable, read_tables
from vlmingest.extract.stages_votes import FreezeVotes, has_part_beside, model_parts, reads_regions
from vlmingest.extract.view import PaperView
from vlmingest.extract.voice import Voice, voice
from vlmingest.records import Candidate, Component, Evidence, FieldName

_RULE = "training.stage.plan.v1"
_LEAST = 0.4  # a vote under it is that of a doubtful sentence or of one on a trial alone
_NEAR = 200  # letters behind what is said of the whole training, in which more is said of it
_VOICE = {Voice.OWN: 1.2, Voice.OPEN: 1.0, Voice.OTHER: 0.2}


def read_stages(view: PaperView) -> Iterator[Candidate]:
    """One candidate per training stage, in order, with what the paper says about it."""
    sentences = passages(view)
    leave_outer_numbers(sentences)
    tables = [*read_tables(view), *read_model_rows(view)]
    staged = max((table.columns for table in tables if table.staged), key=len, default=[])
    plan = make_plan(sentences, [column.header for column in staged])
    told, general = assign(sentences, plan.slots)
    parts = model_parts(view)
    reader, data = FreezeReader(view), StageData(view)
    whose = partial(_factor, view)
    accounts = [Account(slot, parts) for slot in plan.slots]
    for account in accounts:
        account.hear_freeze(read_title(account.slot.name), TITLE_WEIGHT, None)
        for piece in told[account.slot.order]:
            names = list(data.names(piece))
            if not (piece.may_freeze or piece.may_set or names):
                continue
            account.hear(piece, reader, whose)
            if names and whose(piece) >= 1.0:
                account.hear_data(names)
    for table in tables:
        _take_table(table, accounts)
    for piece in general:
        if piece.zone == "training" and "rate" in piece.text:
            rates = [number.value for number in numbers(piece.text) if number.kind == "learning_rate"]
            for account in accounts if rates else ():
                account.hear_rates(rates, piece.place, whose(piece))
    _share_rate(accounts)
    maps = _freeze_maps(accounts, _general_votes(view, general, parts, reader), has_part_beside(view))
    for account, (trainable, frozen) in zip(accounts, maps, strict=True):
        pieces = told[account.slot.order]
        place = account.slot.place or plan.place or (pieces[0].place if pieces else None)
        evidence = tuple(_evidence(view, account, place))
        if evidence:  # else nothing in the text proves it
            yield _candidate(plan, account, trainable, frozen, evidence)


def _candidate(
    plan: Plan,
    account: Account,
    trainable: Sequence[Component],
    frozen: Sequence[Component],
    evidence: tuple[Evidence, ...],
) -> Candidate:
    slot = account.slot
    name = slot.name if marks.is_name(slot.name) else f"Stage {slot.order}"
    attributes: dict[str, JsonValue] = {"order": slot.order, "name": name}
    attributes.update(account.settings())
    attributes["trainable"] = list(trainable)
    attributes["frozen"] = list(frozen)
    return Candidate(
        field=FieldName.STAGE,
        value=f"{slot.order}: {attributes['name']}",
        attributes=attributes,
        evidence=evidence,
        reader=f"rule:{_RULE}",
        confidence=round(plan.support, 3),
        features=plan.features,
    )


def _evidence(view: PaperView, account: Account, place: tuple[int, int] | None) -> Iterator[Evidence]:
    """The stage's own quote, then those of its freeze map and its learning rate, each quote once."""
    seen: set[str] = set()
    proofs = (
        (place, _RULE),
        (account.votes.place, "training.stage.freeze_map.v1"),
        (account.place_of("learning_rate"), "training.stage.learning_rate.v1"),
    )
    for where, rule in proofs:
        if where is None:
            continue
        evidence = view.evidence(where[0], where[1], rule)
        if evidence.quote and evidence.quote not in seen:
            seen.add(evidence.quote)
            yield evidence


def _factor(view: PaperView, piece: Piece) -> float:
    sentence = view.sentence_at(piece.place.start)
    return _VOICE[voice(view, sentence)] if sentence is not None else 1.0


def _take_table(table: StageTable, accounts: Sequence[Account]) -> None:
    """Give each column to the stage its marks name; by order where none is named and the numbers agree."""
    slots = [account.slot for account in accounts]
    if not table.staged and len(slots) > 1 and _name_columns(slots, table.loose):
        for account, column in zip(accounts, table.loose, strict=True):
            account.take(column)
        return
    if not table.staged:
        column = table.columns[0]
        owned = {id(slot): slot for mark in column.marks if (slot := slot_of(slots, mark)) is not None}
        named = next(iter(owned.values())) if len(owned) == 1 else None
        for account in accounts:
            if account.slot is named:
                account.take(column, LIST_WEIGHT)
            elif named is None:
                known = len(accounts) == 1 and not column.marks
                account.take(column, LIST_WEIGHT if known else GENERAL_WEIGHT)
        return
    owners = [_first_slot(slots, column.marks) for column in table.columns]
    distinct = len({id(owner) for owner in owners if owner is not None})
    if distinct < min(
        len(slots), len(owners)
    ):  # "Stage 1 | Stage 1.5 | Stage 2" of three, or three of one kind: in order
        owners = [*slots, *(None for _ in owners[len(slots) :])][: len(owners)]
    for column, owner in zip(table.columns, owners, strict=True):
        for account in accounts:
            if account.slot is owner:
                account.take(column)
                name_from_header(account.slot, column.header)


def _name_columns(slots: Sequence[Slot], columns: Sequence[Column]) -> bool:
    """Are as many columns as stages headed by words of the stages' own names, in their order ("Visual Tokenizer | Foo-VL")?"""
    if len(columns) != len(slots):
        return False
    names = [_words(slot.name) for slot in slots]
    found = [[order for order, name in enumerate(names) if _words(column.header) & name] for column in columns]
    return any(found) and all(order in told or not told for order, told in enumerate(found))


def _words(name: str) -> set[str]:
    return {word for word in re.findall(r"[a-z]{4,}", name.lower()) if word not in _EMPTY}


_EMPTY = frozenset({"training", "stage", "phase", "step", "model", "with"})


def _first_slot(slots: Sequence[Slot], found: Sequence[marks.Mark]) -> Slot | None:
    return next((slot for mark in found if (slot := slot_of(slots, mark)) is not None), None)


def _general_votes(
    view: PaperView, general: Sequence[Piece], parts: frozenset[Component], reader: FreezeReader
) -> FreezeVotes:
    """What the paper says of its training without naming a stage."""
    votes = FreezeVotes(parts)
    last = -_NEAR
    captions = [figure.caption_span for figure in view.document.figures if figure.caption_span is not None]
    for piece in general:
        if not piece.may_freeze or (
            piece.zone == "caption" and not any(_holds(span, piece.place) for span in captions)
        ):
            continue
        of_all = speaks_of_all(piece.text)
        if not of_all and piece.place.start - last > _NEAR:
            continue
        said = reader.read(piece.text)
        if not said or is_doubtful(piece.text):
            continue
        plain = of_all and (said.frozen or said.everything or said.only or said.by_adapters)
        if plain or (piece.place.start - last <= _NEAR and said.trainable):  # "The encoder is frozen. We tune the LLM."
            votes.add(said, GENERAL_WEIGHT * _factor(view, piece), piece.place)
            last = piece.place.end
    if view.once(reads_regions) and "vision_encoder" not in votes.named:
        votes.add(Freeze(frozen={"vision_encoder"}), GENERAL_WEIGHT, None)
    return votes


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start < outer.end


def _share_rate(accounts: Sequence[Account]) -> None:
    """The one learning rate that the paper tells, and not of a stage by its name, is that of every stage."""
    for account in accounts:
        like = next((other for other in accounts if str(other.slot.order) == account.same_rate), None)
        place = like.place_of("learning_rate") if like is not None and like is not account else None
        if like is not None and place is not None:
            account.hear_common_rate(like.rate, place)
    rates = {account.rate for account in accounts if account.rate}
    places = [place for account in accounts for place in account.unmarked_rates]
    if len(rates) == 1 and places:
        for account in accounts:
            account.hear_common_rate(next(iter(rates)), places[0])


_Map = tuple[tuple[Component, ...], tuple[Component, ...]]


def _as_before(account: Account, accounts: Sequence[Account], maps: Sequence[_Map]) -> _Map | None:
    """The map of an earlier stage that also holds for one of which nothing is said; None where none does."""
    if account.votes.best >= _LEAST or not maps:
        return None
    like = int(account.same_parts) if account.same_parts.isdigit() else 0
    if 0 < like <= len(maps):
        return maps[like - 1]
    if len(account.votes.parts) > 1 and account.votes.parts <= set(maps[-1][0]):
        return maps[-1]  # nobody freezes without a word what the stage before trained
    if account.slot.classes == {"align"} and "align" in accounts[len(maps) - 1].slot.classes:
        return maps[-1]  # "for alignment we train ..." is of each of the stages of alignment
    return None


def _freeze_maps(accounts: Sequence[Account], general: FreezeVotes, has_beside: bool) -> list[_Map]:
    """(trained, frozen) per stage, in order.

    "We unfreeze X" adds X to what the stage before trained. A stage of which nothing is said trains what the paper says
    of its training as a whole, and else all parts of the model. A further part ("other": an audio encoder, say) that some
    stage trains is trained wherever the whole model is.
    """
    maps: list[_Map] = []
    beside = has_beside or any(account.votes.score("other") > 0 and not account.has_adapters for account in accounts)
    kept_beside = any(account.votes.score("other") < 0 and "other" in account.votes.kept for account in accounts)
    several = len(accounts) > 1
    named_parts = {part for account in accounts for part in account.votes.named if part != "other"}
    adapted = False
    for account in accounts:
        votes = account.votes
        if (copied := _as_before(account, accounts, maps)) is not None:
            maps.append(copied)
            continue
        if account.adds and maps:
            as_before = Freeze(set(maps[-1][0]), set() if votes.everything else set(maps[-1][1]) - votes.named)
            votes.add(as_before, votes.best / 2, None)
        silent = votes.best < _LEAST
        if silent:
            votes.forget()
            votes.take(general)
            if maps and account.slot.classes & {"sft"} and general.trains_only_new:
                # "only the projector is new and trained" is said of the first stage: tuning goes to the LLM
                votes.add(Freeze(trainable={"connector", "language_model"}), 1.0, None)
        else:
            votes.defer(general)
        trained, frozen = votes.settled()
        if votes.adapts_frozen(general):
            trained = tuple(part for part in ORDER if part == "other" or (part in trained and part != "language_model"))
            frozen = tuple(part for part in ORDER if part == "language_model" or part in frozen)
        if adapted and not silent and not votes.named & {"language_model", "other"} and not votes.plain:
            # nobody says again that the LLM is frozen but for its low-rank weights
            trained = tuple(part for part in ORDER if part == "other" or (part in trained and part != "language_model"))
            frozen = tuple(part for part in ORDER if part == "language_model" or part in frozen)
        adapted = account.has_adapters and "other" in trained and "language_model" in frozen
        if votes.everything:  # a part that only other stages name is one of the model's, too
            silent_on = {part for part in named_parts - set(frozen) if not votes.score(part)}
            trained = tuple(part for part in ORDER if part in trained or part in silent_on)
        both = {"vision_encoder", "language_model"} <= set(trained)
        before = "vision_encoder" in trained and "language_model" in votes.kept and not votes.plain
        goes_on = bool(maps) and "connector" in maps[-1][0] and "language_model" in trained and not votes.plain
        # the only stage there is: no other one could have trained the projector
        goes_on |= "language_model" in trained and not (several or votes.plain or account.is_of_rewards)
        if account.is_of_rewards and votes.by_adapters and not votes.by_itself:
            goes_on = False  # the model is there and stays as it is, beside low-rank weights that steer it
        before |= goes_on
        if (both or (before and "connector" not in votes.named)) and "connector" in votes.parts - votes.kept:
            # nobody freezes the projector behind an encoder that is trained, and few name it
            trained = tuple(part for part in ORDER if part in trained or part == "connector")
            frozen = tuple(part for part in frozen if part != "connector")
        if not trained and not frozen:
            trained = tuple(part for part in ORDER if part in votes.parts)
        elif maps and votes.named and votes.named == votes.kept and set(maps[-1][1]) == set(votes.kept):
            trained = maps[-1][0]  # "the encoder and the LLM are still frozen"
        elif not trained and votes.parts <= set(frozen) and "connector" in votes.parts:
            trained = ("connector",)  # a stage trains something, and this is what is new
        listed = (
            votes.parts <= votes.named and not votes.everything
        )  # "the encoder, the projector and the LLM are trained"
        whole = (votes.everything or (votes.parts <= set(trained) and not listed)) and "other" not in frozen
        # new weights beside a frozen LLM stay in the model, whatever they are
        # ... and so does a part that another stage names as frozen: "the encoder and the text decoder are frozen"
        beside_now = (
            beside
            or (kept_beside and votes.everything)
            or any("other" in was and "language_model" in kept for was, kept in maps)
        )
        # what stands beside the model is added later, where nobody says what is trained first
        added_later = several and silent and not general and not maps
        if beside_now and whole and trained and (has_beside or several) and not added_later:
            trained = tuple(part for part in ORDER if part in trained or part == "other")
        if beside and has_beside and votes.rest_kept and "other" not in (*trained, *frozen):
            frozen = (*frozen, "other")  # "the other modules are frozen": the audio encoder, too
        maps.append((trained, tuple(part for part in frozen if part not in trained)))
    return maps
