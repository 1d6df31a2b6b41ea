/** Where in the vertical a field is. */
export interface Level {
  /** Kind, as ecCodes names it: "isobaricInhPa", "surface". */
  kind: string;
  /** Value in the units of the kind; undefined for kinds without one. Of a layer the middle, or its number. */
  value?: number;
  /** Both ends of a layer. */
  bounds?: [number, number];
  /** Both ends of a layer between values of two kinds, which has no coordinate: "0 (surface 160) to 293.15 (surface 20)". */
  ends?: string;
}

/** What a kind of level is as a coordinate. */
export interface LevelCoordinate {
  units: string;
  standardName?: string;
  positive?: 'up' | 'down';
  longName?: string;
}

const pressure: LevelCoordinate = { units: 'hPa', standardName: 'air_pressure', positive: 'down' };
const height: LevelCoordinate = {
  units: 'm',
  standardName: 'height',
  positive: 'up',
  longName: 'height above ground',
};
const altitude: LevelCoordinate = { units: 'm', standardName: 'altitude', positive: 'up' };
const depth: LevelCoordinate = { units: 'm', standardName: 'depth', positive: 'down' };
const modelLevel: LevelCoordinate = {
  units: '1',
  standardName: 'atmosphere_hybrid_sigma_pressure_coordinate',
  positive: 'down',
  longName: 'number of the model level',
};
const theta: LevelCoordinate = { units: 'K', standardName: 'air_potential_temperature', positive: 'up' };
const fromGround: LevelCoordinate = {
  units: 'hPa',
  positive: 'up',
  longName: 'pressure difference from ground',
};
const vorticity: LevelCoordinate = {
  units: 'K m2 kg-1 s-1',
  standardName: 'ertel_potential_vorticity',
};
const sigma: LevelCoordinate = { units: '1', standardName: 'atmosphere_sigma_coordinate', positive: 'down' };

/** Kinds of level that have a value, by ecCodes' names of them. Others are told apart by their group alone. */
const coordinates: Record<string, LevelCoordinate> = {
  isobaricInhPa: pressure,
  isobaricInPa: { ...pressure, units: 'Pa' },
  isobaricLayer: pressure,
  heightAboveGround: height,
  heightAboveGroundLayer: height,
  heightAboveSea: altitude,
  heightAboveSeaLayer: altitude,
  depthBelowLand: depth,
  depthBelowLandLayer: depth,
  depthBelowSea: depth,
  depthBelowSeaLayer: depth,
  hybrid: modelLevel,
  hybridLayer: modelLevel,
  hybridHeight: { units: '1', longName: 'number of the model level', positive: 'up' },
  hybridPressure: modelLevel,
  sigma,
  sigmaLayer: sigma,
  eta: { units: '1', longName: 'eta', positive: 'down' },
  theta,
  thetaLayer: theta,
  pressureFromGround: fromGround,
  pressureFromGroundLayer: fromGround,
  potentialVorticity: vorticity,
  isothermal: { units: 'K', standardName: 'air_temperature' },
  oceanIsotherm: { units: 'K', standardName: 'sea_water_temperature' },
  generalVertical: { units: '1', longName: 'number of the general vertical level' },
  generalVerticalLayer: { units: '1', longName: 'number of the general vertical layer' },
  soil: { units: '1', longName: 'number of the soil level', positive: 'down' },
  soilLayer: { units: '1', longName: 'number of the soil layer', positive: 'down' },
  seaIce: { units: '1', longName: 'number of the sea ice level', positive: 'down' },
  seaIceLayer: { units: '1', longName: 'number of the sea ice layer', positive: 'down' },
  snow: { units: '1', longName: 'number of the snow level', positive: 'down' },
  snowLayer: { units: '1', longName: 'number of the snow layer', positive: 'down' },
  oceanModel: { units: '1', longName: 'number of the ocean model level', positive: 'down' },
  oceanModelLayer: { units: '1', longName: 'number of the ocean model layer', positive: 'down' },
};

/** What a kind of level is as a coordinate; of kinds that are not listed only that it is a number. */
export function levelCoordinate(kind: string): LevelCoordinate {
  return coordinates[kind] ?? { units: '1', longName: `value of level of kind ${kind}` };
}

/** A layer between two values; its coordinate is the middle. */
export function layer(kind: string, a: number, b: number): Level {
  // Decimals: the middle of 0.07 and 0.28 is 0.175.
  return { kind, value: Number(((a + b) / 2).toPrecision(12)), bounds: [a, b] };
}
