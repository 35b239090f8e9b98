"""What follows a name: sizes, versions, patch sizes and resolutions ("-7B-Instruct", " ViT-L/14", "@336px").

`read_tail(text, end, kind)` parses it; a name that goes on in another way ("CLIP-Adapter", "LLaMAs") is another name.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from vlmingest.vocabulary.code import Kind

_LANGUAGE = re.compile(
    r"(?:[-_](?:\d+[kK](?![A-Za-z])|[vV]?\d+(?:[._x×]\d+)*(?:[BbMm](?![A-Za-z]))?|A\d+(?:\.\d+)?B|MoE|[Ii]nstruct|[Cc]hat|[Bb]ase|[Ll]arge|[Ss]mall|[Mm]edium|[Mm]ini|XXL|XL"
    r"|xxl|xl|uncased|cased|hf|it|pt|Thinking|SFT|delta|alpha|beta)"
    r"| (?:v\d+(?:\.\d+)*|\d+(?:\.\d+)?[BbM](?![A-Za-z])|Instruct|Chat|XXL|XL|[Mm]edium(?![A-Za-z])|Base(?![A-Za-z]))"
    r"|\d+(?:\.\d+)?B(?![A-Za-z])"
    r"|/\d+(?:\.\d+)?[BM](?![A-Za-z]))*"
)
_SCALE = "[Bb]ig-?[GEH]|[Bb]ig[Hh]uge|[Tt]iny|[Ss]mall|[Bb]ase|XX[Ll]arge|X[Ll]arge|[Ll]arge|[Hh]uge|[Gg]iant|gigantic|XXL|XL"
_VISION = re.compile(
    rf"(?:[-_ ]?ViT(?:[- /](?:{_SCALE}|[TSBLHgGe](?![A-Za-z])))?(?:[-/]\d{{1,2}}(?!\d))?"
    r"|[- ][Ss][Oo]-?400[Mm](?:/\d+)?"
    rf"|[-_](?:[FBLS]\d(?![\dA-Za-z])|{_SCALE}|[TSBLHEgGesblh](?![A-Za-z]))(?:/\d+|-?\d{{2}}(?!\d))?|/[BLHgG]-\d\d(?!\d)"
    r"|[- ][TSBLHgG]/\d+| (?:bigG|XXL|XL|Large|Huge|Giant)(?![A-Za-z])(?:/\d+)?|/(?:8|14|16|28|32)(?!\d)"
    r"|[-_ ]\d+(?:\.\d+)?[BM](?![A-Za-z])|-\d+(?:\.\d+)?[bm](?![A-Za-z])|[-_ ]?[vV]\d(?:[._-]\d)?(?![A-Za-z\d])|[-_][Pp]atch[-/]?\d+"
    r"|[- ]?(?:@|/)\d{3}(?:px|pix)?|-\d{3}(?:px|pix)?(?!\d)| \d{3}(?:px|pix)"
    r"|-(?:\d{2,3}|1024)(?:x\d+)?(?![\dA-Za-z]|\.\d)|x\d{1,2}(?!\d)|-(?:reg|plus)\b"
    r"|[- ](?:RN|ResNet-?|ConvNe[Xx]t-?)\d*(?:-?XXL|-?XL|-?L|-?B|x\d+)?)*"
)
_GOES_ON = re.compile(r"[A-Za-z0-9]|[-–](?=[A-Za-z0-9])")
# A name may be part of a compound of these and stay itself.
_COMPOUND = re.compile(
    r"[-–](?:based|style|like|pre-?trained|initiali[sz]ed|trained|aligned|encoded|backed|powered|family|series|type|level|only|and|or|to|the)\b",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"s\b")
_SIZE = re.compile(r"(?<![\d.A])(\d+(?:\.\d+)?[BbM])(?![A-Za-z])")
_SIDES = "224|256|280|288|320|336|364|378|384|392|448|490|504|512|518|560|576|588|640|672|768|896|980|1024"
_RESOLUTION = re.compile(
    rf"(?:[-_][Pp]atch[-/]?\d+)?(?:[- ]?(?:@|/)\d{{3}}(?:px|pix)?| \d{{3}}(?:px|pix)|-(?:{_SIDES})(?:px|pix)?)\Z|[-_][Pp]atch[-/]?\d+\Z"
)


# A tail begins with one of these, or behind a space with one of the second; after anything else a name ends where it ends.
_BEGINS = frozenset("-–_ /@")
_BEHIND_SPACE = {
    "language_model": frozenset("vICXMmB0123456789"),
    "vision_encoder": frozenset("VvSsTBLHgGbXRC@/0123456789"),
}


class Tail(NamedTuple):
    """Where the name ends with its variant, the sizes in it, and where it ends without a resolution at its end."""

    end: int
    sizes: tuple[str, ...]
    short_end: int


def read_tail(text: str, end: int, kind: Kind) -> Tail | None:
    """The tail of a name that ends at `end`; None where the letters go on to another name."""
    follows = text[end : end + 2]
    if not follows or not (follows[0] in _BEGINS or follows[0].isalnum()):
        return Tail(end, (), end)
    if follows[0] == " " and follows[1:] not in _BEHIND_SPACE[kind]:
        return Tail(end, (), end)
    pattern = _VISION if kind == "vision_encoder" else _LANGUAGE
    match = pattern.match(text, end)
    stop = match.end() if match is not None else end
    while stop > end and _goes_on(text, stop):
        # The last piece is part of a longer word ("-Base" of "-BaseX"): the name ends before it.
        cut = max(text.rfind(mark, end, stop) for mark in "-_ /@")
        stop = max(end, cut)
    if _goes_on(text, stop):
        return None
    tail = text[end:stop]
    sizes = tuple(size.upper() for size in _SIZE.findall(tail))
    cut_match = _RESOLUTION.search(tail) if kind == "vision_encoder" else None
    return Tail(stop, sizes, end + cut_match.start() if cut_match else stop)


def _goes_on(text: str, stop: int) -> bool:
    follows = _GOES_ON.match(text, stop)
    if follows is None:
        return False
    return _COMPOUND.match(text, stop) is None and _LETTERS.match(text, stop) is None
