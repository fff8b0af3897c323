"""Settings of a run over many areas: a small YAML file beside the table in, typed values out.

``areas.yaml`` stands beside ``areas.csv``; every name in it is optional::

    title: 市区町村別の再犯者の割合
    subject: 架空の統計（2024年）
    population: 検挙された人（刑法犯、全年齢）
    source: 架空の統計、表1から作成
    built: 令和8(2026)年11月23日
    target_year: 2029
    target: 46.2
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, cast

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator

from minato_analysis.areas.errors import AreasError, machine
from minato_analysis.areas.measure import SHARE, Measure
from minato_analysis.project import editions

YEARS_AHEAD = 5
"""Years from the last to the target year where none is named."""


class Settings(BaseModel):
    """What the pages say, and what is computed for them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: editions.EditionName
    """Name of the run and of its folder; by default that of the file."""
    title: str = ""
    """Title of all pages; by default that of the measure."""
    subject: str = "受け取った表"
    """What is analysed, as the header strip prints it."""
    population: str = SHARE.population
    """Who or what is counted; printed under every figure. By default that of the measure."""
    source: str = "受け取った表から作成"
    """Where the counts come from; printed under every figure."""
    built: str = "記載なし"
    """Day as printed; set by hand, so that a rebuild gives the same bytes."""
    target_year: editions.Year | None = None
    """Year up to which is projected; by default five years after the last."""
    target: Annotated[float, Field(gt=0, lt=100)] | None = None
    """Target share in percent, one decimal; without it no target is spoken of."""

    def said(self, measure: Measure) -> tuple[str, str]:
        """Return title and population."""
        given = self.population if "population" in self.model_fields_set else measure.population
        return self.title or measure.title, given

    @field_validator("target")
    @classmethod
    def _one_decimal(cls, target: float | None) -> float | None:
        if target is not None and abs(10 * target - round(10 * target)) > 1e-9:
            raise ValueError("小数第一位までの割合（%）を書いてください")
        return target

    @property
    def target_tenths(self) -> int | None:
        """The target in tenths of a percent."""
        return None if self.target is None else round(10 * self.target)


def load(table: Path) -> Settings:
    """Read the YAML file beside `table`, if there is one.

    Raises
    ------
    AreasError
        ``E8-SETTINGS``: the file is not a mapping of names to values. ``E8-MACHINE``: it cannot be read.
    EditionError
        ``E0-PARAMETER``: unknown names or values of the wrong type.
    """
    file = table.with_suffix(".yaml")
    values: Any = {}
    if file.is_file():
        values = _read(file) or {}
    if not isinstance(values, dict):
        raise AreasError(f"E8-SETTINGS {file.name}: 「名前: 値」の形で書いてください。")
    # The check is about pydantic models; its annotation names the parameters of editions.
    found = editions.validate(
        cast(Any, Settings), {"name": table.stem, **values}, file.name, strict=False
    )
    return cast(Settings, found)


def _read(file: Path) -> Any:
    try:
        text = file.read_text(encoding="utf-8-sig")
        if any(isinstance(one, yaml.AliasEvent) for one in yaml.parse(text)):
            raise AreasError(
                f"E8-SETTINGS {file.name}: 参照（*名前）は使えません。値を書いてください。"
            )
        return yaml.load(text, Loader=yaml.BaseLoader)
    except OSError as error:
        raise machine(error, file) from None
    except UnicodeDecodeError:
        raise AreasError(
            f"E8-SETTINGS {file.name}: UTF-8 ではありません。UTF-8 で保存してください。"
        ) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" {mark.line + 1}行目" if mark else ""
        raise AreasError(
            f"E8-SETTINGS {file.name}{line}: 「名前: 値」の形で書いてください"
            "（コロンは半角で、後に空白を1つ。タブは使えません）。"
        ) from None
