"""The solver as a program of its own: a model as JSON on standard input, its solution as JSON on standard output.

    python -m itembank.services.mip_program

Nothing imports this module. So HiGHS and NumPy are loaded only where a model is solved, its memory goes when it ends,
and whoever waits can end it. HiGHS and OR-Tools cannot be loaded into one process; here is HiGHS alone.
"""

import json
import sys
from typing import Any

import highspy


def solve(document: dict[str, Any]) -> dict[str, Any]:
    """Return the outcome, the values of the columns and the goal."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)  # noqa: FBT003 - the solver's own signature
    highs.setOptionValue("time_limit", float(document["seconds"]))
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("random_seed", 1)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", float(document["gap"]))
    highs.passModel(_model(document))
    if document["start"]:
        columns = document["whole"]
        ones = set(document["start"])
        highs.setSolution(len(columns), columns, [column in ones for column in columns])
    highs.run()
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return {"outcome": "infeasible", "values": [], "goal": 0.0}
    solved = status == highspy.HighsModelStatus.kOptimal
    found = highs.getInfo().primal_solution_status == highspy.kSolutionStatusFeasible
    values = list(highs.getSolution().col_value) if found else []
    return {
        "outcome": "optimal" if solved else "stopped",
        "values": values,
        "goal": highs.getInfo().objective_function_value,
    }


def _model(document: dict[str, Any]) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(document["lowest"]), len(document["rows"])
    model.col_lower_ = document["lowest"]
    model.col_upper_ = document["highest"]
    model.col_cost_ = document["cost"]
    model.row_lower_ = [low for low, _ in document["rows"]]
    model.row_upper_ = [high for _, high in document["rows"]]
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = [*document["starts"], len(document["columns"])]
    model.a_matrix_.index_ = document["columns"]
    model.a_matrix_.value_ = document["factors"]
    whole = set(document["whole"])
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    model.integrality_ = [kinds[column in whole] for column in range(model.num_col_)]
    return model


if __name__ == "__main__":
    json.dump(solve(json.load(sys.stdin)), sys.stdout)
