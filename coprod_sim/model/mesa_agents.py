"""The parties as Mesa agents: views of table rows, for those who think in agents (see `model.views`)."""

from __future__ import annotations

from coprod_sim.model.views import ElderView, Party


class Government(Party):
    """The county government."""

    table_name = "county"
    telling = ("cash", "motivation")


class Township(Party):
    """A township: a run of neighbouring villages."""

    table_name = "townships"
    telling = ("done", "vanity")


class VillageCommittee(Party):
    """A village committee, with all that is known of its village; its row is the village's."""

    table_name = "villages"
    telling = ("cash", "motivation", "load")


class Association(Party):
    """An elders' association; its row is the village's."""

    table_name = "villages"
    telling = ("members", "dues_cash")
    shown = ("members", "dues_cash")


class SocialOrganization(Party):
    """A social organisation."""

    table_name = "organizations"
    telling = ("motivation", "owed")


class Elder(ElderView):
    """An elder, living and 60 or over; its row never changes."""

    @property
    def site(self) -> int:
        """Row of the site that serves the elder's hamlet, as the last month began; -1 without."""
        return int(self.model.state.site[self.hamlet])
