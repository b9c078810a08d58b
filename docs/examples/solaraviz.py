"""Mesa's own page, SolaraViz, for a county of six villages (docs/mesa.md).

SOLARA_TELEMETRY_MIXPANEL_ENABLE=false solara run docs/examples/solaraviz.py --host 127.0.0.1 --no-check-version
"""

from __future__ import annotations

import solara
from matplotlib.figure import Figure
from mesa.visualization import Slider, SolaraViz, make_plot_component
from mesa.visualization.utils import update_counter

import coprod_sim as cs


class Watched(cs.CoproductionModel):
    """The model with arguments that a control can set: SolaraViz makes it anew from them."""

    def __init__(self, audits: float = 0.15, time_bank: bool = False, rng: int = 7) -> None:
        levers = [f"supervision.audit_probability={audits}", f"incentive.time_bank={str(time_bank).lower()}"]
        super().__init__(cs.load_scenario("village_small", ["horizon.reform_month=12", *levers]), rng)


@solara.component
def Trust(model: Watched) -> None:  # noqa: N802 # components are named like classes
    """A picture of one's own: the trust of elders in their village committee."""
    update_counter.get()  # draws anew after each step
    figure = Figure(figsize=(5, 3), layout="constrained")
    axis = figure.subplots()
    axis.hist(model.agents_by_type[cs.Elder].get("trust"), bins=20, range=(0, 1), color="#0072b2")
    axis.set(title=f"Trust in the village committee, month {model.month}", xlabel="trust (0-1)", ylabel="elders")
    solara.FigureMatplotlib(figure)


CONTROLS = {
    "audits": Slider("Audits of a site in a year", value=0.15, min=0.0, max=1.0, step=0.05),
    "time_bank": {"type": "Checkbox", "value": False, "label": "Time bank"},
    "rng": 7,
}
page = SolaraViz(
    Watched(),
    components=[make_plot_component({"need_closed": "#0072b2", "helper_rate": "#d55e00"}), Trust],
    model_params=CONTROLS,
    name="coprod_sim in Mesa's own page",
)
