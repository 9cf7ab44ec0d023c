"""What a command says where a library of an extra is not installed."""

from __future__ import annotations

import re
import sys

import pytest

from tracker.exchange.extras import MissingExtraError, require


def test_an_installed_library_is_imported() -> None:
    assert require("json", "xlsx") is sys.modules["json"]


def test_a_missing_library_names_its_extra() -> None:
    # The pip of this very Python: that of an environment which pipx has made is not on the PATH.
    command = re.escape(f"{sys.executable} -m pip install 'tracker-records[xlsx]'")
    with pytest.raises(MissingExtraError, match=command) as found:
        require("no_such_library_of_anybody", "xlsx")
    assert found.value.exit_code == 3


def test_a_broken_library_is_not_called_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str) -> None:
        raise ModuleNotFoundError(name=f"{name}_core")

    monkeypatch.setattr("tracker.exchange.extras.importlib.import_module", fail)
    with pytest.raises(ModuleNotFoundError) as found:
        require("library", "xlsx")
    assert found.value.name == "library_core"
