"""Participation: who takes part."""

from __future__ import annotations

import numpy as np

from coprod_sim.model.agents.elder.table import WEEKS
from coprod_sim.model.indicators.declaring import (
    GLANCE,
    GROUPED,
    HEADLINE,
    LATER,
    PARTICIPATION,
    TABLE,
    TIME,
    by_group,
    of_county,
)
from coprod_sim.model.indicators.per_elder import Counted, ElderMonth, among
from coprod_sim.model.indicators.tally import Tally
from coprod_sim.model.places import BUILDING


@by_group("Enrolled among the target group", PARTICIPATION, "share", of="elders in the target group",
          shown=(HEADLINE, GLANCE, TABLE, GROUPED, TIME))  # fmt: skip
def enrolled_share(elder: ElderMonth) -> Counted:
    """Enrolled of those in the target group."""
    return among(elder.enrolled, elder.target)


@by_group("Took part within 12 months", PARTICIPATION, "share", of="the aware near an open site",
          shown=(HEADLINE, TABLE))  # fmt: skip
def took_part_12m(elder: ElderMonth) -> Counted:
    """Used or helped at least once in 12 months, of the aware near an open site."""
    return among(elder.lately, elder.reached)


@by_group("Helpers among the able", PARTICIPATION, "share", of="elders who are able to help",
          shown=(HEADLINE, GLANCE, TABLE, GROUPED, TIME))  # fmt: skip
def helper_rate(elder: ElderMonth) -> Counted:
    """Helpers of the able."""
    return among(elder.helper, elder.able)


@by_group("Hours that a helper gives", PARTICIPATION, "hours/week", of="helpers", shown=(TABLE,))
def helper_hours(elder: ElderMonth) -> Counted:
    """Hours of a helper."""
    return among(elder.hours / WEEKS, elder.helper)


@of_county("Hours of village cadres", PARTICIPATION, "hours/village-month", of="villages", shown=(TABLE,))
def committee_hours(tally: Tally) -> float:
    """Cadre hours given."""
    return float(tally.state.committees.hours.sum()) / tally.state.land.villages


@of_county("Hours of cadres that manage or ask", PARTICIPATION, "hours/village-month", of="villages")
def committee_hours_care(tally: Tally) -> float:
    """Cadre hours that manage or ask."""
    return float(tally.state.committees.hours[:, 4:].sum()) / tally.state.land.villages


@of_county("Came to the last meeting", PARTICIPATION, "share", of="elders who could attend", shown=(TABLE,))
def attendance(tally: Tally) -> float:
    """Of those who could attend the last meeting."""
    return tally.state.attendance


@of_county("Helpers who stop", PARTICIPATION, "1/year", of="helpers", better=0)
def helper_turnover(tally: Tally) -> float:
    """Helpers who stop, of helpers."""
    stopped = tally.counted("stopped")
    return 12 * stopped / max(float(tally.state.elders.helper.sum()) + stopped, 1.0)


@of_county("Sites that serve among those built", PARTICIPATION, "share", of="sites ever built",
           shown=(HEADLINE, TABLE, LATER))  # fmt: skip
def sites_active_share(tally: Tally) -> float:
    """Sites open and serving, of sites ever built."""
    sites = tally.state.sites
    built = float((sites.opened >= 0).sum())
    return float((sites.open & (sites.days_open >= 0.05)).sum()) / built if built else np.nan


@of_county("Sites built", PARTICIPATION, "sites", better=0)
def sites_built(tally: Tally) -> float:
    """Sites built or being built."""
    return float((tally.state.sites.status >= BUILDING).sum())


@of_county("Sites open", PARTICIPATION, "sites")
def sites_open(tally: Tally) -> float:
    """Sites open."""
    return float(tally.state.sites.open.sum())


@of_county("Villages with an open site", PARTICIPATION, "share", of="villages")
def villages_with_site(tally: Tally) -> float:
    """Villages with an open site."""
    return float((tally.state.land.hamlets_to_village(tally.state.sites.open) > 0).mean())


@of_county("Elders enrolled", PARTICIPATION, "elders", bought="elder more enrolled")
def enrolled(tally: Tally) -> float:
    """Elders enrolled."""
    return float(tally.state.elders.enrolled.sum())


@of_county("Enrolled elders of a site", PARTICIPATION, "elders", of="open sites", better=0)
def enrolled_per_site(tally: Tally) -> float:
    """Enrolled elders of an open site."""
    number = float(tally.state.sites.open.sum())
    return float(tally.state.elders.enrolled.sum()) / number if number else np.nan


@of_county("Villages with an organisation at work", PARTICIPATION, "share", of="villages", shown=(TABLE,))
def villages_with_organization(tally: Tally) -> float:
    """Villages where an organisation works."""
    return float((tally.state.contracts.organization >= 0).mean())


@of_county("Villages with an elders' association", PARTICIPATION, "share", of="villages", shown=(TABLE,))
def villages_with_association(tally: Tally) -> float:
    """Villages with an elders' association."""
    return float(tally.state.associations.exists.mean())


@of_county("Elders who say that they would take part", PARTICIPATION, "share", of="elders")
def willing_share(tally: Tally) -> float:
    """Would use or help if asked, near, free and without shame.

    A question, not an act: it asks for the motives alone, as a survey does, with a threshold of a yes.
    """
    elders, params = tally.state.elders, tally.state.params.elders
    give = params.help_motivation * elders.motivation + params.help_taste * elders.taste + params.help_asked
    take = params.enrol_need * tally.state.needs.unmet_share + params.enrol_alone * tally.state.needs.alone
    inclined = np.maximum(give, take) + params.help_trust * (elders.trust - 0.5)
    yes = elders.present & (inclined > params.willing_from)
    return float(yes.sum() / max(elders.present.sum(), 1))


# Each party's motivation: the beginning of the study's chain.


@of_county("Motivation of elders", PARTICIPATION, "0-1", of="elders")
def motivation_elders(tally: Tally) -> float:
    """Mean intrinsic motivation that counts, less crowding."""
    elders, committees = tally.state.elders, tally.state.committees
    counts = elders.motivation * tally.state.land.in_village(1 - committees.crowding) * elders.present
    return float(counts.sum() / max(elders.present.sum(), 1))


@of_county("Motivation of committees", PARTICIPATION, "0-1", of="villages")
def motivation_committee(tally: Tally) -> float:
    """Mean public-service motivation of committees."""
    return float(tally.state.committees.service_motivation.mean())


@of_county("What organisations gain in an hour", PARTICIPATION, "yuan/hour", of="organisations")
def motivation_organizations(tally: Tally) -> float:
    """Mean gain that organisations see in an hour."""
    organizations, params = tally.state.organizations, tally.state.params
    price = params.funding.service_purchase / params.organizations.hours_a_contract
    gain = price * organizations.belief - organizations.cost
    return float(gain.mean()) if organizations.rows else np.nan
