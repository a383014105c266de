"""Every wall holds: a bad import planted in a copy of the tree is refused by the contract meant for it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")


@dataclass(frozen=True, kw_only=True)
class Plant:
    """A line that must not stand in a module, and the contract that says so."""

    contract: str
    module: str
    line: str


PLANTS = (
    # the floors
    Plant(contract="floors", module="base/money.py", line="import yingsheng.kernel.org.models"),
    Plant(contract="floors", module="base/words.py", line="import yingsheng.content"),
    Plant(contract="floors", module="kernel/cases/queries.py", line="import yingsheng.ui.parts"),
    Plant(
        contract="floors",
        module="kernel/notify/services.py",
        line="import yingsheng.processes.complaints.models",
    ),
    Plant(contract="floors", module="ui/parts.py", line="import yingsheng.processes.complaints.rules"),
    Plant(contract="floors", module="ui/parts.py", line="import yingsheng.api.apps"),
    Plant(contract="floors", module="api/apps.py", line="import yingsheng.ui.parts"),
    Plant(
        contract="floors",
        module="processes/complaints/services/intake.py",
        line="import yingsheng.ops.worker",
    ),
    Plant(contract="floors", module="ops/worker.py", line="import yingsheng.project.urls"),
    Plant(contract="floors", module="attic/__init__.py", line="import yingsheng.base.money"),
    # the order of the kernel
    Plant(
        contract="kernel-order", module="kernel/events/services.py", line="import yingsheng.kernel.org.models"
    ),
    Plant(
        contract="kernel-order", module="kernel/org/services.py", line="import yingsheng.kernel.estate.models"
    ),
    Plant(
        contract="kernel-order", module="kernel/timers/tick.py", line="import yingsheng.kernel.cases.models"
    ),
    Plant(
        contract="kernel-order",
        module="kernel/notify/services.py",
        line="import yingsheng.kernel.timers.models",
    ),
    Plant(contract="kernel-order", module="kernel/attic/__init__.py", line=""),
    # processes
    Plant(
        contract="processes-apart",
        module="processes/enquiries/services.py",
        line="import yingsheng.processes.complaints.services.intake",
    ),
    Plant(
        contract="processes-apart",
        module="processes/followups/reactions.py",
        line="import yingsheng.processes.complaints.rules",
    ),
    Plant(
        contract="inside-a-process",
        module="processes/followups/rules.py",
        line="import yingsheng.processes.followups.models",
    ),
    Plant(
        contract="inside-a-process",
        module="processes/followups/models.py",
        line="import yingsheng.processes.followups.services",
    ),
    Plant(
        contract="inside-a-process",
        module="processes/enquiries/services.py",
        line="import yingsheng.processes.enquiries.process",
    ),
    Plant(
        contract="inside-a-process",
        module="processes/complaints/services/clocks.py",
        line="import yingsheng.processes.complaints.reactions",
    ),
    Plant(contract="inside-a-process", module="processes/enquiries/attic.py", line=""),
    # purity
    Plant(contract="pure", module="base/phones.py", line="from django.utils import timezone"),
    Plant(
        contract="pure", module="processes/complaints/rules/classify.py", line="from django.db import models"
    ),
    Plant(contract="pure", module="processes/enquiries/rules.py", line="import yingsheng.kernel.org.models"),
    Plant(contract="pure", module="kernel/worktime/arithmetic.py", line="from django.utils import timezone"),
    Plant(contract="pure", module="kernel/events/chain.py", line="import sqlite3"),
    Plant(contract="pure", module="kernel/policies/book.py", line="import yingsheng.kernel.policies.models"),
    # the web
    Plant(contract="api-framework", module="kernel/cases/services.py", line="import ninja"),
    Plant(contract="api-framework", module="ops/worker.py", line="import ninja"),
    Plant(
        contract="web-framework",
        module="processes/complaints/services/intake.py",
        line="import yingsheng.ui.parts",
    ),
    Plant(
        contract="web-framework", module="processes/complaints/models.py", line="import yingsheng.api.apps"
    ),
    Plant(contract="web-framework", module="processes/followups/queries.py", line="import ninja"),
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package, of Python files alone, to do damage in."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(
        ROOT / "src",
        folder / "src",
        ignore=lambda path, names: [
            name for name in names if not name.endswith(".py") and not Path(path, name).is_dir()
        ],
    )
    shutil.copy(ROOT / ".importlinter", folder)
    return folder


def lint(house: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINTER, "--no-logo", "--no-cache", *arguments],
        cwd=house,
        env={"PYTHONPATH": str(house / "src"), "PATH": "", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_house_stands(house: Path) -> None:
    done = lint(house)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: f"{plant.contract}:{plant.module}")
def test_a_planted_import_is_refused(house: Path, plant: Plant) -> None:
    module = house / "src" / "yingsheng" / plant.module
    new_folder = not module.parent.exists()
    before = module.read_text(encoding="utf-8") if module.exists() else None
    module.parent.mkdir(exist_ok=True)
    module.write_text(f"{before or ''}\n{plant.line}\n", encoding="utf-8")
    try:
        done = lint(house, "--contract", plant.contract)
    finally:
        if new_folder:
            shutil.rmtree(module.parent)
        elif before is None:
            module.unlink()
        else:
            module.write_text(before, encoding="utf-8")
    assert done.returncode == 1, done.stdout
    planted = plant.module.removesuffix("/__init__.py").removesuffix(".py").replace("/", ".")
    assert f"yingsheng.{planted}" in done.stdout  # refused for what was planted, nothing else


def test_every_contract_is_tried() -> None:
    declared = re.findall(
        r"\[importlinter:contract:([\w-]+)\]", (ROOT / ".importlinter").read_text(encoding="utf-8")
    )
    assert {plant.contract for plant in PLANTS} == set(declared)
