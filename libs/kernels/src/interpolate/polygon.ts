/*
 * Polygons on the sphere: vectors of their corners, three numbers each, whose edges are great circles. They go around
 * counter-clockwise as seen from outside.
 */

/** A corner nearer than that to the one before is the same. */
const same = 1e-12;

/** The polygon of corners in either direction, of which some may be the same; empty when they span no area. */
export function polygonOf(corners: readonly number[]): number[] {
  const polygon: number[] = [];
  for (let i = 0; i < corners.length; i += 3) {
    const before = polygon.length === 0 ? corners.length - 3 : i - 3;
    const distance = Math.hypot(
      corners[i] - corners[before],
      corners[i + 1] - corners[before + 1],
      corners[i + 2] - corners[before + 2],
    );
    if (!(distance <= same)) polygon.push(corners[i], corners[i + 1], corners[i + 2]);
  }
  if (polygon.length < 9 || polygon.some(Number.isNaN)) return [];
  const area = polygonArea(polygon);
  if (area === 0) return [];
  return area > 0 ? polygon : reversed(polygon);
}

function reversed(polygon: readonly number[]): number[] {
  const back: number[] = [];
  for (let i = polygon.length - 3; i >= 0; i -= 3) back.push(polygon[i], polygon[i + 1], polygon[i + 2]);
  return back;
}

/** Area in steradians, of triangles from the first corner (van Oosterom and Strackee); negative for clockwise ones. */
export function polygonArea(polygon: readonly number[]): number {
  let area = 0;
  for (let i = 3; i + 3 < polygon.length; i += 3) area += triangleArea(polygon, 0, i, i + 3);
  return area;
}

function triangleArea(v: readonly number[], a: number, b: number, c: number): number {
  const dot = (i: number, j: number) => v[i] * v[j] + v[i + 1] * v[j + 1] + v[i + 2] * v[j + 2];
  // Of differences, because the product of three nearly equal vectors would be mostly rounding.
  const [px, py, pz] = [v[b] - v[a], v[b + 1] - v[a + 1], v[b + 2] - v[a + 2]];
  const [qx, qy, qz] = [v[c] - v[a], v[c + 1] - v[a + 1], v[c + 2] - v[a + 2]];
  const triple = v[a] * (py * qz - pz * qy) + v[a + 1] * (pz * qx - px * qz) + v[a + 2] * (px * qy - py * qx);
  return 2 * Math.atan2(triple, 1 + dot(a, b) + dot(b, c) + dot(c, a));
}

/**
 * The sum of a polygon's vectors over its area: its centre of mass times its area. Sums of parts are those of the whole, to
 * rounding. Half of the sum of its edges' lengths along their planes' normals, by Stokes.
 */
export function polygonMoment(polygon: readonly number[]): [number, number, number] {
  const moment: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < polygon.length; i += 3) {
    const j = (i + 3) % polygon.length;
    const [x, y, z] = [
      polygon[i + 1] * polygon[j + 2] - polygon[i + 2] * polygon[j + 1],
      polygon[i + 2] * polygon[j] - polygon[i] * polygon[j + 2],
      polygon[i] * polygon[j + 1] - polygon[i + 1] * polygon[j],
    ];
    const sine = Math.hypot(x, y, z);
    if (sine === 0) continue;
    const cosine =
      polygon[i] * polygon[j] + polygon[i + 1] * polygon[j + 1] + polygon[i + 2] * polygon[j + 2];
    const half = Math.atan2(sine, cosine) / (2 * sine);
    moment[0] += half * x;
    moment[1] += half * y;
    moment[2] += half * z;
  }
  return moment;
}

/** The part of a polygon that lies in a convex one (Sutherland and Hodgman, with great circles); empty when there is none. */
export function clipPolygon(subject: readonly number[], clip: readonly number[]): number[] {
  let polygon: readonly number[] = subject;
  for (let i = 0; i < clip.length && polygon.length > 0; i += 3) {
    const j = (i + 3) % clip.length;
    const x = clip[i + 1] * clip[j + 2] - clip[i + 2] * clip[j + 1];
    const y = clip[i + 2] * clip[j] - clip[i] * clip[j + 2];
    const z = clip[i] * clip[j + 1] - clip[i + 1] * clip[j];
    polygon = leftOf(polygon, x, y, z);
  }
  return polygon.length < 9 ? [] : [...polygon];
}

/** The part of a polygon on the side of a plane through the centre that its normal points to. */
function leftOf(polygon: readonly number[], x: number, y: number, z: number): number[] {
  const kept: number[] = [];
  const height = (i: number) => x * polygon[i] + y * polygon[i + 1] + z * polygon[i + 2];
  let before = polygon.length - 3;
  let heightBefore = height(before);
  for (let i = 0; i < polygon.length; i += 3) {
    const heightHere = height(i);
    if (heightBefore >= 0 !== heightHere >= 0) {
      const part = heightBefore / (heightBefore - heightHere);
      const u = polygon[before] + part * (polygon[i] - polygon[before]);
      const v = polygon[before + 1] + part * (polygon[i + 1] - polygon[before + 1]);
      const w = polygon[before + 2] + part * (polygon[i + 2] - polygon[before + 2]);
      const length = Math.hypot(u, v, w);
      kept.push(u / length, v / length, w / length);
    }
    if (heightHere >= 0) kept.push(polygon[i], polygon[i + 1], polygon[i + 2]);
    before = i;
    heightBefore = heightHere;
  }
  return kept;
}
