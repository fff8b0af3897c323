"""The figure object: what travels through a notebook, and what stands in for references."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from minato_analysis import figures as f
from minato_analysis.figures.figure import MIME
from minato_analysis.numbers.tables import Table

TABLE = Table("numbers", "割合", ("年", "割合"), (("2022", "49.0%"),))


def test_the_bundle_carries_everything_with_its_references(samples):
    words = replace(samples.caption("a"), table=TABLE)
    figure = f.share_over_time(words, [samples.area()])
    bundle = figure._repr_mimebundle_(include=None, exclude=None)
    assert set(bundle) == {MIME, "image/svg+xml", "text/plain"}
    whole = json.loads(json.dumps(bundle[MIME]))
    assert whole == {
        "id": "a",
        "title": words.title,
        "subtitle": words.subtitle,
        "desc": words.desc,
        "svg": figure.svg,
        "table": TABLE.json(),
        "notes": [*words.notes],
        "layout": "below",
        "apart": True,
        "narrow": figure.narrow,
    }
    assert bundle["image/svg+xml"] == figure.svg
    assert bundle["text/plain"] == words.title


def test_without_a_table_there_is_null(samples):
    assert samples.one_line("a")._repr_mimebundle_()[MIME]["table"] is None


def test_the_title_in_the_svg_is_the_subtitle_unless_another_is_given(samples):
    series = [samples.area()]
    words = samples.caption("a")
    assert f'id="a-title">{words.subtitle}<' in f.share_over_time(words, series).svg
    other = replace(words, alt_title="別の題")
    assert 'id="a-title">別の題<' in f.share_over_time(other, series).svg
    with pytest.raises(ValueError, match="alt_title"):
        f.share_over_time(replace(words, subtitle=samples.REFERENCE), series)


def test_the_description_in_the_svg_is_plain_and_never_empty(samples):
    series = [samples.area([46.2, float("nan")], (2021, 2022))]
    words = samples.caption("a")
    assert 'id="a-desc">甲市: 2021 46.2%<' in f.share_over_time(words, series).svg
    plain = replace(words, desc="横ばいです。")
    assert 'id="a-desc">横ばいです。<' in f.share_over_time(plain, series).svg
    given = replace(words, alt_desc="別の説明")
    assert 'id="a-desc">別の説明<' in f.share_over_time(given, series).svg


def test_a_figure_is_frozen(samples):
    with pytest.raises(AttributeError):
        samples.one_line("a").title = "b"


def test_series_of_unequal_lengths_are_refused():
    with pytest.raises(ValueError, match="2 years"):
        f.ShareSeries("a", "area", (2021, 2022), [49.0])
    with pytest.raises(ValueError, match="both its ends"):
        f.ShareSeries("a", "area", (2021,), [49.0], low=[48.0])
    with pytest.raises(ValueError, match="no share is known"):
        f.ShareSeries("a", "area", (2021,), [np.nan])
    with pytest.raises(ValueError, match="1 years"):
        f.Persons((2021,), [1, 2], [1], "a", "b")
    with pytest.raises(ValueError, match="1 years"):
        f.Fan((2021,), [1], [1], [1, 2], [1], [1], "a", "b", "c")
    with pytest.raises(ValueError, match="1 years"):
        f.CountSeries("a", (2021,), [1, 2])
    with pytest.raises(ValueError, match="n = 0"):
        f.Row("a", 0.0, 0.0, 0.0, 0)
