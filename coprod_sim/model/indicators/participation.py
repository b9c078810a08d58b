"""Participation: who takes part (ODD 9)."""

from __future__ import annotations

from coprod_sim.model.indicators.declaring import (
    BESIDES,
    COST,
    FLOW,
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
from coprod_sim.model.indicators.tally import Tally, over

WEEKS = 52 / 12  # a month


@by_group("Enrolled among the target group", PARTICIPATION, "share", of="elders in the target group",
          shown=(HEADLINE, GLANCE, TABLE, GROUPED, TIME))  # fmt: skip
def enrolled_share(elder: ElderMonth) -> Counted:
    """Enrolled of those in the target group."""
    return among(elder.enrolled, elder.target)


@by_group("Took part within 12 months", PARTICIPATION, "share", of="the aware in reach of a site", shown=(TABLE,))
def took_part_12m(elder: ElderMonth) -> Counted:
    """Used or helped at least once in 12 months, of the aware in reach of a site."""
    return among(elder.lately, elder.reached)


@by_group("Helpers among the able", PARTICIPATION, "share", of="elders who are able to help",
          shown=(HEADLINE, GLANCE, TABLE, GROUPED, TIME))  # fmt: skip
def helper_rate(elder: ElderMonth) -> Counted:
    """Helpers of the able, whether they help at a site or their neighbours."""
    return among(elder.helper, elder.able)


@by_group("Hours that a helper works", PARTICIPATION, "hours/week", of="helpers", shown=(TABLE,))
def helper_hours(elder: ElderMonth) -> Counted:
    """Hours that a helper works."""
    return among(elder.worked / WEEKS, elder.helper)


@by_group("Hours that elders offered", PARTICIPATION, "hours", of="elders", kind=FLOW)
def hours_offered(elder: ElderMonth) -> Counted:
    """Hours that helpers offered."""
    return among(elder.offered, True)


@by_group("Hours that elders worked", PARTICIPATION, "hours", of="elders", kind=FLOW, shown=(TABLE,))
def hours_worked(elder: ElderMonth) -> Counted:
    """Hours that helpers worked, ways included; the rest of those offered found nothing to do."""
    return among(elder.worked, True)


@by_group("Hours that elders helped without pay", COST, "hours", of="elders", kind=FLOW, better=0,
          shown=(TABLE, BESIDES))  # fmt: skip
def unpaid_hours(elder: ElderMonth) -> Counted:
    """Hours that elders helped without pay."""
    return among(elder.unpaid, True)


@of_county("Hours of village cadres", PARTICIPATION, "hours/village-month", of="villages", shown=(TABLE,))
def committee_hours(tally: Tally) -> float:
    """Cadre hours given."""
    return over(tally.places.cadre_hours, tally.places.villages)


@of_county("Came to the last meeting", PARTICIPATION, "share", of="elders", shown=(TABLE,))
def attendance(tally: Tally) -> float:
    """Of all elders, those at the last meeting about the plan."""
    return over(tally.people.attended, tally.people.elders)


@of_county("Elders who say that they would take part", PARTICIPATION, "share", of="elders")
def willing_share(tally: Tally) -> float:
    """Would use a site or help if asked, near, free and without shame; asked each January."""
    return tally.willing


@of_county("Helpers who stop", PARTICIPATION, "1/year", of="helpers", better=0)
def helper_turnover(tally: Tally) -> float:
    """Helpers who stop, of helpers."""
    return over(12 * tally.stopped_helping, tally.people.helpers)


@of_county("Sites that serve among those opened", PARTICIPATION, "share", of="sites ever opened",
           shown=(HEADLINE, TABLE, LATER))  # fmt: skip
def sites_active_share(tally: Tally) -> float:
    """Sites open on at least half of the days, of sites ever opened."""
    return over(tally.places.running, tally.places.ever_opened)


@of_county("Sites open", PARTICIPATION, "sites")
def sites_open(tally: Tally) -> float:
    """Sites open."""
    return tally.places.sites


@of_county("Sites that stopped", PARTICIPATION, "sites", better=-1, shown=(BESIDES,))
def sites_stopped(tally: Tally) -> float:
    """Sites stopped, whose rooms stand idle."""
    return tally.places.stopped


@of_county("Villages with an open site", PARTICIPATION, "share", of="villages")
def villages_with_site(tally: Tally) -> float:
    """Villages with an open site."""
    return over(tally.places.villages_with_site, tally.places.villages)


@of_county("Elders enrolled", PARTICIPATION, "elders", bought="elder more enrolled")
def enrolled(tally: Tally) -> float:
    """Elders enrolled."""
    return tally.people.enrolled


@of_county("Elders who wait for a place", PARTICIPATION, "elders", better=0)
def waiting(tally: Tally) -> float:
    """Elders on a waiting list."""
    return tally.people.waiting


@of_county("Enrolled elders of a site", PARTICIPATION, "elders", of="open sites", better=0)
def enrolled_per_site(tally: Tally) -> float:
    """Enrolled elders of an open site."""
    return over(tally.people.enrolled, tally.places.sites)


@of_county("Helpers of a site", PARTICIPATION, "elders", of="open sites")
def helpers_per_site(tally: Tally) -> float:
    """Elders who worked for the site an hour or more in the month."""
    return over(tally.people.site_helpers, tally.places.sites)


@of_county("Villages with an organisation at work", PARTICIPATION, "share", of="villages", shown=(TABLE,))
def villages_with_organization(tally: Tally) -> float:
    """Villages with a contract."""
    return over(tally.places.contracts, tally.places.villages)


@of_county("Villages with an elders' association", PARTICIPATION, "share", of="villages", shown=(TABLE,))
def villages_with_association(tally: Tally) -> float:
    """Villages with an elders' association."""
    return over(tally.places.associations, tally.places.villages)


# Each party's motivation: the beginning of the study's chain.


@of_county("Motivation of elders", PARTICIPATION, "0-1", of="elders")
def motivation_elders(tally: Tally) -> float:
    """Mean motivation of elders."""
    return over(tally.people.motivation, tally.people.elders)


@of_county("Motivation of committees", PARTICIPATION, "0-1", of="villages")
def motivation_committee(tally: Tally) -> float:
    """Mean motivation of village committees."""
    return over(tally.places.motivation, tally.places.villages)


@of_county("Motivation of organisations", PARTICIPATION, "0-1", of="organisations")
def motivation_organizations(tally: Tally) -> float:
    """Mean motivation of organisations."""
    return over(tally.places.motivation_of_organizations, tally.places.organizations)


@of_county("Motivation of the county", PARTICIPATION, "0-1", of="the county government")
def motivation_county(tally: Tally) -> float:
    """Motivation of the county government."""
    return tally.motivation_of_county
