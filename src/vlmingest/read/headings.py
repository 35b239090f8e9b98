"""Which lines are headings: by font and numbering, and by the outline of the file where there is one."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import takewhile

from vlmingest.read.outline import Entry, letters
from vlmingest.read.pagelines import Line
from vlmingest.read.sections import Heading, heading_of, is_named

_SURE = 5  # entries of the outline found on their pages: then it speaks for all numbered depths
_FRONT = 6  # pages among which a table of contents begins
_CONTENTS = ("contents", "table of contents")
_AT_EDGE = 4  # lines of a page that begin at the left edge of a column
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI")
_TITLED = 0.5  # share of capital words in a heading without a number


def find_headings(lines: list[Line], size: float, outline: list[Entry], captions: set[int]) -> dict[int, Heading]:
    """`id()` of the line -> its heading; `size`: of the body font, `captions`: lines that begin one."""
    large = 1.05 * size
    found: dict[int, Heading] = {}
    for line in lines:
        # most lines are neither large nor bold nor upper case: not worth a call
        if (line.size > large or line.is_bold or line.text.isupper()) and id(line) not in captions:
            heading = heading_of(line, size)
            if heading is not None:
                found[id(line)] = heading
    if outline:
        found = _with_outline(lines, found, outline, captions, size)
    _lower_lettered(lines, found)
    _add_bold_lines(lines, found, captions, size)
    return _without_contents(lines, found)


def _lower_lettered(lines: list[Line], found: dict[int, Heading]) -> None:
    """Puts the headings `A.`, `B.` under the section that they stand in where sections have Roman numbers, as IEEEtran's
    have; what counts up from `A` elsewhere is an appendix.
    """
    sections, letter = 0, ""
    for line in lines:
        heading = found.get(id(line))
        if heading is None:
            continue
        place = _ROMAN.index(heading.number) if heading.number in _ROMAN else -1
        if heading.number != letter and (place == sections or (place > sections and heading.title.isupper())):
            sections, letter = place + 1, "A"
        elif sections and letter and heading.number == letter:
            found[id(line)] = replace(heading, level=2)
            letter = chr(ord(letter) + 1)
        elif heading.level == 1 and heading.number is None:
            letter = "A" if heading.title.lower().startswith("append") else ""


def _with_outline(
    lines: list[Line], found: dict[int, Heading], outline: list[Entry], captions: set[int], size: float
) -> dict[int, Heading]:
    pages: defaultdict[int, list[tuple[str, Entry]]] = defaultdict(list)
    for entry in outline:
        key = letters(entry.title)
        if len(key) > 2:
            pages[entry.page].append((key, entry))
    matched: dict[int, Heading] = {}
    small = 0.85 * size
    for line in lines:
        entries = pages.get(line.page)
        text = line.text
        if not entries or len(text) > 110 or text[0].islower() or line.size < small or id(line) in captions:
            continue
        heading = found.get(id(line)) or heading_of(line, size, is_sure=True)
        key = letters(text)
        bare = letters(heading.title) if heading is not None else key
        for wanted, entry in entries:
            if _is_same(wanted, key, bare, is_strong=id(line) in found or line.is_bold or line.size > 1.05 * size):
                own = heading or Heading(None, text.strip(), entry.level)
                level = own.level if own.number else entry.level
                matched[id(line)] = replace(own, level=level)
                entries.remove((wanted, entry))
                break
    if len(matched) < _SURE:
        return found | matched
    kept = {key: heading for key, heading in found.items() if heading.number or is_named(heading.title)}
    return kept | matched


def _is_same(wanted: str, key: str, bare: str, *, is_strong: bool) -> bool:
    """Whether a line shows an entry's title, or the first line of it where the line looks like a heading."""
    if wanted in (key, bare):
        return True
    return is_strong and len(bare) > 12 and (wanted.startswith((key, bare)))


def _add_bold_lines(lines: list[Line], found: dict[int, Heading], captions: set[int], size: float) -> None:
    """Short bold lines alone at the left edge of a column, with room above: headings of the lowest level."""
    level = 0
    bold: list[tuple[Line, int]] = []
    for index in [i for i, line in enumerate(lines) if line.is_bold or id(line) in found]:
        line = lines[index]
        if id(line) in found:
            level = found[id(line)].level
            continue
        if not level or abs(line.size - size) >= 0.1 * size or not 0 < index < len(lines) - 1:
            continue
        above, below = lines[index - 1], lines[index + 1]
        words = line.text.rstrip(":").split()
        room = line.y0 - above.y1 > 0.45 * size or above.page != line.page
        beneath = abs(below.x0 - line.x0) < 2 and 0 < below.y0 - line.y0 < 3 * size
        follows = not below.is_bold and (beneath or below.page > line.page)
        starts = [word for word in words if word[0].isalpha()]
        titled = sum(word[0].isupper() for word in starts) > _TITLED * len(starts)
        if 2 <= len(words) <= 9 and room and follows and titled and id(line) not in captions:
            if (
                line.text[-1] in ".,;?!"
                or ". " in line.text
                or not line.text[0].isupper()
                or not below.text[0].isupper()
            ):
                continue
            bold.append((line, level))
    if not bold:
        return
    edges = Counter((line.page, round(line.x0 / 2)) for line in lines)
    for line, level in bold:
        if edges[line.page, round(line.x0 / 2)] >= _AT_EDGE:
            found[id(line)] = Heading(None, line.text.strip(), min(level + 1, 3))


def _without_contents(lines: list[Line], found: dict[int, Heading]) -> dict[int, Heading]:
    """Without the lines of a table of contents: headings that come again after a heading `Contents`."""
    shown = [(line, found[id(line)]) for line in lines if id(line) in found]
    front = takewhile(lambda line: line.page <= _FRONT, lines)
    listed = next((line for line in front if len(line.text) < 20 and line.text.lower() in _CONTENTS), None)
    if listed is None:
        return found
    left = Counter(letters(heading.title) for _, heading in shown)
    gone = {id(listed)}
    for line, heading in shown:
        key = letters(heading.title)
        left[key] -= 1
        if listed.page <= line.page <= listed.page + 4 and left[key] > 0:
            gone.add(id(line))
    return {key: heading for key, heading in found.items() if key not in gone}
