"""Along one dimension."""

import numpy as np


def rolling(random, text, x):
    d = random.dimension(x)
    if d is None:
        return None
    window = random.below(1, max(2, x.sizes[d] + 1))
    name = random.one_of(["mean", "sum", "min", "max", "std", "var", "median", "count"])
    center = random.chance(0.4)
    least = random.below(1, window + 1) if random.chance(0.7) else None
    if name == "count":
        made = lambda: x.notnull().astype("f8").rolling({d: window}, center=center, min_periods=1).sum()
    else:
        made = lambda: getattr(x.rolling({d: window}, center=center, min_periods=least), name)()
    options = (", center=true" if center else "") + ("" if least is None else f", min_periods={least}")
    return f"rolling({text}, {name}, {d}={window}{options})", made


def cumulated(random, text, x):
    d = random.dimension(x)
    if d is None:
        return None
    name = random.one_of(["cumsum", "cumprod", "cummin", "cummax"])
    if name == "cumprod":
        x, text = x / 300, f"({text} / 300.0)"
    if name in ("cumsum", "cumprod"):
        return f"{name}({text}, {d})", lambda: getattr(x, name)(d)
    of = {"cummin": np.fmin, "cummax": np.fmax}[name]
    return f"{name}({text}, {d})", lambda: x.copy(data=of.accumulate(x.values, axis=x.dims.index(d)))


def difference(random, text, x):
    d = random.dimension(x)
    if d is None:
        return None
    n = random.below(1, 3)
    return f"diff({text} * 1.0, {d}{f', n={n}' if n > 1 else ''})", lambda: x.diff(d, n)
