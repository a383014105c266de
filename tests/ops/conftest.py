"""Installations to run commands on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .program import Program


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with its tables, made once."""
    program = Program(data=tmp_path_factory.mktemp("prepared") / "var")
    done = program.run("prepare")
    assert done.returncode == 0, done.stderr
    return program.data


@pytest.fixture
def program(prepared: Path, tmp_path: Path) -> Program:
    """The program on an installation that has tables and roles, but no site."""
    shutil.copytree(prepared, tmp_path / "var")
    return Program(data=tmp_path / "var")


@pytest.fixture
def bare(tmp_path: Path) -> Program:
    """The program on a machine where it never ran."""
    return Program(data=tmp_path / "var")
