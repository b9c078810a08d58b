"""Columns of results by the names that earlier versions gave them."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest

import coprod_sim as cs
from coprod_sim.model.former_names import SITES, WithFormerNames


@pytest.fixture(scope="module")
def sites() -> pd.DataFrame:
    model = cs.CoproductionModel(cs.load_scenario("village_small", ["population.villages=2"]), rng=1)
    for _ in range(3):
        model.step()
    return model.sites_frame()


def test_a_former_name_gives_the_present_column_and_says_so(sites: pd.DataFrame) -> None:
    for former, present in SITES.items():
        assert present in sites.columns and former not in sites.columns
        with pytest.warns(cs.RenamedWarning, match=f"{former!r} is called {present!r} now"):
            pd.testing.assert_series_equal(sites[former], sites[present])
        with pytest.warns(cs.RenamedWarning):
            assert list(sites[["village", former]].columns) == ["village", present]


def test_present_and_unknown_names_are_as_in_any_frame(sites: pd.DataFrame) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(sites["users_reported"]) == len(sites) and len(sites[sites["users"] >= 0]) == len(sites)
        with pytest.raises(KeyError, match="never_there"):
            sites["never_there"]
        assert type(sites.head()) is pd.DataFrame  # what is made from it has present names alone


def test_a_column_that_has_the_former_name_again_is_itself() -> None:
    frame = WithFormerNames.of(pd.DataFrame({"old": [1], "new": [2]}), {"old": "new"})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert frame["old"].tolist() == [1]
