"""Prints a JSON line for each of COUNT random second-order conservative regriddings, drawn by SEED, with their values.

null stands for missing. Written from the definition, apart from ours: neighbours by index, planes by lstsq, areas between
parallels by quadrature, polygons by the angles at their corners. Between grids of one pole cells end at parallels, else at great circles.
"""

import json
import sys

import numpy

random = numpy.random.default_rng(int(sys.argv[1]))
nodes, weights = numpy.polynomial.legendre.leggauss(24)


def vector(latitude, longitude):
    phi, lam = numpy.radians(latitude), numpy.radians(longitude)
    return numpy.array([numpy.cos(phi) * numpy.cos(lam), numpy.cos(phi) * numpy.sin(lam), numpy.sin(phi)])


def globe_of(pole):
    """A matrix that turns vectors of a rotated grid to those of the globe."""
    if pole is None:
        return numpy.eye(3)
    north, middle = vector(*pole), vector(90 - pole[0], pole[1] + 180)
    return numpy.stack([middle, numpy.cross(north, middle), north], axis=1)


def axis(low, high):
    cells = random.uniform(0.5, 1.5, random.integers(5, 9)).cumsum()
    ends = low + (high - low) * (cells - cells[0]) / (cells[-1] - cells[0])
    return numpy.stack([ends[:-1], ends[1:]], axis=-1)


def grid(pole, reach, is_global):
    if is_global:
        return axis(-90, 90), axis(0, 360)
    north, east = (0, 0) if pole else (52, 5)
    return axis(north - reach, north + reach), axis(east - reach, east + reach)


def box(south, north, west, east):
    """Area and sum of vectors between two latitudes and two longitudes."""
    phi = (south + north) / 2 + (north - south) / 2 * nodes
    lam = (west + east) / 2 + (east - west) / 2 * nodes
    phi, lam = numpy.meshgrid(phi, lam, indexing="ij")
    scale = numpy.radians(north - south) / 2 * numpy.radians(east - west) / 2
    density = scale * weights[:, None] * weights[None, :] * numpy.cos(numpy.radians(phi))
    return density.sum(), (density * vector(phi, lam)).sum(axis=(1, 2))


def box_overlap(a, b):
    south, north = max(a[0], b[0]), min(a[1], b[1])
    for turn in (-360, 0, 360):
        west, east = max(a[2] + turn, b[2]), min(a[3] + turn, b[3])
        if north > south and east > west:
            yield box(south, north, west, east)


def corners(turned, south, north, west, east):
    found = []
    for place in [(south, west), (south, east), (north, east), (north, west)]:
        corner = turned @ vector(*place)
        if not any(numpy.allclose(corner, other, atol=1e-12) for other in found):
            found.append(corner)
    return found


def clip(subject, against):
    for a, b in zip(against, against[1:] + against[:1]):
        normal, kept = numpy.cross(a, b), []
        for here, there in zip(subject, subject[1:] + subject[:1]):
            p, q = normal @ here, normal @ there
            if p >= 0:
                kept.append(here)
            if (p > 0 > q) or (p < 0 < q):
                cut = here + p / (p - q) * (there - here)
                kept.append(cut / numpy.linalg.norm(cut))
        subject = kept
    return subject


def polygon(points):
    """Area by the angles (Girard) and sum of vectors by the edges."""
    distinct = [p for p, q in zip(points, points[1:] + points[:1]) if numpy.linalg.norm(p - q) > 1e-11]
    if len(distinct) < 3:
        return 0, numpy.zeros(3)
    angles, moment = 0, numpy.zeros(3)
    for before, here, after in zip(distinct[-1:] + distinct[:-1], distinct, distinct[1:] + distinct[:1]):
        first, second = numpy.cross(here, after), numpy.cross(here, before)
        angles += numpy.arctan2(numpy.linalg.norm(numpy.cross(first, second)), first @ second)
        length = numpy.arctan2(numpy.linalg.norm(first), here @ after)
        moment += length / 2 * first / numpy.linalg.norm(first)
    return angles - (len(distinct) - 2) * numpy.pi, moment


