"""The fairness report as text and back: a job keeps it, pages and files are made of it.

Plain JSON and no canonical document, because its figures are floats and nobody signs them.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from cbt.kernel.errors import Problem
from itembank.core.fairness import (
    BrokenRule,
    Exposures,
    Fairness,
    FairnessReport,
    FormFigures,
    ItemUse,
    Overlap,
    PartFairness,
    Spread,
)


def report_text(report: FairnessReport) -> str:
    """Return the whole report as JSON."""
    return json.dumps(asdict(report), ensure_ascii=False, separators=(",", ":"))


def report_from(text: str) -> FairnessReport:
    """Return the report that `report_text` wrote."""
    document: dict[str, Any] = json.loads(text)
    figures = document["figures"]
    return FairnessReport(
        **{name: document[name] for name in ("blueprint", "version", "bank", "seed", "algorithm")},
        figures=Fairness(
            forms=tuple(FormFigures(**one) for one in figures["forms"]),
            items=figures["items"],
            points=figures["points"],
            expected=_spread(figures["expected"]),
            parts=tuple(
                PartFairness(code=one["code"], points=one["points"], expected=_spread(one["expected"]))
                for one in figures["parts"]
            ),
            cut_ability=figures["cut_ability"],
            information=_spread(figures["information"]),
            exposure=Exposures(**figures["exposure"]),
            overlap=Overlap(**figures["overlap"]),
            uses=tuple(ItemUse(**one) for one in figures["uses"]),
            unknown=figures["unknown"],
            broken=tuple(BrokenRule(form=one["form"], problem=Problem(**one["problem"])) for one in figures["broken"]),
        ),
    )


def _spread(document: Mapping[str, float] | None) -> Spread | None:
    return None if document is None else Spread(**document)
