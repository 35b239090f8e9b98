"""Typeset the TeX papers of a folder as PDFs in the layouts that arXiv is full of: what does the way through a PDF lose?

Usage: python tools/typeset_folder.py FOLDER ... --out DIR [--layouts NAME ...] [--rotate N]

A FOLDER holds papers (`ID.tex`) and `gold/ID.json` as for tools/score_folder.py. `DIR/FOLDER/ID.pdf` is written with the gold
beside it; layouts take turns (two columns as at CVPR, one as at NeurIPS, IEEEtran, two as at ACL), `--rotate` begins with
another, `--layouts` takes others (`LAYOUTS`: ECCV, ACM, ICLR, ICML, AAAI, a report by XeLaTeX). Then `tools/score_folder.py`
scores both: the difference is what reading loses. Figures get a box of labels, as real
ones have words in them that are no prose; tables without rules get those that real ones have. Needs pdflatex and xelatex
(texlive-latex-extra, texlive-publishers, texlive-fonts-extra, texlive-plain-generic, texlive-xetex, tex-gyre).
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TITLES = r"\usepackage{titlesec}"
LAYOUTS = {
    "cvpr": r"""\documentclass[10pt,twocolumn,letterpaper]{article}
\usepackage[T1]{fontenc}\usepackage{times}\usepackage[margin=0.8in,columnsep=0.3in]{geometry}""",
    "neurips": r"""\documentclass[10pt]{article}
\usepackage[T1]{fontenc}\usepackage{times}\usepackage[margin=1.4in]{geometry}""",
    "ieee": r"\documentclass[journal]{IEEEtran}\usepackage[T1]{fontenc}",
    "acl": r"""\documentclass[11pt,twocolumn,a4paper]{article}
\usepackage[T1]{fontenc}\usepackage{mathptmx}\usepackage[margin=2.4cm,columnsep=0.6cm]{geometry}""",
    "eccv": r"""\documentclass[runningheads]{llncs}\usepackage[T1]{fontenc}
\titlerunning{A paper under review}\authorrunning{A. Author et al.}""",
    "acm": r"""\documentclass[sigconf,nonacm]{acmart}\settopmatter{printacmref=false}\let\Bbbk\relax""",
    "iclr": r"""\documentclass[10pt]{article}
\usepackage[T1]{fontenc}\usepackage{times}\usepackage[textwidth=5.5in,textheight=9in]{geometry}\usepackage{fancyhdr}
\pagestyle{fancy}\fancyhf{}\lhead{Published as a conference paper at ICLR}\cfoot{\thepage}"""
    + TITLES
    + r"""\titleformat{\section}{\large\scshape}{\thesection}{1em}{}\titleformat{\subsection}{\normalsize\scshape}{\thesubsection}{1em}{}
\titleformat{\subsubsection}{\normalsize\scshape}{\thesubsubsection}{1em}{}""",
    "icml": r"""\documentclass[10pt,twocolumn]{article}
\usepackage[T1]{fontenc}\usepackage{times}\usepackage[textwidth=6.75in,textheight=9in,columnsep=0.25in]{geometry}
\usepackage[font=small,labelfont=it,textfont=it,labelsep=period]{caption}"""
    + TITLES
    + r"""\titleformat{\section}{\large\bfseries}{\thesection.}{0.5em}{}
\titleformat{\subsection}{\normalsize\bfseries}{\thesubsection.}{0.5em}{}
\titlespacing{\section}{0pt}{8pt}{4pt}\titlespacing{\subsection}{0pt}{6pt}{3pt}""",
    "aaai": r"""\documentclass[10pt,twocolumn,letterpaper]{article}
\usepackage[T1]{fontenc}\usepackage{times}\usepackage[margin=0.75in,columnsep=0.375in]{geometry}\setcounter{secnumdepth}{0}
\pagestyle{empty}\usepackage[font=small,labelsep=colon]{caption}"""
    + TITLES
    + r"""\titleformat{\section}{\filcenter\large\bfseries}{}{0em}{}\titleformat{\subsection}{\large\bfseries}{}{0em}{}
