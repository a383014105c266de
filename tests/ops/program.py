"""The program as a person starts it: `python -m yingsheng.ops` on a data directory of its own."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "绿树成荫-溪水长流-2025"


@dataclass(frozen=True, kw_only=True)
class Program:
    """A data directory, and the commands run on it."""

    data: Path

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of whoever runs the suite but the search path."""
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT / "src"),
            "YINGSHENG_DATA": str(self.data),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "yingsheng.ops", *arguments]

    def run(self, *arguments: str, typed: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; `typed` comes through a pipe, `more` are further environment variables."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.data.parent,
            env={**self.environment, **more},
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command that goes on."""
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.data.parent,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def ask(self, statement: str, *values: object) -> Sequence[tuple[object, ...]]:
        """Look into, or meddle with, the database behind the program's back."""
        with closing(sqlite3.connect(self.data / "yingsheng.sqlite3", timeout=20)) as connection:
            rows = connection.execute(statement, values).fetchall()
            connection.commit()
            return rows

    def init(self, *, code: str = "lv", username: str = "head") -> subprocess.CompletedProcess[str]:
        """Open a production site; the caller looks at what came of it."""
        return self.run(
            *(
                "init",
                "--code",
                code,
                "--name",
                "绿荫里",
                "--head-username",
                username,
                "--head-name",
                "陆主任",
            ),
            typed=f"{PASSWORD}\n",
        )
