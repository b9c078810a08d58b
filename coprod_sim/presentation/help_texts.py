"""What `coprod-sim --help` and `--levers` say, from the declarations alone."""

from __future__ import annotations

from coprod_sim.presentation.language import N_, gettext, pgettext
from coprod_sim.presentation.mistakes import wanted
from coprod_sim.scenario.composing import options
from coprod_sim.scenario.recommendations import recommendations
from coprod_sim.scenario.schema import LEVER_GROUPS, Scenario, declarations, lever_group_label

HELP = N_("""usage: coprod-sim [-m] [KEY=VALUE ...]

Compares policies with today's in a simulated county and writes a report. Without keys: the flagship.

  experiment=NAME      which question: recommendations, funding, incentive, ... (experiments/README.md)
  county=NAME          county_a, county_a_sample, xinyu, village_small
  GROUP=OPTION         an option of a group of levers: incentive=time_bank; one policy, named after its overrides
  recommendation=NAME  a bundle of levers, as docs/levers.md has them; [NAME,NAME] for several
  GROUP.NAME=VALUE     a lever or a parameter: supervision.audit_probability=0.2, population.villages=20
  replications=N       paired runs of each scenario
  draws={accepted: N}  parameter sets that calibration does not rule out; null: the defaults alone
  seed=N               of the study
  output=FOLDER        of results; the same command again resumes there
  workers=N            processes
  language=zh          report, figures, console and dashboard in Chinese (docs/languages.md)
  dry=true             say how many runs and how long, and run nothing

  -m                   several values of levers, all combinations as one study: incentive=none,pay access.fee=0,2
  --levers             every lever with its unit, its range and today's value
  --config-dir DIR     options and experiments of one's own: DIR/experiment/mine.yaml
  --cfg job            print the composed config, and run nothing
  --villages-template FILE    a table to fill in for a county of one's own: county.villages=FILE (docs/own_county.md)
  --version, --help

  coprod-sim county=village_small draws=null
  coprod-sim funding=front_loaded supervision=strong replications=10
  coprod-sim merge results/part_1 results/part_2 output=results/whole
  coprod-sim export results/part_1 output=tables    for R, Excel and other programs (docs/interoperability.md)
  coprod-sim app                              the dashboard, in the browser; port=N, browser=false
  coprod-sim cache clear                      forget the compiled rules, which are kept from run to run

More keys: baseline, question, sweep, factorial, doses, cluster, part (docs/studies.md, docs/designs.md).""")


def usage() -> str:
    """What `--help` says."""
    return gettext(HELP)


def levers() -> str:
    """The recommendations, then levers by group with its options, each with today's value, its range and its cost."""
    named = ", ".join(f"{r.name} ({pgettext('recommendation', r.label)})" for r in recommendations().values())
    lines, today = [f"recommendation: {named}"], Scenario()
    for group in LEVER_GROUPS:
        about = pgettext("lever group", lever_group_label(group))
        lines.append(f"{group} ({about}): {', '.join(options(group))}")
        for of, name, declared in declarations():
            if of == group and declared.cost:
                value = _written(getattr(getattr(today, group), name))
                lines.append(f"  {group}.{name} = {value}  [{wanted(declared.allowed_in_full(), f'{group}.{name}')}]")
                said = gettext("{label}. {meaning}.").format(
                    label=pgettext("lever", declared.label), meaning=pgettext("parameter's meaning", declared.meaning)
                )
                cost = gettext("costs {words}").format(words=pgettext("what a lever costs", declared.cost.words))
                payer = pgettext("who pays for a lever", declared.cost.payer)
                paid = gettext(" (paid by: {payer})").format(payer=payer) if payer else ""
                lines += [f"      {said}", f"      {cost}{paid}"]
    return "\n".join(lines)


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
