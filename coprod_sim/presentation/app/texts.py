"""Every word of the dashboard that is not a registry's, by key; `say` gives it in the language that is spoken."""

from __future__ import annotations

from typing import Any

from coprod_sim.presentation.language import N_, gettext

ENGLISH = {
    # The page
    "title": N_("coprod_sim: two policies side by side"),
    "lead": N_(
        "Old people, village committees and the county of a small model county, month by month. Both runs meet the "
        "same random numbers: whatever differs between them is the policy's doing."
    ),
    "one_pair": N_(
        "This is one pair of runs. It shows how the model works, not how certain a difference is: another seed "
        "may give another one. For intervals make a study of it (below)."
    ),
    "part_controls": N_("What is compared"),
    "part_sides": N_("Three sides of results"),
    "part_map": N_("Villages and hamlets"),
    "part_flow": N_("One village through the four stages"),
    "part_elder": N_("Why one elder does or does not"),
    "part_study": N_("Make a study of this"),
    "preparing": N_(
        "Preparing both runs. The first time on a machine the model's rules are compiled, which takes about a minute."
    ),
    "rerunning": N_("Running both again to the month shown …"),
    # Running
    "play": N_("Play"),
    "pause": N_("Pause"),
    "step_1": N_("1 month"),
    "step_12": N_("12 months"),
    "reset": N_("Reset"),
    "step_1_said": N_("Step 1 month"),
    "step_12_said": N_("Step 12 months"),
    "reset_said": N_("Reset to month 0"),
    "running_said": N_("Running the two policies"),
    "month_shown": N_("Month {month} of {months}"),
    "until_reform": N_("today's policy in both until month {month}"),
    "since_reform": N_("policies differ since month {month}"),
    "elders_shown": N_("{elders:,} elders in {villages} villages"),
    # Settings
    "villages": N_("Villages"),
    "villages_help": N_(
        "Number of villages, between {low} and {high}. The smaller, the quicker, and the more a "
        "difference varies between seeds. The county is county A of the source study, cut down, with as many skilled "
        "hours for each village; with fewer than 8 villages there are more."
    ),
    "seed": N_("Seed"),
    "seed_help": N_(
        "A whole number from which all random numbers of both runs follow. The same seed gives the same runs."
    ),
    "reform_month": N_("Reform month"),
    "reform_month_help": N_(
        "Months from the start after which the levers hold, between 0 and {high}. Until then both "
        "runs have today's policy."
    ),
    "whose_levers": N_("Set the levers of"),
    "comparator": N_("Comparator"),
    "policy": N_("Policy"),
    "recommendations": N_("Recommendations of the source study"),
    "recommendation_help": N_("Stage: {stage}. Problem: {problem}. Recommended: {answer}. It sets: {levers}."),
    "recommendation_named": N_("{name}: {label}"),
    "back_to_today": N_("All levers as today"),
    "levers_by_stage": N_("All levers by stage"),
    "stage_design": N_("Cooperative design"),
    "stage_management": N_("Cooperative management"),
    "stage_provision": N_("Cooperative provision"),
    "stage_evaluation": N_("Cooperative evaluation"),
    "set_levers": N_("{number} set"),
    "what_is": N_("What is “{label}”?"),
    "lever_help": N_(
        "{meaning}. Must be {allowed}. Today: {today}. Costs {cost}{payer}. Source: {source} (grade {grade})."
    ),
    "with_unit": N_("{label} ({unit})"),
    "lever_set": N_("{label}: {value}"),
    "between": N_("between {low} and {high} ({unit})"),
    "between_pure": N_("between {low} and {high}"),
    "whole_between": N_("a whole number between {low} and {high}"),
    "one_of": N_("one of {choices}"),
    "true_or_false": N_("true or false"),
    "refused": N_("{key}: must be {allowed}, got {given!r}"),
    "paid_by": N_(" (paid by: {payer})"),
    "assumed": N_("assumed"),
    "grade_M": N_("M: measured near this setting"),
    "grade_T": N_("T: transferred from elsewhere"),
    "grade_I": N_("I: inferred"),
    "grade_A": N_("A: assumed"),
    "comma": N_(", "),
    "sentence": N_("{words}."),
    "yes": N_("yes"),
    "no": N_("no"),
    "same_policies": N_(
        "Comparator and policy are the same now, so nothing will differ. Switch a recommendation on, or "
        "set a lever of one of them."
    ),
    "not_possible": N_("Not possible: {problem}"),
    "comparator_is": N_("Comparator: {levers}"),
    "policy_is": N_("Policy: {levers}"),
    "todays_policy": N_("today's policy"),
    # Sides
    "side_value": N_("Value: what old people get"),
    "side_participation": N_("Participation: who takes part"),
    "side_cost": N_("Cost: what it takes"),
    "indicator": N_("Indicator shown"),
    "difference_title": N_("Policy less comparator"),
    "month_axis": N_("month (dotted line: reform)"),
    "points": N_("percentage points"),
    "scale": N_("scale from 0 to 1"),
    "an_elder_and_year": N_("{unit} an elder and year"),
    "an_elder": N_("{unit} an elder"),
    "no_value": N_("no value"),
    "no_month_yet": N_("No month has been stepped yet: press Play or step."),
    "levels": N_("Month {month}: comparator {comparator}, policy {policy}; difference {difference}."),
    "chart_said": N_(
        "Line chart over the months: {label}, {unit}, under comparator and policy, and their difference. {sentence}"
    ),
    "unit_with_note": N_("{unit}; {note}"),
    "flow_note": N_("mean of up to 12 months"),
    # Map
    "colour_by": N_("Colour of a hamlet"),
    "by_reached": N_("People reached"),
    "by_state": N_("State of the site"),
    "legend_reached": N_("People reached, % of the hamlet's elders (the number in a circle):"),
    "legend_state": N_("State of the hamlet's site:"),
    "reached_help": N_(
        "People reached: of a hamlet's elders of 60 or over, those who use a site, or got help, company or "
        "a visit at home in the month; the number is their share in percent."
    ),
    "state_help": N_(
        "State of the site of each hamlet. A hamlet without an open site may be served by another of its village."
    ),
    "map_title": N_("{policy}: map of villages along their road, each hamlet a circle. {summary}"),
    "map_summary": N_("{reached} of {elders} elders reached ({share}%), {open} sites open."),
    "hamlet_tip": N_("{village}, hamlet {place}: {reached} of {elders} elders reached; site: {state}"),
    "from_to": N_("{start} to under {end}%"),
    "from_on": N_("{start}% and more"),
    "site_none": N_("none"),
    "site_applied": N_("applied for"),
    "site_building": N_("being built"),
    "site_open": N_("open"),
    "site_stopped": N_("stopped"),
    # Flow
    "village": N_("Village"),
    "village_numbered": N_("village {number}"),
    "flow_caption": N_("{village}, as it stands after month {month}"),
    "flow_start": N_("{village}, at the start"),
    "what": N_("What"),
    "stage_plan": N_("1 Cooperative design: the plan"),
    "stage_money": N_("2 Cooperative management: money"),
    "stage_duties": N_("3 Cooperative provision: duties"),
    "stage_faults": N_("4 Cooperative evaluation: faults"),
    "plan_there": N_("A plan of a site"),
    "plan_meals": N_("Meals a day"),
    "plan_fee": N_("Fee of a meal"),
    "plan_homes": N_("Helpers' hours kept for the homebound"),
    "plan_needy": N_("Helpers who go to the neediest first"),
    "plan_by_elders": N_("Duties of elders, of those that helpers could own"),
    "plan_talked": N_("Seated in this year's talk"),
    "plan_recognised": N_("How far elders recognise the plan (0-1)"),
    "party_county": N_("county"),
    "party_committee": N_("committee"),
    "party_elders": N_("elders"),
    "party_association": N_("association"),
    "party_organization": N_("organisation"),
    "nobody": N_("nobody: no talk"),
    "money_due": N_("Running money due this month"),
    "money_claimed": N_("Of it claimed on the day"),
    "money_arrears": N_("Owed to sites from earlier months"),
    "money_public": N_("Sites' cash from the county"),
    "money_own": N_("Sites' own cash"),
    "money_village": N_("The committee's cash for care"),
    "money_county": N_("County's money left this year"),
    "money_contract": N_("An organisation works here"),
    "sites": N_("Sites"),
    "sites_in": N_("{number} {state}"),
    "no_site": N_("none"),
    "no_open_site": N_("no open site"),
    "days_open": N_("Days with meals last month"),
    "duty_kitchen": N_("Duty done: kitchen"),
    "duty_accounts": N_("Duty done: accounts"),
    "duty_keys": N_("Duty done: keys"),
    "duty_list": N_("Duty done: list of the homebound"),
    "duty_repairs": N_("Duty done: repairs"),
    "users": N_("Users of a site"),
    "waiting": N_("Waiting for a place"),
    "helpers": N_("Helpers"),
    "of_elders": N_("{number} of {elders} elders"),
    "hours_worked": N_("Hours that helpers worked"),
    "hours": N_("{value} hours"),
    "committee_load": N_("Committee's work over its hours"),
    "fault_money": N_("Fault of money"),
    "fault_days": N_("Fault of days open"),
    "fault_people": N_("Fault of people not reached"),
    "fault_none": N_("none"),
    "fault_stands": N_("stands"),
    "fault_followed": N_("followed up"),
    "fault_at": N_("{state} at {number} of {sites}"),
    "audited": N_("Audited this year"),
    "of_sites": N_("{number} of {sites} open sites"),
    "findings": N_("Findings followed up last month"),
    "score_true": N_("True score of the last year (0-1)"),
    "score_official": N_("Official score of the last year (0-1)"),
    "phantoms": N_("Sites that stopped and are reported open"),
    "yuan_one": N_("{value} yuan"),
    # Elder
    "elder": N_("Elder"),
    "choice": N_("Choice"),
    "choice_help": N_("to help others"),
    "choice_enrol": N_("to enrol at a site"),
    "choice_join": N_("to join the elders' association"),
    "choice_attend": N_("to attend the meeting about the plan"),
    "elder_named": N_("no. {row}: {words}"),
    "elder_help": N_(
        "Elders of the village chosen above who live in both runs: helpers first, then users, then who is able to help."
    ),
    "woman": N_("woman"),
    "man": N_("man"),
    "aged": N_("{age} years"),
    "grade_independent": N_("independent"),
    "grade_mild": N_("mild loss of self-care"),
    "grade_moderate": N_("moderate loss of self-care"),
    "grade_severe": N_("severe loss of self-care"),
    "is_helper": N_("helper"),
    "is_user": N_("user"),
    "does_help": N_("Helps now."),
    "does_not_help": N_("Does not help now."),
    "does_enrol": N_("Is enrolled at a site."),
    "does_not_enrol": N_("Is not enrolled at a site."),
    "does_join": N_("Is a member of the association."),
    "does_not_join": N_("Is no member of an association."),
    "does_attend": N_("Attended the last meeting."),
    "does_not_attend": N_("Did not attend the last meeting."),
    "chance": N_("The probability to do so this month is {percent}."),
    "chance_again": N_(
        "Each month {again} of elders think again; this elder would then do so with probability {percent}."
    ),
    "reason_gone": N_("The choice is not this elder's to make: dead in this run."),
    "reason_frail": N_("The choice is not this elder's to make: only the independent and those with mild loss can."),
    "reason_no_association": N_("The choice is not this elder's to make: there is no association in the village."),
    "reason_unaware": N_("The choice is not this elder's to make yet: has not heard of mutual aid."),
    "reason_no_talk": N_("The choice is not this elder's to make: there is no talk in which elders have a seat."),
    "reason_no_site": N_("The choice is not this elder's to make: no site is open or applied for in reach."),
    "reason_rules": N_("The choice is not this elder's to make: the rules on who may enrol leave this elder out."),
    "terms_caption": N_("What speaks for it (right) and against it (left), in log-odds, largest first"),
    "term": N_("Motive"),
    "log_odds": N_("log-odds"),
    "tips_title": N_("What would tip it"),
    "even_odds_more": N_("For even odds {missing} of log-odds are missing."),
    "even_odds_less": N_("It stands {missing} of log-odds above even odds."),
    "without_obstacle": N_("Most in the way: “{term}” ({value}). Without it the probability would be {then}."),
    "without_support": N_("Most in favour: “{term}” ({value}). Without it the probability would be {then}."),
    "at_once_title": N_("With a recommendation from this month on, all else as it stands (policy's run)"),
    "at_once": N_("{name}: {now} → {then}"),
    "at_once_note": N_(
        "Only what this elder feels at once. What follows later, through neighbours, plans and money, is "
        "not in it: switch the recommendation on above to see that."
    ),
    "at_once_first": N_("Step a month first, and not to the end of the run."),
    "at_once_show": N_("Compute it for this elder"),
    "under_a_thousandth": N_("under 0.1%"),
    "portrait_caption": N_("Elder no. {row}"),
    "portrait_who": N_("Who"),
    "portrait_home": N_("Home"),
    "portrait_child": N_("Nearest child"),
    "portrait_income": N_("Income"),
    "portrait_aware": N_("Has heard of mutual aid"),
    "portrait_trust": N_("Trust in the committee (0-1)"),
    "portrait_motivation": N_("Motivation to help (0-1)"),
    "portrait_recognition": N_("Recognition of the plan (0-1)"),
    "portrait_worked": N_("Helped last month"),
    "home_with": N_("with somebody"),
    "home_alone": N_("alone"),
    "child_same_home": N_("in the home"),
    "child_village": N_("in the village"),
    "child_county": N_("in the county"),
    "child_away": N_("away"),
    "child_none": N_("none"),
    "yuan_a_month": N_("{value} yuan a month"),
    "term_help_base": N_("base: before all that follows"),
    "term_help_taste": N_("lasting taste for helping"),
    "term_help_intrinsic": N_("own motivation"),
    "term_help_trust": N_("trust in the committee"),
    "term_help_recognition": N_("recognition of the plan"),
    "term_help_others": N_("acquaintances who help"),
    "term_help_company": N_("company that one lacks"),
    "term_help_asked": N_("was asked this month"),
    "term_help_honour": N_("chance of an honour"),
    "term_help_frailty": N_("age and frailty"),
    "term_help_material": N_("pay or credits, less ways and feared accidents"),
    "term_enrol_base": N_("base: before all that follows"),
    "term_enrol_need": N_("need that the site would close"),
    "term_enrol_trust": N_("trust in the committee"),
    "term_enrol_recognition": N_("recognition of the plan"),
    "term_enrol_others": N_("acquaintances who are users"),
    "term_enrol_face": N_("shame at being cared for by others than one's children"),
    "term_enrol_material": N_("fee, ways and risk"),
    "term_join_base": N_("base: before all that follows"),
    "term_join_intrinsic": N_("own motivation"),
    "term_join_others": N_("acquaintances who are members"),
    "term_join_trust": N_("how well members are served"),
    "term_join_material": N_("dues"),
    "term_attend_base": N_("base: before all that follows"),
    "term_attend_motivation": N_("own motivation"),
    "term_attend_trust": N_("trust in the committee"),
    "term_attend_others": N_("acquaintances at the last meeting"),
    "term_attend_time": N_("hours that talk takes"),
    # Study
    "study_lead": N_(
        "This command runs the same comparison with {replications} seeds and writes a report with intervals. "
        "Add dry=true to see how long it takes."
    ),
    "nothing_to_compare": N_("the study: must compare two different policies, got the same one twice"),
    "command_said": N_("Command of the study, to be copied into a shell"),
    # Starting it
    "serving": N_("Dashboard: http://{host}:{port} (Ctrl-C ends it)"),
    "extra_missing": N_("app: must be installed with its extra, pip install 'coprod-sim[app]', got no package {name}"),
    "port": N_("port: must be a whole number between 1 and {most}, got {given!r}"),
    "browser": N_("browser: must be true or false, got {given!r}"),
    "app_words": N_("app: must be `coprod-sim app`, with port=N or browser=false behind it, got {given!r}"),
    "port_taken": N_("port: must be a free one, got {port}, at which something listens already"),
}


def say(key: str, /, **values: Any) -> str:
    """The words of a key in the language that is spoken, with values put in.

    Raises:
        KeyError: there is no such key.
    """
    return gettext(ENGLISH[key]).format(**values)


def said_yes(there: bool) -> str:
    """Yes or no."""
    return say("yes" if there else "no")
