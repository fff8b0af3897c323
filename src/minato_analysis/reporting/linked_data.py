"""What programs read about a page: JSON-LD with the words of schema.org, nothing in it that nobody has said.

In: a page, its edition, and for the front page the data package descriptor. Out: a mapping. The front page is
a ``Dataset`` with its files; every other page is a ``Report`` that is a part of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from minato_analysis.project.editions import Edition
from minato_analysis.published.manifest import date_of, iso_date
from minato_analysis.reporting.words import WORDS

if TYPE_CHECKING:
    from minato_analysis.reporting.page import Page

CONTEXT = "https://schema.org/"
FILES = {
    "facts.json": "application/json",
    "projections.json": "application/json",
    "ro-crate-metadata.json": "application/ld+json",
    "take-away.zip": "application/zip",
}
"""Files of an edition that hold data, with their types."""


def of_page(
    page: Page, edition: Edition, names: Mapping[str, str], descriptor: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the JSON-LD of a page.

    Parameters
    ----------
    page : Page
    edition : Edition
    names : mapping
        See :func:`minato_analysis.data.study.names`.
    descriptor : mapping
        The data package descriptor for the front page; of another page nothing.
    """
    signed = page.signed
    common = {
        "@context": CONTEXT,
        "name": page.heading,
        "description": page.description,
        "inLanguage": page.lang,
        "version": edition.edition,
        "datePublished": iso_date(edition.built),
        "dateModified": date_of(edition.model_dump()),
        "isAccessibleForFree": True,
        "license": signed.licence,
        "publisher": {"@type": "Organization", "name": signed.publisher}
        if signed.publisher
        else None,
        "identifier": f"https://doi.org/{signed.doi}" if signed.doi else None,
        "about": {"@type": "CreativeWork", "name": page.object, "url": signed.plan}
        if signed.plan
        else {"@type": "CreativeWork", "name": page.object},
    }
    if page.name != "index":
        part_of = {"@type": "Dataset", "name": page.subject, "url": "index.html"}
        return _said({**common, "@type": "Report", "isPartOf": part_of})
    documents = descriptor.get("source_documents", {}).values()
    return _said(
        {
            **common,
            "@type": "Dataset",
            "alternateName": WORDS["en"]["subject"].format(area=names["area_name_en"]),
            "temporalCoverage": f"{edition.first_year}/{edition.last_year}",
            "spatialCoverage": {"@type": "Place", "name": names["area_name"]},
            "creator": {"@type": "Organization", "name": signed.publisher}
            if signed.publisher
            else None,
            "isBasedOn": [
                {"@type": "CreativeWork", "name": one["title"], "datePublished": one["date"]}
                for one in documents
            ],
            "variableMeasured": [
                {"@type": "PropertyValue", "name": one["title"], "description": one["title_en"]}
                for one in descriptor.get("resources", [])
                if "reading" in one and "title_en" in one and not one.get("not_public")
            ],
            "distribution": [
                {"@type": "DataDownload", "contentUrl": file, "encodingFormat": kind}
                for file, kind in FILES.items()
            ],
            "codeRepository": signed.repository,
        }
    )


def _said(form: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in form.items() if value not in (None, "", [])}
