"""What a command would run, and about how long that takes; nothing is run to find out."""

from __future__ import annotations

import os

from coprod_sim.scenario.timeline import history
from coprod_sim.study import notes, record
from coprod_sim.study.commands import Request
from coprod_sim.study.design import Precision, RunKey, Study
from coprod_sim.study.identity import digest
from coprod_sim.study.locking import refuse_others_folder
from coprod_sim.study.memory import check_memory
from coprod_sim.study.notes import Note

# Measured on one core of a server of 2026 with Python 3.11: 3.3, 16 and 129 ms a month for 1,362, 32,112 and 248,854
# living elders. Another machine may take twice as long, or half.
SECONDS_A_MONTH = 0.003
SECONDS_AN_ELDER = 0.5e-6
MOST_NAMED = 8


def foreseen(request: Request) -> Note:
    """What a plan would run, in a sentence: runs, those already stored, about how many minutes.

    Raises:
        ScenarioError: it needs more memory than is available, or the folder holds another study or something else.
        StudyError: the folder's study cannot be read.
    """
    study = request.study
    if request.cluster is None:
        check_memory(study, request.workers)
    keys = study.keys(part=request.part)
    stored = len(_finished(request) & set(keys))
    workers = min(request.workers or os.cpu_count() or 1, max(len(keys), 1))
    names = list(study.scenarios)
    policies: tuple[str, ...] | Note = tuple(names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        policies = Note(notes.SOME_POLICIES, policies=policies, number=len(names) - MOST_NAMED)
    share = (len(keys) - stored) / len(study.keys())
    minutes = _months(study) * _seconds_a_month(study) * share / workers / 60
    on_workers = Note(notes.ON_MANY if workers > 1 else notes.ON_ONE, number=workers)
    where = Note(notes.ON_CLUSTER, cluster=request.cluster) if request.cluster else on_workers
    rule = study.replications
    words, least = (notes.FORESEEN_AT_MOST, rule.at_least) if isinstance(rule, Precision) else (notes.FORESEEN, 0)
    return Note(
        words, runs=len(keys), least=least, policies=policies, stored=stored, minutes=f"{minutes:.1f}", where=where,
        folder=str(request.folder),
    )  # fmt: skip


def _finished(request: Request) -> set[RunKey]:
    refuse_others_folder(request.folder)
    asked = record.read(request.folder)
    if asked is None:
        return set()
    record.refuse_another(request.folder, asked, request.study)
    from coprod_sim.study.store import Store  # only where there is a study, as reading tables takes a while to import

    return Store(request.folder).finished


def _months(study: Study) -> int:
    """Months to be stepped, histories that scenarios share counted once."""
    ends = [s.horizon for s in study.scenarios.values()]
    pasts = {digest(history(s, s.horizon.reform_month)): s.horizon.reform_month for s in study.scenarios.values()}
    after = sum(max(h.months - h.reform_month, 0) for h in ends)
    return (sum(pasts.values()) + after) * len(study.parameter_sets) * study.most_replications


def _seconds_a_month(study: Study) -> float:
    return SECONDS_A_MONTH + SECONDS_AN_ELDER * study.scenarios[study.baseline].elders_at_start
