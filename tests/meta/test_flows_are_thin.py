"""Flows assemble: no SQL, no patterns, no branches on content, one call per task."""

import ast

import pytest

from tests.conftest import ROOT

FLOWS = sorted((ROOT / "flows").glob("*.py"))
FORBIDDEN_IMPORTS = {"re", "sqlite3", "sqlite_utils", "httpx", "requests", "arxiv"}


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_a_flow_holds_no_sql_no_pattern_and_no_loop(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        assert not isinstance(node, ast.If | ast.For | ast.While | ast.Match | ast.Try), f"line {node.lineno}"
        if isinstance(node, ast.Import):
            assert not {name.name.split(".")[0] for name in node.names} & FORBIDDEN_IMPORTS
        if isinstance(node, ast.ImportFrom):
            assert (node.module or "").split(".")[0] not in FORBIDDEN_IMPORTS
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert "SELECT " not in node.value


def test_flows_stay_small():
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in FLOWS) < 300
