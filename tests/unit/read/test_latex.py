r"""LaTeX sources: packages, main files, macros, structure, and sources that want to harm."""

from __future__ import annotations

import gzip
import io
import tarfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vlmingest.document import BlockKind
from vlmingest.errors import (
    DamagedDocumentError,
    EmptyFileError,
    NoMainFileError,
    NotAPaperFileError,
    TooLargeDocumentError,
    VlmIngestError,
)
from vlmingest.read.latex import read_latex
from vlmingest.read.latex_macros import Expander
from vlmingest.read.latex_math import math_text
from vlmingest.read.latex_source import strip_comments

MAIN = r"""\documentclass{article}
\usepackage[numbers]{natbib}
\newcommand{\ours}{Tiny\textsc{VLM}\xspace}
\newcommand{\pair}[2][left]{#1 and #2}
\title{A Paper on \ours}
\author{Ann Author\thanks{MIT} \and Bob Builder}
\begin{document}
\maketitle
\begin{abstract}
We present \ours{} with caf\'e.
\end{abstract}
\section{Introduction}\label{sec:intro}
See Section~\ref{sec:more} and Figure~\ref{fig:one} % a comment
with ``quotes'', 50\% and $2\times 10^{-4}$ \cite{a,b}.\footnote{At \url{https://example.org/x_y}.}

\pair{right}; \pair[up]{down}.
\input{part}
\begin{table}
\caption{Numbers.}\label{tab:n}
\begin{tabular}{lcc}
\toprule
\multirow{2}{*}{Model} & \multicolumn{2}{c}{Score} \\
 & A & B \\
\midrule
Ours & 1 & 2 \\
\bottomrule
\end{tabular}
\end{table}
\begin{figure}
\includegraphics[width=1cm]{figs/model.pdf}
\caption[short]{The model.}\label{fig:one}
\end{figure}
\begin{itemize}\item first \item second\end{itemize}
\begin{equation}a = \frac{b}{c}\end{equation}
\bibliography{refs}
\appendix
\section{Extras}
End.
\end{document} never read"""
PART = "\\section{More}\\label{sec:more}\nPart text.\n"
BBL = r"\begin{thebibliography}{9}\bibitem{a} A. Author. Work. \bibitem{b} B. Builder. Other.\end{thebibliography}"


def package(files: dict[str, str], *, packed: bool = True) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, text in files.items():
            data = text.encode()
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return gzip.compress(buffer.getvalue()) if packed else buffer.getvalue()


FILES = {"main.tex": MAIN, "part.tex": PART, "main.bbl": BBL, "rebuttal.tex": MAIN}


@pytest.fixture(scope="module")
def document():
    return read_latex(package(FILES))


def of_kind(document, kind):
    return [document.text[b.start : b.end] for b in document.blocks if b.kind is kind]


def test_front_matter_and_macros(document):
    assert document.title == "A Paper on TinyVLM"
    assert document.authors == ("Ann Author", "Bob Builder")
    assert document.quote(*document.abstract) == "We present TinyVLM with café."


def test_addresses_beside_the_authors_are_kept():
    front = r"""\documentclass{article}
\title{Lamps\thanks{Data: \url{https://example.org/data}}}
\author{Ann Author \and Bob Builder \\ \textbf{Code}: \url{https://github.com/lamp/glow/tree/main/a}}
\date{\href{https://glow.example.org}{Project page}}
\newcommand{\old}{\url{https://example.org/never}}
\begin{document}\maketitle\section{One}Text.\end{document}"""
    made = read_latex(front.encode())
    assert made.authors == ("Ann Author", "Bob Builder")
    assert sorted(link.url for link in made.links) == [
        "https://example.org/data",
        "https://github.com/lamp/glow/tree/main/a",
        "https://glow.example.org",
    ]
    assert of_kind(made, BlockKind.AUTHORS)[1] == "Code: https://github.com/lamp/glow/tree/main/a"


def test_running_text_is_readable(document):
    first, second = of_kind(document, BlockKind.PARAGRAPH)[:2]
    assert first == "See Section 2 and Figure 1 with “quotes”, 50% and 2×10-4 [1, 2]."
    assert second == "left and right; up and down."
    assert of_kind(document, BlockKind.FOOTNOTE)[0] == "At https://example.org/x_y."
    assert "https://example.org/x_y" in [link.url for link in document.links]
    assert "never read" not in document.text
    assert "comment" not in document.text


def test_sections_are_numbered_and_lettered(document):
    assert [(s.label, s.level) for s in document.sections] == [
        ("1 Introduction", 1),
        ("2 More", 1),
        ("References", 1),
        ("A Extras", 1),
    ]
    assert of_kind(document, BlockKind.REFERENCE) == ["[1] A. Author. Work.", "[2] B. Builder. Other."]
    assert document.sections[-1].is_appendix


