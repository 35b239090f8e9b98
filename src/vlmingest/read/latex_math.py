r"""Formulas as readable text: `10^{-4}` becomes `10-4`, `\frac{a}{b}` `a/b`, `\alpha \times 2` `α × 2`.

Super- and subscripts are flattened, as they come out of a PDF. One pass over tokens with an explicit stack, so that
neither depth nor length of a formula can hurt.
"""

from __future__ import annotations

import re
import unicodedata

_TOKEN = re.compile(r"\\(?P<name>[A-Za-z]+)\*?\s*|\\(?P<sign>.)|(?P<other>[^\\])", re.DOTALL)
_SYMBOLS = {
    "times": "×", "cdot": "·", "cdots": "⋯", "dots": "…", "ldots": "…", "vdots": "⋮", "pm": "±", "mp": "∓", "div": "÷",
    "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "ne": "≠", "approx": "≈", "sim": "∼", "equiv": "≡",
    "propto": "∝", "ll": "≪", "gg": "≫", "in": "∈", "notin": "∉", "subset": "⊂", "subseteq": "⊆", "cup": "∪",
    "cap": "∩", "to": "→", "rightarrow": "→", "leftarrow": "←", "Rightarrow": "⇒", "Leftarrow": "⇐", "mapsto": "↦",
    "uparrow": "↑", "downarrow": "↓", "leftrightarrow": "↔", "infty": "∞", "partial": "∂", "nabla": "∇", "sum": "∑",
    "prod": "∏", "int": "∫", "sqrt": "√", "forall": "∀", "exists": "∃", "langle": "⟨", "rangle": "⟩", "ell": "ℓ",
    "circ": "∘", "star": "⋆", "ast": "∗", "oplus": "⊕", "otimes": "⊗", "odot": "⊙", "dagger": "†", "ddagger": "‡",
    "prime": "′", "checkmark": "✓", "lVert": "‖", "rVert": "‖", "Vert": "‖", "lvert": "|", "rvert": "|", "vert": "|",
    "mid": "|", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "quad": " ", "qquad": " ", "degree": "°",
    "bullet": "•", "triangle": "△", "emptyset": "∅", "lbrace": "{", "rbrace": "}", "land": "∧", "lor": "∨", "neg": "¬",
    "varepsilon": "ε", "epsilon": "ϵ", "phi": "ϕ", "varphi": "φ", "vartheta": "ϑ", "hbar": "ℏ", "Re": "ℜ", "Im": "ℑ",
    "colon": ":", "textasciitilde": "~", "backslash": "\\", "xmark": "✗", "setminus": "∖", "perp": "⊥", "top": "⊤",
}  # fmt: skip
_FUNCTIONS = frozenset(
    [
        "log", "exp", "sin", "cos", "tan", "max", "min", "arg", "argmax", "argmin", "lim", "sup", "inf",
        "det", "ln", "dim", "mod", "tanh", "Pr", "softmax",
    ]
)  # fmt: skip
_SIGNS = {
    ",": " ", ";": " ", ":": " ", "!": "", " ": " ", "\\": " ", "%": "%", "&": "&", "#": "#", "_": "_", "$":
    "$", "{": "{", "}": "}", "|": "‖",
}  # fmt: skip
_FRACTIONS = frozenset(["frac", "dfrac", "tfrac", "nicefrac", "sfrac"])


def _greek(name: str) -> str | None:
    kind = "CAPITAL" if name[0].isupper() else "SMALL"
    spelling = "LAMDA" if name.lower() == "lambda" else name.upper()
    try:
        return unicodedata.lookup(f"GREEK {kind} LETTER {spelling}")
    except KeyError:
        return None


def math_text(tex: str) -> str:
    """One formula as text of one line; unknown commands vanish, their arguments stay."""
    out: list[str] = []
    slash_after: list[int] = []  # brace depths after whose closing a fraction bar follows
    depth = 0
    for match in _TOKEN.finditer(tex):
        name, sign, other = match["name"], match["sign"], match["other"]
        if name is not None:
            if name in _FRACTIONS:
                slash_after.append(depth)
            elif name in _FUNCTIONS:
                out.append(f" {name} ")
            else:
                out.append(_SYMBOLS.get(name) or _greek(name) or "")
        elif sign is not None:
            out.append(_SIGNS.get(sign, ""))
        elif other == "{":
            depth += 1
        elif other == "}":
            depth -= 1
            if slash_after and slash_after[-1] == depth:
                slash_after.pop()
                out.append("/")
        elif other in "~&":
            out.append(" ")
        elif other not in "^_$":
            out.append(other)
    return " ".join("".join(out).split())