\titlespacing{\section}{0pt}{8pt}{3pt}\titlespacing{\subsection}{0pt}{6pt}{2pt}""",
    "report": r"""\documentclass[11pt]{article}
\usepackage[margin=1in]{geometry}\usepackage{fontspec}\setmainfont{texgyrepagella-regular.otf}[BoldFont=texgyrepagella-bold.otf,ItalicFont=texgyrepagella-italic.otf,BoldItalicFont=texgyrepagella-bolditalic.otf]
\usepackage[table]{xcolor}\rowcolors{3}{gray!12}{white}
\usepackage[font=small,labelfont=bf,labelsep=space]{caption}"""
    + TITLES
    + r"""\titleformat{\section}{\Large\bfseries\color{blue!60!black}}{\thesection.}{0.5em}{}
\titleformat{\subsection}{\large\bfseries\color{blue!60!black}}{\thesubsection.}{0.5em}{}""",
}
LAYOUTS["wrapped"] = (
    LAYOUTS["neurips"] + r"\usepackage{wrapfig}"
)  # narrow tables and figures stand in the text, which flows around
FIRST = ("cvpr", "neurips", "ieee", "acl")  # the layouts taken without --layouts
ONE_COLUMN = ("neurips", "eccv", "iclr", "report", "wrapped")
BOOKTABS = ("cvpr", "neurips", "wrapped", "iclr", "icml", "aaai", "acm")
PACKAGES = r"""\usepackage[utf8]{inputenc}
\usepackage{amsmath,amssymb,url,graphicx,booktabs,multirow,array,xcolor,textcomp,enumitem,pifont,microtype,makecell,adjustbox}
\usepackage[hidelinks]{hyperref}
\providecommand{\cmark}{\ding{51}}\providecommand{\xmark}{\ding{55}}\providecommand{\citep}[1]{}
"""
DRAWING = r"""\centering\fbox{\begin{minipage}{0.95\linewidth}\centering\small\sffamily Output Text\\[1ex]
\fbox{Large Language Model}\\[1ex]\fbox{Projector}\quad\fbox{Text Tokenizer}\\[1ex]\fbox{Vision Encoder}\\[1ex]
Image\quad Prompt: What is in the image?\\[0.5cm]\end{minipage}}
"""
TABULAR = re.compile(
    r"(\\begin\{tabular\}(?:\[[^\]]*\])?\{(?:[^{}]|\{[^{}]*\})*\})(.*?)(\\end\{tabular\})", flags=re.DOTALL
)
NARROW = 3  # separators of cells in a row: such a table may stand in the text
WIDE = 6  # separators of cells in a row: such a table goes over both columns


def ruled(match: re.Match[str]) -> str:
    """A table with a rule above, below and, where it has none at all, under its first row."""
    head, rows, end = match.groups()
    bare = not re.search(r"\\(?:hline|toprule|midrule)", rows)
    if not re.match(r"\s*\\(?:hline|toprule)", rows):
        rows = "\n\\hline\n" + rows.lstrip("\n")
    if not re.search(r"\\(?:hline|bottomrule)\s*$", rows):
        rows = rows.rstrip().removesuffix(r"\\") + "\\\\\n\\hline\n"
    first = rows.find(r"\\", rows.find(r"\hline") + 6)
    if bare and first > 0 and not re.match(r"\s*\\hline", rows[first + 2 :]):
        rows = rows[: first + 2] + "\n\\hline\n" + rows[first + 2 :]
    return head + rows + end


def with_booktabs(text: str) -> str:
    r"""`text` with the rules of booktabs in the place of `\hline`."""
    parts = re.split(r"\\hline", text)
    if len(parts) < 3:
        return text
    rules = [r"\toprule", *[r"\midrule"] * (len(parts) - 3), r"\bottomrule"]
    return "".join(part + rule for part, rule in zip(parts, [*rules, ""], strict=True))


def typeset_source(tex: str, layout: str) -> str:
    """The paper's source in a layout."""
    start = tex.find(r"\begin{document}")
    head = re.sub(r"\\(?:documentclass|usepackage)(?:\[[^\]]*\])?\{[^}]*\}", "", tex[:start])
    for sign in (r"\cmark", r"\xmark"):
        head = head.replace(rf"\newcommand{{{sign}}}", rf"\renewcommand{{{sign}}}")
    body = tex[start:]
    if r"\maketitle" not in body:
        body = body.replace(r"\begin{document}", r"\begin{document}\maketitle", 1)
    if layout == "acm":  # its class wants the abstract first
        body = body.replace(r"\maketitle", "", 1).replace(r"\end{abstract}", r"\end{abstract}\maketitle", 1)
    two_columns = layout not in ONE_COLUMN

    def table(match: re.Match[str]) -> str:
        inner = TABULAR.sub(ruled, re.sub(r"^\[[^\]]*\]", "", match[1]))
        if layout in BOOKTABS:
            inner = with_booktabs(inner)
        star = "*" if two_columns and max(line.count("&") for line in inner.splitlines()) >= WIDE else ""
        inner = inner.replace(r"\begin{tabular}", r"\begin{adjustbox}{max width=\linewidth}\begin{tabular}")
        inner = inner.replace(r"\end{tabular}", r"\end{tabular}\end{adjustbox}")
        if layout == "wrapped" and max(line.count("&") for line in inner.splitlines()) <= NARROW:
            return rf"\begin{{wraptable}}{{r}}{{0.5\linewidth}}\centering\small{inner}\end{{wraptable}}"
        return rf"\begin{{table{star}}}[t]\centering\small{inner}\end{{table{star}}}"

    def figure(match: re.Match[str]) -> str:
        inner = re.sub(r"^\[[^\]]*\]|\\includegraphics(?:\[[^\]]*\])?\{[^}]*\}", "", match[1])
        if layout == "wrapped":
            return rf"\begin{{wrapfigure}}{{r}}{{0.45\linewidth}}{DRAWING}{inner}\end{{wrapfigure}}"
        return rf"\begin{{figure}}[t]{DRAWING}{inner}\end{{figure}}"

    body = re.sub(r"\\begin\{table\*?\}(.*?)\\end\{table\*?\}", table, body, flags=re.DOTALL)
    body = re.sub(r"\\begin\{figure\*?\}(.*?)\\end\{figure\*?\}", figure, body, flags=re.DOTALL)
    return LAYOUTS[layout] + PACKAGES + head + body