def gradient(data, centres, j, i, is_global):
    rows, columns = data.shape
    places = [(j - 1, i), (j + 1, i), (j, i - 1), (j, i + 1)]
    if is_global:
        places = [(row, column % columns) for row, column in places]
    places = [(row, column) for row, column in places if 0 <= row < rows and 0 <= column < columns]
    if any(numpy.isnan(data[place]) for place in places + [(j, i)]):
        return numpy.zeros(3)
    centre = centres[j, i]
    tangents = numpy.linalg.svd(centre[None, :])[2][1:]
    steps = numpy.array([tangents @ (centres[place] - centre) for place in places])
    lengths = numpy.linalg.norm(steps, axis=1)
    rises = numpy.array([data[place] - data[j, i] for place in places])
    slope = numpy.linalg.lstsq(steps / lengths[:, None], rises / lengths, rcond=None)[0]
    return slope @ tangents


def cells(latitude, longitude):
    return [[(*north, *east) for east in longitude] for north in latitude]


def regrid(data, poles, source, target, tolerated, is_global):
    sources, targets = cells(*source), cells(*target)
    if poles[0] == poles[1]:
        def measure(cell, _):
            return box(*cell)

        overlaps = box_overlap
    else:
        turns = [globe_of(pole) for pole in poles]

        def measure(cell, side):
            return polygon(corners(turns[side], *cell))

        def overlaps(a, b):
            first, second = corners(turns[0], *a), corners(turns[1], *b)
            yield polygon(clip(first, second))

    sums = [[measure(cell, 0) for cell in row] for row in sources]
    centres = numpy.array([[moment / area for area, moment in row] for row in sums])
    result = []
    slopes = [
        [[gradient(layer, centres, j, i, is_global) for i in range(len(row))] for j, row in enumerate(sources)]
        for layer in data
    ]
    pieces = {}
    for b, row in enumerate(targets):
        for a, target_cell in enumerate(row):
            pieces[b, a] = [
                (j, i, area, moment)
                for j in range(len(sources))
                for i in range(len(sources[0]))
                for area, moment in overlaps(sources[j][i], target_cell)
                if area > 1e-13
            ]
    for layer, slope in zip(data, slopes):
        for (b, a), parts in pieces.items():
            area, total, covered = measure(targets[b][a], 1)[0], 0, 0
            for j, i, part, moment in parts:
                if numpy.isnan(layer[j, i]):
                    continue
                covered += part / area
                total += (part * layer[j, i] + slope[j][i] @ (moment - part * centres[j, i])) / area
            is_missing = covered <= 1e-9 or 1 - covered > tolerated + 1e-9
            result.append(None if is_missing else float(total / covered))
    return result


def described(pole, latitude, longitude):
    return {
        "pole": pole,
        "latitude": latitude.mean(axis=1).tolist(),
        "latitudeBounds": latitude.ravel().tolist(),
        "longitude": longitude.mean(axis=1).tolist(),
        "longitudeBounds": longitude.ravel().tolist(),
    }


for _ in range(int(sys.argv[2])):
    poles = [None if random.random() < 0.4 else (38.0, float(random.uniform(-178, -172))) for _ in range(2)]
    if random.random() < 0.4:
        poles[1] = poles[0]
    is_global = bool(random.random() < 0.3)
    source, target = grid(poles[0], 20, is_global), grid(poles[1], 12, False)
    data = random.normal(size=(2, len(source[0]), len(source[1])))
    if random.random() < 0.6:
        data[random.random(data.shape) < 0.08] = numpy.nan
    mdtol = float(random.choice([0, 0.4, 1]))
    print(
        json.dumps(
            {
                "source": described(poles[0], *source),
                "target": described(poles[1], *target),
                "data": [None if numpy.isnan(value) else float(value) for value in data.ravel()],
                "mdtol": mdtol,
                "expected": regrid(data, poles, source, target, mdtol, is_global),
            }
        )
    )
