"""Who signs the pages: the typed contents of ``publisher.yaml``. An empty field is left out everywhere.

In: the YAML file at the top of the project. Out: a validated :class:`Publisher`; nothing is made up for a
field that nobody has filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field

from minato_analysis.project import editions, yamls

FILE = "publisher.yaml"
LABELS: Mapping[str, str] = {
    "publisher": "発行者",
    "contact": "連絡先",
    "licence": "利用条件",
    "plan": "計画の所在",
    "repository": "置き場所",
    "doi": "保存先の識別子",
}
"""What has to be decided before pages are published, with its name for readers."""

Address = Annotated[str, Field(pattern=r"^(https?://[^\s<>\"]+)?$")]


class Publisher(BaseModel):
    """What only the publisher knows (see the comments of the file)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    publisher: str = ""
    contact: str = ""
    official: bool = False
    licence: str = ""
    plan: Address = ""
    repository: Address = ""
    doi: Annotated[str, Field(pattern=r"^(10\.\d+/[^\s<>\"]+)?$")] = ""
    cite_as: str = ""

    @property
    def shown(self) -> list[str]:
        """The names of the fields that are filled in."""
        return [name for name in LABELS if getattr(self, name)]

    @property
    def open(self) -> list[str]:
        """The fields that are still empty, as ``name（label）``."""
        return [f"{name}（{label}）" for name, label in LABELS.items() if name not in self.shown]

    def cited(self, title: str, edition: str, built: str, lang: str = "ja") -> str:
        """Return how a page or an edition is cited.

        >>> Publisher(publisher="A会").cited("A市の割合", "2024年度版", "令和8(2026)年11月23日")
        'A会「A市の割合」2024年度版、令和8(2026)年11月23日'
        >>> Publisher(doi="10.1/a").cited("Share, A City", "Edition 2024", "23 November 2026", "en")
        '“Share, A City”, Edition 2024, 23 November 2026, doi:10.1/a'
        """
        if lang == "en":
            known = self.cite_as or self.publisher, f"“{title}”", edition, built
            return ", ".join(filter(None, (*known, f"doi:{self.doi}" if self.doi else "")))
        if self.cite_as:
            return f"{self.cite_as}（{title}、{edition}）"
        doi = f"、doi:{self.doi}" if self.doi else ""
        return f"{self.publisher}「{title}」{edition}、{built}{doi}"


def load(root: Path) -> Publisher:
    """Read ``publisher.yaml``; of a project without one, nothing is known.

    Raises
    ------
    EditionError
        ``E0-PARAMETER``: an unknown name, or an address that is none.
    """
    file = root / FILE
    values = yamls.read(file, yaml.BaseLoader) if file.is_file() else {}
    return editions.validate(Publisher, values, FILE, strict=False)
