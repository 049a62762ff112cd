# SPDX-License-Identifier: Apache-2.0
"""Tests of claims: a paired t-test over seeds, Holm's correction over claims, McNemar's test of one seed."""
import math

import mpmath


def beyond(t, freedom):
    """Two-sided p of Student's t: the probability of a value that is farther from 0."""
    return float(mpmath.betainc(freedom / 2, 0.5, 0, freedom / (freedom + t * t), regularized=True))


def quantile(p, freedom):
    """The t that is exceeded on both sides together with probability p."""
    low, high = 0.0, 1e6
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if beyond(middle, freedom) > p else (low, middle)
    return low


def mean_and_error(values):
    """Mean and its standard error; of one value the error is not known."""
    mean = sum(values) / len(values)
    if len(values) < 2:
        return mean, math.nan
    variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
    return mean, math.sqrt(variance / len(values))


def paired_t(first, second):
    """Of the differences first - second: mean, its 95 % interval, and the two-sided p of a mean of 0. Differences that are all
    the same, whether there is one or more, say nothing of their spread: then the interval is endless and p is 1."""
    differences = [a - b for a, b in zip(first, second, strict=True)]
    mean, error = mean_and_error(differences)
    if not error > 0:
        return mean, (-math.inf, math.inf), 1.0
    freedom = len(differences) - 1
    reach = quantile(0.05, freedom) * error
    return mean, (mean - reach, mean + reach), beyond(mean / error, freedom)


def holm(ps):
    """Adjusted p-values (Holm 1979), in the order given: a claim holds at a level if its adjusted p is below that."""
    adjusted = [0.0] * len(ps)
    least = 0.0
    for rank, index in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        least = max(least, min(1.0, (len(ps) - rank) * ps[index]))
        adjusted[index] = least
    return adjusted


def mcnemar(first_wrong, second_wrong):
    """(only the first is wrong, only the second is, exact two-sided p) of two models on the same examples."""
    first, second = set(first_wrong), set(second_wrong)
    only_first, only_second = len(first - second), len(second - first)
    differ = only_first + only_second
    as_uneven = sum(math.comb(differ, k) for k in range(min(only_first, only_second) + 1))
    return only_first, only_second, min(1.0, 2 * as_uneven / 2**differ)
