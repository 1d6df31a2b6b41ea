/** One parameter of the synthetic run. */
export interface Parameter {
  name: string;
  standardName: string;
  units: string;
  /** Value in the middle of the waves, at a pressure in hPa. */
  base: (pressure: number) => number;
  /** Height of the waves. */
  amplitude: number;
  /** Standard deviation of the noise from cell to cell. */
  noise: number;
  /** Distance of neighbouring values: what is stored is no finer, as in real model output. */
  quantum: number;
  /** add_offset of a parameter that is packed as int16; others are float32. */
  packedOffset?: number;
}

/** Pressure levels, hPa, from the ground up. A run has the first few. */
export const pressureLevels = [1000, 925, 850, 700, 500, 400, 300, 250, 200, 100] as const;

/** Share of the standard atmosphere's sea-level pressure to the power that its temperature falls with. */
const barometric = (pressure: number) => (pressure / 1013.25) ** 0.1903;

/** The eight parameters. */
export const parameters: readonly Parameter[] = [
  {
    name: 't',
    standardName: 'air_temperature',
    units: 'K',
    base: (pressure) => Math.max(216.65, 288.15 * barometric(pressure)),
    amplitude: 14,
    noise: 0.15,
    quantum: 2 ** -9,
  },
  {
    name: 'q',
    standardName: 'specific_humidity',
    units: 'kg kg-1',
    base: (pressure) => 0.002 + 0.006 * (pressure / 1000) ** 2,
    amplitude: 0.0015,
    noise: 2e-5,
    quantum: 2 ** -22,
  },
  {
    name: 'u',
    standardName: 'x_wind',
    units: 'm s-1',
    base: (pressure) => 8 + 20 * (1 - pressure / 1000),
    amplitude: 10,
    noise: 0.25,
    quantum: 0.01,
    packedOffset: 8,
  },
  {
    name: 'v',
    standardName: 'y_wind',
    units: 'm s-1',
    base: () => 0,
    amplitude: 10,
    noise: 0.25,
    quantum: 0.01,
    packedOffset: 0,
  },
  {
    name: 'z',
    standardName: 'geopotential_height',
    units: 'm',
    base: (pressure) => 44330.8 * (1 - barometric(pressure)),
    amplitude: 200,
    noise: 0.5,
    quantum: 2 ** -6,
  },
  {
    name: 'rh',
    standardName: 'relative_humidity',
    units: '%',
    base: () => 60,
    amplitude: 17,
    noise: 0.6,
    quantum: 0.01,
    packedOffset: 60,
  },
  {
    name: 'w',
    standardName: 'upward_air_velocity',
    units: 'm s-1',
    base: () => 0,
    amplitude: 0.25,
    noise: 0.02,
    quantum: 2 ** -14,
  },
  {
    name: 'cl',
    standardName: 'cloud_area_fraction_in_atmosphere_layer',
    units: '1',
    base: () => 0.5,
    amplitude: 0.2,
    noise: 0.02,
    quantum: 5e-5,
    packedOffset: 0.5,
  },
];
