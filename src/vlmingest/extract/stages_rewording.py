"""Sentences about training in plainer words, before their marks are read: brackets, "neither ... nor", "in a frozen state"."""

from __future__ import annotations

import re

# "(encoder and LLM are frozen)" is a sentence of its own, "(ViT, projector and LLM)" and "(frozen)" are not
_CLAUSE_IN_BRACKETS = re.compile(
    r"\(([^()]*\b(?:is|are|were|was|kept|remains?|while|with|freez\w+|train\w*|updat\w+)\b[^()]*\b[^()]*)\)"
)
# "the LLM (via LoRA, rank 64) and the projector": the list goes on
_MEANS_IN_BRACKETS = re.compile(r"\s?\((?:via|using|with|by|through) [^()]{3,60}\)(?=,? (?:and|as well as)\b|,)")
# "the encoder (after its own pre-training) is frozen": what was before does not break the sentence
_EARLIER_IN_BRACKETS = re.compile(r"\s?\((?:after|before|following|from|since|as in|see) [^()]{3,90}\)")
# "After training the encoder, we ..." tells of another stage, "Unlike X, ..." of another model
_EARLIER = re.compile(
    r"\b(?:after|before|following|upon|once|prior to)\b[^,;.:]{0,120}?(?:train|tun|learn|warm|optimi|align)[^,;.:]{0,90},"
    r"|\b(?:unlike|(?:different|differing) from|in contrast (?:to|with)|contrary to)\b[^,;]{0,200},"
    # "Most VLMs freeze the LLM, while we ...": what others do, against what is done here
    r"|\A(?:(?:while|whereas|although|though) )?(?:most|many|several|previous|prior|existing|earlier|recent|other|conventional)"
    r"(?: [\w-]+){0,3}? (?:works?|models?|methods?|approaches|systems|studies|papers|recipes|frameworks|assistants|l?vlms|m?llms|lmms)"
    r"\b[^.;:]{3,200}?,(?: (?:while|whereas|but|yet))?(?: (?:here|in contrast|instead|by contrast),?)? (?=we\b|our\b)"
)
# "making the projector and the LLM fully trainable": all of these, not all of the model
_PARTS_IN_FULL = re.compile(
    r"\b(?P<parts>(?:encoder|tower|projector|connector|resampler|adapter|abstractor|decoder|llm|lm|q-former|backbone|layer|language model)s?"
    r"(?:['’]s? (?:weights|parameters))?(?: (?:is|are|was|were|be|being|remains?|becomes?|kept))*) (?:fully|entirely|completely) "
    r"(?=(?:un-?frozen|unlocked|trainable)\b)"
)
_NEITHER = re.compile(
    r"\bneither (?P<one>[^.;]{3,80}?) nor (?P<two>[^.;]{3,80}?) (?P<be>is|are|was|were) (?:updated|trained|(?:fine-?)?tuned|optimi[sz]ed|modified|changed|unfrozen)\b"
)
# "the projector is trained, the LLM is not"
_ELIDED = re.compile(r"(?<=\w) (?:is|are|was|were|does|do|did) not(?=\s*(?:[.;)]|\Z))")
# "we inject LoRA, which is trained with the projector"
_WHICH = re.compile(
    r",? which (?=(?:is|are) (?:\w+ly )?(?:trained|tuned|fine-?tuned|updated|optimi[sz]ed|learned|frozen|kept)\b)"
)
# "but leave the encoder alone"
_LEFT_ALONE = re.compile(r"\b(?P<keep>leav(?:e|es|ing)|left) (?P<what>[^,.;:]{3,60}?) alone\b")
# "is kept in a frozen state"
_IN_STATE = re.compile(r"\bin (?:an? |its |their |the )?frozen (?:state|mode|form|condition|manner|status|fashion)\b")
# "where a and b are the frozen parameters of the encoder": not a and b
_PARAMETERS_OF = re.compile(
    r"\b(?:is|are|denotes?|represents?) (?:the )?(?=(?:frozen|trainable|learnable) (?:parameters?|weights|layers) (?:of|in)\b)"
)


def without_earlier(sentence: str) -> str:
    """The sentence (in lower case) without what it tells of an earlier stage or of another model."""
    return _EARLIER.sub("; ", sentence) if "," in sentence else sentence


def reworded(sentence: str) -> str:
    """The sentence (in lower case) as its predicates are read."""
    if "(" in sentence:
        sentence = _EARLIER_IN_BRACKETS.sub("", sentence)
    sentence = without_earlier(sentence)
    if "(" in sentence:
        sentence = _MEANS_IN_BRACKETS.sub("", sentence)
        sentence = _CLAUSE_IN_BRACKETS.sub(lambda match: f"; {match.group(1)};", sentence)
    if " not" in sentence and (elided := _ELIDED.search(sentence)) is not None:
        said = "trained" if "froz" in sentence[: elided.start()] else "frozen"
        sentence = f"{sentence[: elided.start()]} is {said}{sentence[elided.end() :]}"
    if "frozen" in sentence or "able " in sentence:
        sentence = _IN_STATE.sub("frozen", sentence)
        sentence = _PARAMETERS_OF.sub("; ", sentence)
    if "alone" in sentence:
        sentence = _LEFT_ALONE.sub(r"\g<keep> \g<what> unchanged", sentence)
    if "ly " in sentence:
        sentence = _PARTS_IN_FULL.sub(r"\g<parts> ", sentence)
    if "which" in sentence:
        sentence = _WHICH.sub(" ", sentence)
    if "neither" in sentence:
        sentence = _NEITHER.sub(r"\g<one> and \g<two> \g<be> frozen", sentence)
    return sentence