def test_tables_and_figures(document):
    [table] = document.tables
    assert (table.label, table.caption) == ("Table 1", "Table 1: Numbers.")
    assert table.cells == (("Model", "Score", "Score"), ("Model", "A", "B"), ("Ours", "1", "2"))
    assert table.header_rows == 2
    [figure] = document.figures
    assert (figure.number, figure.caption, figure.asset) == ("1", "Figure 1: The model.", "figs/model.pdf")
    assert of_kind(document, BlockKind.LIST_ITEM) == ["first", "second"]
    assert of_kind(document, BlockKind.FORMULA) == ["a = b/c"]


@pytest.mark.parametrize(
    "data",
    [
        MAIN.encode(),
        gzip.compress(MAIN.encode()),
        package(FILES, packed=False),
        package({"00README": "x.tex toplevelfile", "x.tex": MAIN, "y.tex": MAIN}),
    ],
)
def test_every_way_of_packing(data):
    assert read_latex(data).title == "A Paper on TinyVLM"


def test_author_year_citations():
    bbl = r"\begin{thebibliography}{}\bibitem[Lee et~al.(2020)Lee]{a} Lee. \end{thebibliography}"
    text = read_latex(
        package(
            {
                "m.tex": r"\documentclass{a}\begin{document}\section{A}By \citet{a} \citep[e.g.][p. 2]{a}.\bibliography{x}\end{document}",
                "m.bbl": bbl,
            }
        )
    ).text
    assert "By Lee et al. (2020) (Lee et al., 2020, p. 2)." in text


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", EmptyFileError),
        (gzip.compress(b""), EmptyFileError),
        (b"%PDF-1.5 binary", NotAPaperFileError),
        (b"just words", NotAPaperFileError),
        (package({"a.tex": "words", "b.tex": "words"}), NoMainFileError),
        (package({"../m.tex": MAIN}), NoMainFileError),
        (package(FILES)[:60], DamagedDocumentError),
        (rb"\documentclass{a}\def\a{\b\b}\def\b{\a\a}\begin{document}\a\end{document}", TooLargeDocumentError),
        (rb"\documentclass{a}\begin{document}\end{document}", NotAPaperFileError),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "bytes",
)
def test_failures_have_names(data, error):
    with pytest.raises(error):
        read_latex(data)


def test_input_loops_end_with_a_finding():
    document = read_latex(
        package(
            {
                "m.tex": r"\documentclass{a}\begin{document}\section{A}Text \input{b}\end{document}",
                "b.tex": r"inner \input{b} \input{m}",
            }
        )
    )
    assert [f.code for f in document.findings] == ["input-loop"]
    assert "Text inner" in document.text


def test_comments_and_conditionals():
    assert strip_comments("a % b\n  c\\% d") == "a c\\% d"
    assert strip_comments("x\\iffalse no\\else yes\\fi z") == "x yes z"


def test_definitions_take_effect_in_order():
    assert Expander().run(r"\x \def\x#1{<#1>}\x{a}\x b").split() == [r"\x", "<a><b>"]


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\alpha \leq \frac{a}{b}", "α ≤ a/b"),
        (r"10^{-4}", "10-4"),
        (r"\mathbf{x}_{i}", "xi"),
        (r"\lambda", "λ"),
        (r"\unknown{y}", "y"),
    ],
)
def test_math(tex, text):
    assert math_text(tex).replace(" ", "") == text.replace(" ", "")


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="\\{}[]$&%~^_#ab \n'\"begindoctal*", max_size=120))
def test_any_body_ends_in_a_document_or_a_named_error(body):
    try:
        document = read_latex((r"\documentclass{a}\begin{document}\section{A}" + body).encode())
    except VlmIngestError:
        return
    assert all(0 <= b.start < b.end <= len(document.text) for b in document.blocks)


def test_a_figure_that_lists_sets_keeps_its_words():
    listed = r"Charts 8\% & QuuxChart (mc, 4k) BarQA (num, 2k) \\ & FooCaps (10.0 K), ZizzleQA~\cite{a} (5 K), WibbleQA (3k) \\"
    body = r"\begin{figure}\begin{tabular}{ll}" + listed + r"\end{tabular}\caption{Our data.}\end{figure}"
    document = read_latex((r"\documentclass{a}\begin{document}\section{A} Words." + body + r"\end{document}").encode())
    told = of_kind(document, BlockKind.FIGURE_TEXT)
    assert len(told) == 1
    assert "QuuxChart (mc, 4k) BarQA (num, 2k); FooCaps (10.0 K), ZizzleQA" in " ".join(told[0].split())
    assert "Our data" not in told[0]
    plain = r"\begin{figure}\begin{tabular}{l} Vision tower (frozen) \end{tabular}\caption{Our model.}\end{figure}"
    document = read_latex((r"\documentclass{a}\begin{document}\section{A} Words." + plain + r"\end{document}").encode())
    assert not of_kind(document, BlockKind.FIGURE_TEXT)
