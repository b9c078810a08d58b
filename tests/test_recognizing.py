"""How the county and organisations recognise many villages' plans, and what it does to motivation (ODD 7.2.4)."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coprod_sim.model.attitudes import mean_recognition
from coprod_sim.model.places import County, Organizations, Villages
from coprod_sim.model.stages import recognizing
from tests.rules import both, rule_values
from tests.test_planning import TALK, Year

VALUES = rule_values()


def test_recognition_of_many_plans_is_their_mean_and_one_half_without_any() -> None:
    mean = both(mean_recognition)
    assert [mean(1.2, 2.0), mean(0.0, 3.0), mean(0.0, 0.0)] == [0.6, 0.0, 0.5]


def test_the_county_recognises_all_villages_with_a_site_and_an_organisation_its_own() -> None:
    villages, organizations, county = Villages(4), Organizations(3), County(1)
    villages.county_recognition[:], villages.organization_recognition[:] = (0.9, 0.6, 0.3, 0.1), (0.2, 0.4, 0.8, 0.1)
    villages.contract[:] = (1, 1, 0, 2)
    open_site = np.array([True, True, True, False])
    recognizing.recognise_plans(villages.arrays, organizations.arrays, county.arrays, open_site, np.ones(3), np.ones(3))
    assert county.recognition[0] == pytest.approx(0.6)  # (0.9 + 0.6 + 0.3) / 3
    assert organizations.recognition.tolist() == pytest.approx([0.8, 0.3, 0.5])  # the last one's site is not open
    recognizing.recognise_plans(
        villages.arrays, organizations.arrays, county.arrays, open_site & False, np.ones(3), np.ones(3)
    )
    assert county.recognition[0] == 0.5 and organizations.recognition.tolist() == [0.5] * 3


def test_the_countys_motivation_follows_its_recognition_alone() -> None:
    county = County(1)
    county.motivation[:], county.recognition[:] = 0.6, 0.9
    recognizing.county_experience(county.arrays, VALUES.motives)
    # A twentieth of the way to .5 + .5 x .4 = .7.
    assert county.motivation[0] == pytest.approx(0.6 + 0.05 * 0.1)


def test_each_partys_recognition_of_a_village_is_nearness_to_its_ideal_less_what_was_not_kept() -> None:
    year = Year()  # the county decides: plan and guideline are meals 2.5 / 3, fee .22, homes and needy first 0, .5
    villages = year.county.villages
    kept = villages.plan_kept[0]
    as_kept = 1 - math.sqrt(((villages.plan[0] - kept) ** 2).mean())
    assert villages.county_recognition[0] == pytest.approx(as_kept)
    # An organisation would have no fee, homes and needy first 1.
    apart = math.sqrt((0.22 * 0.22 + 1 + 1) / 5)
    assert villages.organization_recognition[0] == pytest.approx((1 - apart) * as_kept)


def test_who_sits_is_written_and_nobody_does_without_talk() -> None:
    assert not Year().county.villages.seated.any()
    year = Year(**TALK)
    seated = year.county.villages.seated
    assert seated[:, :2].all() and np.array_equal(seated[:, 2], year.spoke > 0)
    assert not seated[:, 3:].any()  # no association has members, and no organisation a contract
