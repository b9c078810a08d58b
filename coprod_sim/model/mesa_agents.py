"""The parties as Mesa agents: views of table rows, for those who think in agents (see `views`)."""

from __future__ import annotations

from coprod_sim.model.views import ElderView, Party


class Government(Party):
    """The county government."""

    table_name = "office"
    telling = ("cash", "yearly")


class VillageCommittee(Party):
    """A village committee; its row is the village's."""

    table_name = "committees"
    telling = ("cash", "service_motivation", "workload", "diverting")


class Association(Party):
    """An elders' association; its row is the village's."""

    table_name = "associations"
    telling = ("members", "captured", "cash", "standing")


class SocialOrganization(Party):
    """A social organisation."""

    table_name = "organizations"
    telling = ("cash", "owed", "belief")


class Elder(ElderView):
    """An elder, living and 60 or over; its row never changes."""
