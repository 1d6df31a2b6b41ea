"""Lines over a coordinate, and what an array has to do with it."""

import numpy as np

from .draws import listed, others


def trend(random, text, x):
    d = random.dimension(x)
    if d not in x.coords:
        return None
    output = random.one_of(["slope", "intercept"])

    def line():
        bare, c = x.drop_vars(x.coords), random.numbers_of(x[d]).drop_vars(d, errors="ignore")
        here = (c - c.mean()).where(bare.notnull())
        less = here - here.mean(d)
        slope = ((bare - bare.mean(d)) * less).sum(d, min_count=1) / (less**2).sum(d, min_count=1)
        slope = slope.where(bare.count(d) > 1)
        made = slope if output == "slope" else bare.mean(d) - slope * (here.mean(d) + c.mean())
        return made.transpose(*others(x, [d]))

    return f"trend({text}, {d}, output={output})", line


def correlated(random, text, x):
    gone, d = random.some(x.dims), random.dimension(x)
    if not random.exact or not gone or not (d in ("level", "lat", "lon") and random.keeps(x, d)):
        return None
    name = random.one_of(["covariance", "correlation"])

    def together():
        less = lambda a: a - a.mean(gone)
        one, other = less(x), less(x[d].where(x.notnull()))
        mean = lambda products: products.sum(gone, min_count=1) / x.count(gone)
        made = mean(one * other)
        if name == "correlation":
            # What hardly varies is equal but for rounding.
            varied = lambda v: mean(v**2).where(lambda variance: variance > 1e-9)
            made = made / np.sqrt(varied(one) * varied(other))
        return made.transpose(*others(x, gone))

    return f"{name}({text}, {d}{listed(gone)})", together
