"""What each package offers by name, whatever was imported before."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pkgutil import iter_modules

import pytest

import modic_annotate

SUB_PACKAGES = sorted(
    f"modic_annotate.{module.name}"
    for module in iter_modules(modic_annotate.__path__)
    if module.ispkg
)
PACKAGES = ["modic_annotate", *SUB_PACKAGES]
LAZY = [name for name in PACKAGES if hasattr(import_module(name), "_HOME")]

AFTER_ALL_SUBMODULES = """
import json, sys
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

import modic_annotate

for module in walk_packages(modic_annotate.__path__, "modic_annotate."):
    if not module.name.endswith("__main__"):
        import_module(module.name)


def home(package, name):
    where = package._HOME[name]
    module, attribute = (where, name) if isinstance(where, str) else where
    return getattr(import_module(f"{package.__name__}.{module}"), attribute)


def fault(package, name):
    value = getattr(package, name)
    if isinstance(value, ModuleType):
        return "is a module"
    if not callable(value):
        return "is no function or class"
    return "" if value is home(package, name) else "is another object than its home's"


packages = map(import_module, json.loads(sys.argv[1]))
print(json.dumps({
    package.__name__: {name: said for name in package._HOME if (said := fault(package, name))}
    for package in packages
}))
"""

GUI_BY_PACKAGE = """
import json, sys
from importlib import import_module

GUI = ("napari", "qtpy", "PySide6", "PyQt5", "PyQt6", "vispy", "superqt", "magicgui",
       "modic_annotate_napari")
found = {}
for name in json.loads(sys.argv[1]):
    import_module(name)
    found[name] = sorted(gui for gui in GUI if gui in sys.modules)
print(json.dumps(found))
"""


def said_by(program: str, packages: list[str]) -> dict[str, object]:
    """What a fresh interpreter prints as JSON, told which packages to look at."""
    command = [sys.executable, "-c", program, json.dumps(packages)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


@pytest.fixture(scope="module")
def faults() -> dict[str, object]:
    """The faulty public names of each package once every module of the core was imported."""
    return said_by(AFTER_ALL_SUBMODULES, LAZY)


def test_the_packages_with_lazy_names_are_known() -> None:
    """The checks below look at the packages a user imports from."""
    assert {"modic_annotate", "modic_annotate.imaging", "modic_annotate.session"} <= set(LAZY)


@pytest.mark.parametrize("package", LAZY)
def test_a_public_name_stays_itself_when_every_submodule_is_imported(faults, package) -> None:
    """No submodule takes the place of a function or class of the same name."""
    assert faults[package] == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_no_public_name_is_that_of_a_submodule(package) -> None:
    """A name means one thing, whichever was imported first."""
    module = import_module(package)
    names = {*getattr(module, "_HOME", ()), *getattr(module, "__all__", ())}
    assert names.isdisjoint(found.name for found in iter_modules(module.__path__))


@pytest.mark.parametrize("package", LAZY)
def test_every_name_a_package_lists_can_be_had(package) -> None:
    """What `__all__` lists is there, and no other name is."""
    module = import_module(package)
    assert set(getattr(module, "__all__", module._HOME)) == set(module._HOME)
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = module.no_such_name


def test_no_package_of_the_core_imports_a_gui() -> None:
    """Importing the core, package by package, loads no napari, no Qt and no vispy."""
    assert said_by(GUI_BY_PACKAGE, PACKAGES) == {name: [] for name in PACKAGES}
