"""The model calls of notebooks 02 and 03, as their cells make them."""

from __future__ import annotations

import pandas as pd

from minato_analysis.analyses import cannabis, causes, known, series, trends
from minato_analysis.analyses.series import Counts
from minato_analysis.data.study import Study
from minato_analysis.statistics import comparison, decomposition, strata
from minato_analysis.statistics import trends as models
from minato_analysis.statistics.joint import CountSeries, JointTrend, joint_trend


def trend(study: Study, area: Counts, fitted: Counts | None = None) -> pd.DataFrame:
    """Fit the line to the years under one law, or to those given, and record it."""
    fitted = fitted or series.one_law(study, area)
    years, k, n = arrays(fitted)
    fits = {
        "binomial": models.logit_trend(years, k, n),
        "quasi": models.logit_trend(years, k, n, "quasi"),
        "beta-binomial": models.beta_binomial_trend(years, k, n),
    }
    tests = models.homogeneity(k, n), models.cochran_armitage(k, n, years)
    return trends.record_trend(study, area, fitted, fits, *tests)


def leave_one_out(study: Study, area: Counts, fitted: Counts | None = None) -> pd.DataFrame:
    """Fit the line without each year in turn, and record the p values."""
    fitted = fitted or series.one_law(study, area)
    found = models.leave_one_out(*arrays(fitted))
    trends.record_leave_one_out(study, fitted, found)
    return found.to_frame()


def shapley(study: Study, area: Counts) -> pd.DataFrame:
    """Split the change between the first and the last year, and record the parts."""
    (_, first), (_, last) = series.ends(area)
    pair = [one[name] for one in (first, last) for name in ("reoffenders", "persons_arrested")]
    split = decomposition.shapley_change(*pair), decomposition.logit_change(*pair)
    return causes.record_shapley(study, area, *split)


def joint(study: Study, area: Counts, parent: Counts) -> JointTrend:
    """Fit the two areas together, and record the difference of their slopes."""
    found = joint_trend(
        CountSeries(*arrays(area)),
        CountSeries(*arrays(parent)),
        same_definition=area.definition == parent.definition,
    )
    causes.record_joint(study, area, parent, found)
    return found


def against(study: Study, own: Counts, whole: Counts, *, difference: str) -> Counts:
    """Compare cannabis with the other offences year by year, as notebook 03 does, and record it."""
    other = cannabis.others(study, own, whole, difference=difference)
    counts = [one for each in (own, other) for one in arrays(each)[1:]]
    between, p = (
        known.each(test, *counts)
        for test in (comparison.compare_shares, comparison.equality_p_value)
    )
    shares = {"own": own.table["share"], "other": other.table["share"]}
    sides = {"points": between.estimate, "low": between.low, "high": between.high}
    percent = {name: 100 * one for name, one in sides.items()}
    table = pd.DataFrame(shares | percent | {"p": p, "p_holm": strata.holm(p)})
    cannabis.record_against_other(study, own, other, table)
    return other


def arrays(counts: Counts) -> tuple[pd.Index, pd.Series, pd.Series]:
    """Return years, reoffenders and persons arrested."""
    return counts.table.index, counts.table["reoffenders"], counts.table["persons_arrested"]
