# SPDX-License-Identifier: Apache-2.0
"""The study's tests of claims against tables and examples from elsewhere."""
import math
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples/4_study/study"))
import tests_of_claims  # noqa: E402


class TestsOfClaims(unittest.TestCase):
    def test_quantiles_are_those_of_the_table_of_student_s_t(self):
        for freedom, expected in ((1, 12.706), (4, 2.776), (9, 2.262), (30, 2.042)):
            self.assertAlmostEqual(tests_of_claims.quantile(0.05, freedom), expected, delta=5e-4)

    def test_of_one_degree_of_freedom_t_is_cauchy_s(self):
        self.assertAlmostEqual(tests_of_claims.beyond(1, 1), 0.5)
        self.assertAlmostEqual(tests_of_claims.beyond(-1, 1), 0.5)

    def test_student_s_own_example_of_sleep(self):
        """Student 1908, table I: additional hours of sleep with two drugs; t = 4.06, p = 0.0028 on both sides."""
        first = (0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0)
        second = (1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4)
        mean, (low, high), p = tests_of_claims.paired_t(first, second)
        self.assertAlmostEqual(mean, -1.58)
        self.assertAlmostEqual(low, -2.46, delta=0.005)
        self.assertAlmostEqual(high, -0.70, delta=0.005)
        self.assertAlmostEqual(p, 0.00283, delta=5e-6)

    def test_differences_without_spread_show_nothing(self):
        endless = (-math.inf, math.inf)
        self.assertEqual(tests_of_claims.paired_t([3, 4], [3, 4]), (0, endless, 1.0))
        self.assertEqual(tests_of_claims.paired_t([3, 4], [5, 6]), (-2, endless, 1.0))
        self.assertEqual(tests_of_claims.paired_t([3], [5]), (-2, endless, 1.0))

    def test_holm_s_steps(self):
        adjusted = tests_of_claims.holm([0.01, 0.04, 0.03, 0.005])
        for value, expected in zip(adjusted, (0.03, 0.06, 0.06, 0.02), strict=True):
            self.assertAlmostEqual(value, expected)
        self.assertEqual(tests_of_claims.holm([0.9, 0.8]), [1.0, 1.0])

    def test_mcnemar_counts_where_one_alone_is_wrong(self):
        self.assertEqual(tests_of_claims.mcnemar([1, 2, 3, 9], [4, 9]), (3, 1, 0.625))
        self.assertEqual(tests_of_claims.mcnemar([5], [5]), (0, 0, 1.0))
        self.assertAlmostEqual(tests_of_claims.mcnemar(range(10), [])[2], 2 / 2**10)

    def test_mean_and_its_standard_error(self):
        mean, error = tests_of_claims.mean_and_error([1, 2, 3, 4])
        self.assertEqual(mean, 2.5)
        self.assertAlmostEqual(error, (5 / 3 / 4) ** 0.5)


unittest.main()