def typeset(source: Path, layout: str, out: Path) -> str:
    """Writes the PDF and the gold of one paper; says what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "p.tex").write_text(
            typeset_source(source.read_text(encoding="utf-8"), layout), encoding="utf-8"
        )
        engine = "xelatex" if "fontspec" in LAYOUTS[layout] else "pdflatex"
        command = [engine, "-interaction=nonstopmode", "-no-shell-escape", "p.tex"]
        for _ in range(2):  # the second time for the outline
            subprocess.run(command, cwd=folder, capture_output=True, timeout=120, stdin=subprocess.DEVNULL, check=False)
        made = Path(folder) / "p.pdf"
        if not made.exists():
            return f"{source.stem}: no PDF"
        (out / "gold").mkdir(parents=True, exist_ok=True)
        (out / f"{source.stem}.pdf").write_bytes(made.read_bytes())
    gold = json.loads((source.parent / "gold" / f"{source.stem}.json").read_text(encoding="utf-8"))
    gold["file"] = f"{source.stem}.pdf"
    (out / "gold" / f"{source.stem}.json").write_text(json.dumps(gold, ensure_ascii=False, indent=1), encoding="utf-8")
    return f"{source.stem}: {layout}"


def main() -> int:
    """Typeset every paper that has gold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--layouts", nargs="+", choices=list(LAYOUTS), default=list(FIRST))
    parser.add_argument("--rotate", type=int, default=0)
    arguments = parser.parse_args()
    sources = [
        path for folder in arguments.folder for path in sorted(folder.glob("*.tex"))
        if (folder / "gold" / f"{path.stem}.json").exists()
    ]  # fmt: skip
    names = arguments.layouts
    turns = [names[(number + arguments.rotate) % len(names)] for number in range(len(sources))]
    outs = [arguments.out / source.parent.name for source in sources]
    with ThreadPoolExecutor(2) as pool:
        for line in pool.map(typeset, sources, turns, outs):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
