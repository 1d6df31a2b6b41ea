import { type Level, layer } from './level.ts';
import { ncepSurfaces } from './ncep-surfaces.ts';

/** Kinds of level of one 16-bit value (code table 3 of edition 1): name, and what a unit of the stored number is. */
const levels: Record<number, readonly [kind: string, unit: number]> = {
  20: ['isothermal', 0.01],
  100: ['isobaricInhPa', 1],
  103: ['heightAboveSea', 1],
  105: ['heightAboveGround', 1],
  107: ['sigma', 0.0001],
  109: ['hybrid', 1],
  111: ['depthBelowLand', 0.01],
  113: ['theta', 1],
  115: ['pressureFromGround', 1],
  117: ['potentialVorticity', 1e-9],
  119: ['eta', 0.0001],
  125: ['heightAboveGround', 0.01],
  126: ['isobaricInhPa', 0.01],
  160: ['depthBelowSea', 1],
  203: ['abstractMultipleLevels', 1],
  210: ['isobaricInhPa', 0.01],
};

/** Kinds of layer between two 8-bit values: name, unit, and what the values are subtracted from. */
const layers: Record<number, readonly [kind: string, unit: number, from?: number]> = {
  101: ['isobaricLayer', 10],
  104: ['heightAboveSeaLayer', 100],
  106: ['heightAboveGroundLayer', 100],
  108: ['sigmaLayer', 0.01],
  110: ['hybridLayer', 1],
  112: ['depthBelowLandLayer', 0.01],
  114: ['thetaLayer', 1, 475],
  116: ['pressureFromGroundLayer', 1],
  120: ['etaLayer', 0.01],
  121: ['isobaricLayer', 1, 1100],
  128: ['sigmaLayer', 0.001, 1.1],
};

/** Kinds without a value. */
const surfaces: Record<number, string> = {
  1: 'surface',
  2: 'cloudBase',
  3: 'cloudTop',
  4: 'isothermZero',
  5: 'adiabaticCondensation',
  6: 'maxWind',
  7: 'tropopause',
  8: 'nominalTop',
  9: 'seaBottom',
  102: 'meanSea',
  200: 'entireAtmosphere',
  201: 'entireOcean',
  202: 'abstractSingleLevel',
};

/** Octets 11 and 12 of a level in edition 1, of the type of octet 10 (code table 3, and centres' additions to it). */
export function level1(type: number, first: number, second: number, centre: number): Level {
  if (centre === 7 && type in ncepSurfaces) return { kind: ncepSurfaces[type] };
  if (type in surfaces) return { kind: surfaces[type] };
  const number = first * 256 + second;
  const level = levels[type];
  if (level !== undefined) return { kind: level[0], value: scaled(number, level[1]) };
  const between = layers[type];
  if (between !== undefined) {
    const [kind, unit, from] = between;
    const end = (value: number) =>
      from === undefined ? scaled(value, unit) : decimals(from - scaled(value, unit));
    // Model layers are numbered: the number of the upper end is the layer's.
    if (type === 110) return { kind, value: first, bounds: [first, second] };
    return layer(kind, end(first), end(second));
  }
  if (type === 141) return layer('isobaricLayer', first * 10, 1100 - second);
  return { kind: `level_${type}`, value: number };
}

/** Hundredths and the like as the nearest decimal: 7 × 0.01 is 0.07. */
function scaled(value: number, unit: number): number {
  return unit < 1 ? value / Math.round(1 / unit) : value * unit;
}

function decimals(value: number): number {
  return Number(value.toFixed(6));
}
