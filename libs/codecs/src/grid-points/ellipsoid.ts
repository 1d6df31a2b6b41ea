import type { Earth } from './projection.ts';

export const radians = Math.PI / 180;

/** First eccentricity. */
export function eccentricity({ major, minor }: Earth): number {
  return Math.sqrt(Math.max(0, 1 - (minor / major) ** 2));
}

/** Difference of longitudes, from -180 to 180 degrees. */
export function longitudeBetween(longitude: number, central: number): number {
  return ((((longitude - central) % 360) + 540) % 360) - 180;
}

/** Radius of a parallel over the major axis (Snyder, equation 14-15). */
export function parallelRadius(phi: number, e: number): number {
  return Math.cos(phi) / Math.sqrt(1 - (e * Math.sin(phi)) ** 2);
}

/** tan(π/4 - φ/2) of the conformal latitude (Snyder, equation 15-9): 0 at the north pole. */
export function conformalColatitude(phi: number, e: number): number {
  const sine = e * Math.sin(phi);
  return Math.tan(Math.PI / 4 - phi / 2) / ((1 - sine) / (1 + sine)) ** (e / 2);
}

/** The latitude, in radians, of a conformal colatitude (Snyder, equation 7-9, by iteration). */
export function latitudeOfConformal(t: number, e: number): number {
  let phi = Math.PI / 2 - 2 * Math.atan(t);
  for (let i = 0; i < 15; i++) {
    const sine = e * Math.sin(phi);
    const next = Math.PI / 2 - 2 * Math.atan(t * ((1 - sine) / (1 + sine)) ** (e / 2));
    if (Math.abs(next - phi) < 1e-13) return next;
    phi = next;
  }
  return phi;
}

/** q of the authalic latitude (Snyder, equation 3-12). */
export function authalicQ(phi: number, e: number): number {
  const sine = Math.sin(phi);
  if (e === 0) return 2 * sine;
  const part = e * sine;
  return (1 - e * e) * (sine / (1 - part * part) - Math.log((1 - part) / (1 + part)) / (2 * e));
}

/** The latitude, in radians, of an authalic q (Snyder, equation 3-16, by iteration); NaN beyond the poles. */
export function latitudeOfAuthalic(q: number, e: number): number {
  const pole = authalicQ(Math.PI / 2, e);
  const ratio = q / pole;
  if (Math.abs(ratio) > 1 + 1e-12) return Number.NaN;
  if (Math.abs(ratio) > 1 - 1e-12) return (Math.sign(ratio) * Math.PI) / 2;
  let phi = Math.asin(q / 2);
  if (Number.isNaN(phi)) phi = Math.asin(ratio);
  for (let i = 0; i < 25 && e > 0; i++) {
    const sine = Math.sin(phi);
    const part = e * sine;
    const step =
      ((1 - part * part) ** 2 / (2 * Math.cos(phi))) *
      (q / (1 - e * e) - sine / (1 - part * part) + Math.log((1 - part) / (1 + part)) / (2 * e));
    phi += step;
    if (Math.abs(step) < 1e-13) break;
  }
  return phi;
}
