import { type Level, layer } from './level.ts';
import { ncepSurfaces } from './ncep-surfaces.ts';

/** A fixed surface of edition 2: its type (code table 4.5; 255 for none), and its value where it has one. */
export interface Surface {
  type: number;
  value: number | undefined;
}

/** Names of single surfaces, and of layers between two of a type, as ecCodes has them. */
const singles: Record<number, string> = {
  1: 'surface',
  2: 'cloudBase',
  3: 'cloudTop',
  4: 'isothermZero',
  5: 'adiabaticCondensation',
  6: 'maxWind',
  7: 'tropopause',
  8: 'nominalTop',
  9: 'seaBottom',
  10: 'atmosphere',
  11: 'cumulonimbusBase',
  12: 'cumulonimbusTop',
  14: 'freeConvection',
  15: 'convectiveCondensation',
  16: 'neutralBuoyancy',
  17: 'mostUnstableParcel',
  18: 'mixedLayerParcel',
  19: 'lowestLevelOfCloudCoverExceedance',
  20: 'isothermal',
  100: 'isobaricInhPa',
  101: 'meanSea',
  102: 'heightAboveSea',
  103: 'heightAboveGround',
  104: 'sigma',
  105: 'hybrid',
  106: 'depthBelowLand',
  107: 'theta',
  108: 'pressureFromGround',
  109: 'potentialVorticity',
  111: 'eta',
  114: 'snow',
  117: 'mixedLayerDepthGeneric',
  118: 'hybridHeight',
  119: 'hybridPressure',
  150: 'generalVertical',
  151: 'soil',
  152: 'seaIce',
  160: 'depthBelowSea',
  162: 'lakeBottom',
  166: 'mixingLayer',
  168: 'oceanModel',
  169: 'mixedLayerDepthByDensity',
  170: 'mixedLayerDepthByTemperature',
  171: 'mixedLayerDepthByDiffusivity',
  173: 'snowTopOverIceOnWater',
  174: 'iceTopOnWater',
  175: 'iceTopUnderSnowOnWater',
  176: 'iceBottomOnWater',
  177: 'indefiniteSoilDepth',
  185: 'roof',
  186: 'wall',
  187: 'road',
  188: 'meltPondTop',
  189: 'meltPondBottom',
  191: 'abstractSingleLevel',
};

/** Surfaces that centres add from 192 on: NCEP's (7), some of them of this edition only. */
const ncepSingles: Record<number, string> = {
  ...ncepSurfaces,
  200: 'atmosphereSingleLayer',
  201: 'oceanSingleLayer',
  235: 'oceanIsotherm',
  240: 'oceanMixedLayer',
  241: 'orderedSequenceData',
};

/** Layers between surfaces of two types. */
const mixed: Record<string, string> = {
  '1 7': 'troposphere',
  '1 8': 'entireAtmosphere',
  '1 9': 'entireOcean',
  '1 162': 'entireLake',
  '7 36': 'stratosphere',
  '160 9': 'oceanSurfaceToBottom',
  '173 175': 'snowLayerOverIceOnWater',
  '174 176': 'iceLayerOnWater',
  '175 176': 'iceLayerUnderSnowOnWater',
  '188 189': 'entireMeltPond',
  '174 160': 'iceLayerAboveWaterSurface',
  '160 20': 'waterSurfaceToIsothermalOceanLayer',
  '1 151': 'totalSoilLayer',
  '1 167': 'rootZone',
  '187 185': 'urbanCanyon',
  '1 100': 'surfaceToIsobaric',
  '100 8': 'isobaricToNominalTop',
};

/** Surfaces of which a stated value, a 0 as a rule, means nothing. */
const withoutValue = new Set([
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 17, 101, 162, 166, 174, 176,
]);

/** NCEP's surfaces that have a value: an isotherm of the ocean, a number in a sequence. */
const ncepWithValue = new Set([235, 241]);

/** National Centers for Environmental Prediction, and the other offices of the US National Weather Service. */
const isNcep = (centre: number) => centre >= 7 && centre <= 9;

/** Values that are stored as a number of Pa and said in hPa. */
const pressures = new Set([100, 108]);

/** The level of two fixed surfaces; centres name surfaces from 192 on. */
export function level2(first: Surface, second: Surface, centre: number): Level {
  const stated = ({ type, value }: Surface) => {
    if (value === undefined || withoutValue.has(type)) return undefined;
    if (isNcep(centre) && type in ncepSingles && !ncepWithValue.has(type)) return undefined;
    return pressures.has(type) ? value / 100 : value;
  };
  const [a, b] = [stated(first), stated(second)];
  if (second.type === 255) return withValue(single(first.type, centre), a);
  const kind =
    first.type === second.type
      ? layerName(first.type, centre)
      : (mixed[`${first.type} ${second.type}`] ?? `levels_${first.type}_${second.type}`);
  if (a !== undefined && b !== undefined) {
    // Metres and kelvins have no middle: both values are part of the name.
    if (first.type !== second.type) {
      const ends = `${a} (surface ${first.type}) to ${b} (surface ${second.type})`;
      return { kind: [kind, a, b].join('_').replaceAll('.', '_'), ends };
    }
    // Soil, snow and model layers are numbered: the number of the upper end is the layer's.
    return numbered.has(first.type) ? { kind, value: a, bounds: [a, b] } : layer(kind, a, b);
  }
  return withValue(kind, a ?? b);
}

function withValue(kind: string, value: number | undefined): Level {
  return value === undefined ? { kind } : { kind, value };
}

const numbered = new Set([105, 118, 119, 150, 151, 152, 168]);

function single(type: number, centre: number): string {
  return (isNcep(centre) ? ncepSingles[type] : undefined) ?? singles[type] ?? `level_${type}`;
}

function layerName(type: number, centre: number): string {
  return type === 100 ? 'isobaricLayer' : `${single(type, centre)}Layer`;
}
