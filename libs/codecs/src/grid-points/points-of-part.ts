import { radians } from './ellipsoid.ts';
import {
  axisValues,
  type GridPart,
  type PlanePart,
  partPoints,
  type RotatedPart,
  type RowsPart,
} from './grid-part.ts';
import { healpixPoints } from './healpix-points.ts';
import { planeOf } from './plane.ts';

/** Latitudes and longitudes of points in their order, degrees. */
export interface Points {
  latitudes: Float64Array;
  longitudes: Float64Array;
}

/** Where the points of a part of a grid are; NaN for a point of a plane that is no place. */
export function pointsOfPart(part: GridPart): Points {
  switch (part.kind) {
    case 'rows':
      return pointsOfRows(part);
    case 'plane':
      return pointsOfPlane(part);
    case 'rotated':
      return pointsOfRotated(part);
    case 'healpix':
      return healpixPoints(part.side, part.nested, part.first, part.points);
  }
}

function pointsOfRows({ latitudes, counts, skip, points, first, way, closed }: RowsPart): Points {
  const found = { latitudes: new Float64Array(points), longitudes: new Float64Array(points) };
  let at = 0;
  for (const [row, count] of counts.entries()) {
    const steps = closed ? count : Math.max(1, count - 1);
    for (let i = row === 0 ? skip : 0; i < count && at < points; i++, at++) {
      found.latitudes[at] = latitudes[row];
      found.longitudes[at] = first + (way * i) / steps;
    }
  }
  return found;
}

function pointsOfPlane(part: PlanePart): Points {
  const plane = planeOf(part.projection, part.earth);
  return eachOf(part, (y, x) => {
    const [latitude, longitude] = plane.inverse(x, y);
    return [latitude, ((longitude + 540) % 360) - 180];
  });
}

/** By the vector of each point, turned about the axis that is a quarter turn from both poles. */
function pointsOfRotated(part: RotatedPart): Points {
  const pole = part.pole.latitude * radians;
  const [sine, cosine] = [Math.sin(pole), Math.cos(pole)];
  return eachOf(part, (y, x) => {
    const [phi, lambda] = [y * radians, x * radians];
    const [towards, across, up] = [
      Math.cos(phi) * Math.cos(lambda),
      Math.cos(phi) * Math.sin(lambda),
      Math.sin(phi),
    ];
    const north = Math.max(-1, Math.min(1, towards * cosine + up * sine));
    const longitude = part.pole.longitude + Math.atan2(-across, up * cosine - towards * sine) / radians;
    return [Math.asin(north) / radians, ((((longitude + 180) % 360) + 360) % 360) - 180];
  });
}

/** Places of all points of rows of y, each of all x. */
function eachOf(
  part: PlanePart | RotatedPart,
  place: (y: number, x: number) => [latitude: number, longitude: number],
): Points {
  const count = partPoints(part);
  const [latitudes, longitudes] = [new Float64Array(count), new Float64Array(count)];
  const columns = axisValues(part.x);
  let at = 0;
  for (const y of axisValues(part.y)) {
    for (const x of columns) {
      [latitudes[at], longitudes[at]] = place(y, x);
      at++;
    }
  }
  return { latitudes, longitudes };
}
