"""The metrics that submissions are scored by, without any library. Truth first, then prediction.

Each takes lists of the rows that count. What a metric cannot take raises Invalid with a sentence.
"""

import math

EPSILON = 1e-15


class Invalid(Exception):
    """The submission breaks a rule; the message says which."""


def mean(values):
    values = list(values)
    return math.fsum(values) / len(values)


def rmse(truth, guess):
    return math.sqrt(mean((t - g) ** 2 for t, g in zip(truth, guess, strict=True)))


def rmsle(truth, guess):
    if min(guess) < 0:
        raise Invalid("negative predictions are not allowed for this metric")
    return rmse([math.log1p(t) for t in truth], [math.log1p(g) for g in guess])


def mae(truth, guess):
    return mean(abs(t - g) for t, g in zip(truth, guess, strict=True))


def mape(truth, guess):
    return 100 * mean(abs((t - g) / t) for t, g in zip(truth, guess, strict=True) if t)


def smape(truth, guess):
    return mean(200 * abs(t - g) / (abs(t) + abs(g)) if t or g else 0
                for t, g in zip(truth, guess, strict=True))


def rmspe(truth, guess):
    return math.sqrt(mean(((t - g) / t) ** 2 for t, g in zip(truth, guess, strict=True) if t))


def r2(truth, guess):
    centre = mean(truth)
    left = math.fsum((t - g) ** 2 for t, g in zip(truth, guess, strict=True))
    return 1 - left / math.fsum((t - centre) ** 2 for t in truth)


def auc(truth, guess):
    """By ranks; equal predictions share theirs."""
    order = sorted(range(len(guess)), key=guess.__getitem__)
    positives = sum(1 for t in truth if t == 1)
    ranks, at = 0.0, 0
    while at < len(order):
        end = at
        while end < len(order) and guess[order[end]] == guess[order[at]]:
            end += 1
        ranks += sum(1 for i in order[at:end] if truth[i] == 1) * (at + 1 + end) / 2
        at = end
    return (ranks - positives * (positives + 1) / 2) / (positives * (len(truth) - positives))


def gini(truth, guess):
    return 2 * auc(truth, guess) - 1


def probabilities(guess):
    if min(guess) < 0 or max(guess) > 1:
        raise Invalid("probabilities must lie between 0 and 1")
    return guess


def clip(value):
    return min(max(value, EPSILON), 1 - EPSILON)


def logloss(truth, guess):
    clipped = map(clip, probabilities(guess))
    return -mean(t * math.log(p) + (1 - t) * math.log(1 - p)
                 for t, p in zip(truth, clipped, strict=True))


def brier(truth, guess):
    return mean((g - t) ** 2 for t, g in zip(truth, probabilities(guess), strict=True))


def kappa(truth, guess, weight=lambda a, b: float(a != b)):
    """Cohen's; `weight` of a pair of positions among the sorted labels."""
    place = {name: i for i, name in enumerate(sorted(set(truth) | set(guess)))}
    given = [0] * len(place)
    wanted = [0] * len(place)
    seen = 0.0
    for t, g in zip(truth, guess, strict=True):
        wanted[place[t]] += 1
        given[place[g]] += 1
        seen += weight(place[t], place[g])
    chance = math.fsum(wanted[a] * given[b] * weight(a, b)
                       for a in range(len(place)) for b in range(len(place))) / len(truth)
    return 1 - seen / chance if chance else math.nan


def qwk(truth, guess):
    return kappa([int(t) for t in truth], [int(g) for g in guess], lambda a, b: (a - b) ** 2)


def accuracy(truth, guess):
    return mean(t == g for t, g in zip(truth, guess, strict=True))


def f1_of(positive, truth, guess):
    pairs = list(zip(truth, guess, strict=True))
    right = sum(1 for t, g in pairs if t == positive == g)
    named = sum(1 for t, _ in pairs if t == positive) + sum(1 for _, g in pairs if g == positive)
    return 2 * right / named if named else 0.0


def macro_f1(truth, guess):
    return mean(f1_of(name, truth, guess) for name in sorted(set(truth)))


def mcc(truth, guess):
    names = sorted(set(truth) | set(guess))
    wanted = [sum(1 for t in truth if t == name) for name in names]
    given = [sum(1 for g in guess if g == name) for name in names]
    rows = len(truth)
    right = sum(1 for t, g in zip(truth, guess, strict=True) if t == g)
    top = right * rows - sum(w * g for w, g in zip(wanted, given, strict=True))
    under = (rows ** 2 - sum(w * w for w in wanted)) * (rows ** 2 - sum(g * g for g in given))
    return top / math.sqrt(under) if under else 0.0


def by_column(metric):
    return lambda truth, guess: mean(
        metric(t, g) for t, g in zip(zip(*truth, strict=True), zip(*guess, strict=True),
                                     strict=True))


NUMERIC = {"rmsle": rmsle, "rmse": rmse, "mae": mae, "mape": mape, "smape": smape, "rmspe": rmspe,
           "r2": r2, "auc": auc, "gini": gini, "logloss": logloss, "brier": brier, "qwk": qwk}
LABEL = {"accuracy": accuracy, "f1": None, "macro_f1": macro_f1, "mcc": mcc, "kappa": kappa}
MULTI = {"mcrmse": by_column(rmse), "mcauc": by_column(auc)}
MINIMIZED = {"rmsle", "rmse", "mae", "mape", "smape", "rmspe", "logloss", "brier", "mcrmse",
             "multiclass_logloss"}
