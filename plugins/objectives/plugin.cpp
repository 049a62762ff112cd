// SPDX-License-Identifier: Apache-2.0
#include "as_printed.hpp"
#include "logistic.hpp"
#include "raw.hpp"
#include "relativistic.hpp"
#include "wasserstein.hpp"

#include <retort/sdk/plugin.hpp>

RETORT_PLUGIN(registrar) {
    using namespace retort::objectives;
    using retort::sdk::Objective;
    registrar.add<Objective, ExpectedProbability>(
        "expected_probability",
        "The paper's game with its minus restored: D classifies, the student minimises -E D(s). Its gradient fades "
        "when D wins clearly.");
    registrar.add<Objective, AsPrinted>(
        "as_printed", "The paper's game literally as printed. It is cooperative and unbounded; for study only.");
    registrar.add<Objective, Minimax>("minimax", "D classifies, the student minimises E log(1 - D(s)).");
    registrar.add<Objective, NonSaturating>(
        "non_saturating", "D classifies, the student minimises -E log D(s). Its gradient is strong where D wins.");
    registrar.add<Objective, LeastSquares>(
        "least_squares", "Least squares on raw scores: D draws the teacher's to 1 and the student's to 0.");
    registrar.add<Objective, Hinge>("hinge",
                                    "Hinge loss on raw scores with a margin of 1; the student minimises -E a.");
    registrar.add<Objective, Wasserstein>(
        "wasserstein", "Wasserstein distance by raw scores: D minimises E a(s) - E a(t) with a penalty that draws its "
                       "slope to 1 between the samples of both sides, the student -E a(s) (Gulrajani et al. 2017).");
    registrar.add<Objective, Relativistic>(
        "relativistic", "Relativistic game on raw scores: D tells which of two samples is the teacher's, the student "
                        "minimises the same with the sides exchanged (Jolicoeur-Martineau 2019).");
}
