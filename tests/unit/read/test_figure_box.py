"""The box of a figure: labels close to the drawing belong to it, authors and running heads do not."""

from __future__ import annotations

import numpy as np
import pytest

from vlmingest.document import BlockKind, Box
from vlmingest.read.figures import figure_box
from vlmingest.read.floats import _body_font, _is_alone
from vlmingest.read.graphics import OBJECT_PATH, Graphics
from vlmingest.read.pagelines import Line

CAPTION: Box = (108, 300, 504, 312)
AREA: Box = (108, 60, 504, 730)


def box(labels: list[Box], prose: list[Box] | None = None) -> Box | None:
    drawn = Graphics(np.array([OBJECT_PATH]), np.array([[150.0, 200.0, 450.0, 290.0]]))
    return figure_box(CAPTION, drawn, prose or [], labels, AREA)


def test_labels_at_the_side_and_close_above_belong_to_the_drawing() -> None:
    assert box([(120, 240, 145, 250)]) == (120, 200, 450, 290)
    assert box([(200, 182, 240, 192)]) == (150, 182, 450, 290)


def test_lines_of_a_label_follow_each_other() -> None:
    assert box([(200, 182, 240, 192), (200, 168, 240, 178)]) == (150, 168, 450, 290)


def test_text_far_above_the_drawing_is_not_part_of_it() -> None:
    assert box([(250, 100, 350, 110)]) == (150, 200, 450, 290)
    assert box([(200, 182, 240, 192), (250, 160, 350, 170)]) == (150, 182, 450, 290)


def test_prose_bounds_the_figure() -> None:
    assert box([(200, 150, 240, 160)], [(108, 170, 504, 180)]) == (150, 200, 450, 290)


def line(y: float, font: str, text: str = "a sentence of some words", x: float = 110) -> Line:
    return Line(1, 0, 5, text, x, y, x + 300, y + 10, 10.0, font, 0, is_bold=False)


@pytest.mark.parametrize(("second", "alone"), [(112.0, False), (140.0, True)])
def test_a_single_line_in_another_font_stands_alone(second: float, alone: bool) -> None:
    sentence = line(100, "Arial")
    lines = [(BlockKind.PARAGRAPH, one) for one in (sentence, line(112, "Times"), line(second, "Arial"))]
    assert _is_alone(sentence, lines) is alone


def test_the_font_of_most_letters_is_the_pages_own() -> None:
    lines = [(BlockKind.PARAGRAPH, one) for one in (line(1, "Arial"), line(2, "Times"), line(3, "Times"))]
    assert _body_font(lines) == "Times"
    assert _body_font([]) == ""
