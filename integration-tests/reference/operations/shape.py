"""Parts, orders of dimensions, and what broadcasts by their names."""

import numpy as np
import xarray as xr

from .draws import listed, others
from .groups import dated
from .reductions import reduce


def selected(random, text, x):
    d = random.dimension(x)
    if d is None:
        return None
    n = x.sizes[d]
    at = random.below(0, max(1, n))
    end = random.below(at, n + 1) + 1
    step = random.one_of([1, 2, -1])
    forms = [
        lambda: (f"{d}=#{at}", at),
        lambda: (f"{d}=#{at}:#{end}", slice(at, end)),
        lambda: (f"{d}=#{at}::#{abs(step)}", slice(at, None, abs(step))),
        lambda: (f"{d}=#::#{step}", slice(None, None, step)),
        lambda: (lambda list: (f"{d}=#[{', '.join(map(str, list))}]", list))(
            [random.below(0, max(1, n)) for _ in range(random.below(1, 4))]
        ),
    ]
    written, index = random.one_of(forms)()
    return f"{text}[{written}]", lambda: x.isel({d: index}, drop=True)


def of_months(random, text, x):
    if not dated(x):
        return None
    part = random.one_of(["month", "day", "hour", "year"])
    drawn = lambda: getattr(x.time.dt, part).values
    try:
        first = random.one_of(sorted(set(drawn().tolist())))
    except Exception:
        first = 1
    last = first + random.below(0, 4)
    if random.chance(0.5):
        return f"{text}[{part}(time)={first}]", lambda: x.isel(time=drawn() == first)
    return f"{text}[{part}(time)={first}:{last}]", lambda: x.isel(time=(drawn() >= first) & (drawn() <= last))


def turned(random, text, x):
    order = random.some(x.dims, len(x.dims))
    return f"transpose({text}{listed(order)})", lambda: x.transpose(*order)


def expanded(random, text, x):
    if "member" in text:
        return None
    return f"expand({text}, member=[1, 2])", lambda: x.expand_dims(member=[1.0, 2.0])


def joined(random, text, x):
    if len(x.dims) > 0 and random.chance(0.5):
        names = [d for d in x.dims if d in ("a", "b")]
        if names:
            d = random.one_of(names)
            return f"concat({text}, {text}, along={d})", lambda: xr.concat([x, x], d).transpose(*x.dims)
    if "ensemble" in text:
        return None
    return f"stack({text}, {text}, ensemble=[3, 4])", lambda: x.expand_dims(ensemble=[3.0, 4.0])


def less_its_part(random, text, x):
    """What broadcasts by the names of dimensions: some of it reduced, the rest in another order."""
    gone = random.some(x.dims)
    rest = others(x, gone) if gone else []
    order = random.some(rest, len(rest))
    part = f"transpose(mean({text}{listed(gone)}){listed(order)})"
    mean = lambda: reduce(x, "mean", gone or list(x.dims))
    if random.chance(0.5):
        return f"({text} - {part})", lambda: (x - mean()).transpose(*x.dims)
    return f"({part} * 2.0 - {text})", lambda: (mean() * 2 - x).transpose(*x.dims)


def masked(random, text, x):
    """By a condition on coordinates, which broadcasts."""
    d = random.dimension(x)
    if not random.exact or not (d in ("level", "lat", "lon") and random.keeps(x, d)):
        return None
    limit = random.one_of([-10, 40, 700])
    if random.chance(0.5):
        return f"where({d} > {limit}, {text}, 1.5)", lambda: xr.where(x[d] > limit, x, 1.5).transpose(*x.dims)
    return f"(minimum({text}, {d} * 1.0) + maximum({d} * 0.5, {text}))", lambda: (
        xr.where(x > x[d], x[d], x) + xr.where(x > x[d] / 2, x, x[d] / 2)
    ).where(x.notnull()).transpose(*x.dims)


def condition(random, text, x):
    if not random.exact or random.has_nan:
        return None
    limit = random.limit
    return random.one_of(
        [
            (f"any({text} > {limit})", lambda: reduce((x > limit).where(x.notnull()) * 1.0, "max", x.dims)),
            (f"where({text} > {limit}, {text}, 0.0)", lambda: xr.where(x > limit, x, 0.0).where(x.notnull())),
            (f"(({text} <= {limit}) * 2)", lambda: (x <= limit).where(x.notnull()) * 2.0),
        ]
    )
