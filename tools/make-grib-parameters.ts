/**
 * Writes the tables of GRIB parameters, `libs/formats/src/grib/parameters/*.tsv`, from the definitions of ecCodes (ECMWF,
 * Apache License 2.0) and the NCEP tables in wgrib.c (NOAA, public domain):
 *
 *     node tools/make-grib-parameters.ts ECCODES/definitions wgrib.c
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { identifier, udunits } from './grib-parameter-names.ts';

const [definitions, wgrib] = process.argv.slice(2);
const target = join(import.meta.dirname, '../libs/formats/src/grib/parameters');

/** An entry of a concept file: a value, and the keys that a message must have for it. */
interface Entry {
  value: string;
  keys: Map<string, string>;
}

function readConcept(path: string): Entry[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8').replace(/^\s*#.*$/gm, '');
  return [...text.matchAll(/'([^'\n]*)'\s*=\s*\{([^}]*(?:\{[^}]*\}[^}]*)*)\}/g)].map((match) => ({
    value: match[1],
    keys: new Map(
      [...match[2].matchAll(/(\w+)\s*=\s*([^;]+?)\s*;/g)].map(([, key, value]) => [key, value] as const),
    ),
  }));
}

/** Numbers of originating centres by ecCodes' names of them (common code table C-11). */
const centres = new Map(
  readFileSync(join(definitions, 'common/c-11.table'), 'utf8')
    .split('\n')
    .map((line) => line.split(/\s+/))
    .filter(([number, name]) => /^\d+$/.test(number) && name !== undefined)
    .map(([number, name]) => [name, number] as const),
);

/** What conditions are called in the tables; a scale factor and a value are one number. */
const plain: Record<string, string> = {
  typeOfFirstFixedSurface: 'surface1',
  typeOfSecondFixedSurface: 'surface2',
  typeOfStatisticalProcessing: 'statistic',
  typeOfGeneratingProcess: 'process',
  probabilityType: 'probability',
  typeOfWavePeriodInterval: 'wavePeriods',
  constituentType: 'constituent',
  aerosolType: 'aerosol',
  typeOfSizeInterval: 'sizes',
  typeOfWavelengthInterval: 'wavelengths',
  localTablesVersion: 'localTables',
  is_chemical: 'isChemical',
  is_aerosol: 'isAerosol',
  is_aerosol_optical: 'isOptical',
  is_chemical_srcsink: 'isSource',
  sourceSinkChemicalPhysicalProcess: 'source',
  indicatorOfTypeOfLevel: 'levelType',
  level: 'level',
  topLevel: 'top',
  bottomLevel: 'bottom',
  timeRangeIndicator: 'timeRange',
};
const scaled: Record<string, string> = {
  OfFirstFixedSurface: 'value1',
  OfSecondFixedSurface: 'value2',
  OfLowerLimit: 'lower',
  OfLowerWavePeriodLimit: 'wavePeriod1',
  OfUpperWavePeriodLimit: 'wavePeriod2',
  OfFirstSize: 'size1',
  OfSecondSize: 'size2',
  OfFirstWavelength: 'wavelength1',
  OfSecondWavelength: 'wavelength2',
};
const keyNames = new Set([
  'discipline',
  'parameterCategory',
  'parameterNumber',
  'table2Version',
  'indicatorOfParameter',
]);

/** Conditions as "name=number name=-", "-" for missing; undefined when one of them is on something that is not read. */
function conditionsOf(keys: ReadonlyMap<string, string>): string | undefined {
  const conditions: string[] = [];
  for (const [key, value] of keys) {
    if (keyNames.has(key) || key.startsWith('scaledValue') || key === 'lengthOfTimeRange') continue;
    const suffix = Object.keys(scaled).find((ending) => key === `scaleFactor${ending}`);
    if (suffix !== undefined) {
      const number = keys.get(`scaledValue${suffix}`);
      if (number === undefined) return undefined;
      conditions.push(
        `${scaled[suffix]}=${number.startsWith('missing') ? '-' : scaledNumber(number, value)}`,
      );
    } else if (key === 'indicatorOfUnitForTimeRange') {
      if (value !== '1' || !keys.has('lengthOfTimeRange')) return undefined;
      conditions.push(`hours=${keys.get('lengthOfTimeRange')}`);
    } else if (key in plain) {
      if (!/^(\d+|\{[\d, ]+\}|missing\(\))$/.test(value)) return undefined;
      conditions.push(`${plain[key]}=${value.startsWith('missing') ? '-' : value.replace(/[{}\s]/g, '')}`);
    } else return undefined;
  }
  return conditions.join(' ');
}

function scaledNumber(value: string, factor: string): number {
  return Number(`${value}e${-Number(factor)}`);
}

const sameKeys = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>) =>
  a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
const includesKeys = (whole: ReadonlyMap<string, string>, part: ReadonlyMap<string, string>) =>
  [...part].every(([key, value]) => whole.get(key) === value);

/** Standard names that follow from the meaning of a name where ecCodes states none. */
const moreStandardNames: Record<string, string> = {
  prmsl: 'air_pressure_at_mean_sea_level',
  msl: 'air_pressure_at_mean_sea_level',
  gh: 'geopotential_height',
  r: 'relative_humidity',
  r2: 'relative_humidity',
  pres: 'air_pressure',
  ws: 'wind_speed',
  wdir: 'wind_from_direction',
  pt: 'air_potential_temperature',
  tmax: 'air_temperature',
  tmin: 'air_temperature',
  dpt: 'dew_point_temperature',
  gust: 'wind_speed_of_gust',
  swh: 'sea_surface_wave_significant_height',
  w: 'lagrangian_tendency_of_air_pressure',
  wz: 'upward_air_velocity',
  absv: 'atmosphere_absolute_vorticity',
  pwat: 'atmosphere_mass_content_of_water_vapor',
  prate: 'precipitation_flux',
  vis: 'visibility_in_air',
  lsm: 'land_binary_mask',
  orog: 'surface_altitude',
  sde: 'surface_snow_thickness',
  q: 'specific_humidity',
};

/** Rows of one folder of concepts: key, conditions, name, long name, units, standard name; in the folder's order. */
function rowsOf(folder: string, edition: 1 | 2, suffix: string): string[][] {
  const master = join(definitions, `grib${edition}`);
  const file = (name: string, ending = suffix) => {
    const path = join(folder, `${name}${ending}.def`);
    return readConcept(existsSync(path) || ending === '.legacy' ? path : join(folder, `${name}.def`));
  };
  const variableNames = [...file('cfVarName', ''), ...readConcept(join(master, 'cfVarName.def'))];
  const standardNames = [...file('cfName', ''), ...readConcept(join(master, 'cfName.def'))];
  const [longNames, units] = [file('name'), file('units')];
  const rows: string[][] = [];
  for (const { value, keys } of file('shortName')) {
    const conditions = conditionsOf(keys);
    if (conditions === undefined || value === '~' || value === 'unknown') continue;
    const key = (
      edition === 2
        ? ['discipline', 'parameterCategory', 'parameterNumber']
        : ['table2Version', 'indicatorOfParameter']
    ).map((name) => keys.get(name));
    if (key.includes(undefined)) continue;
    const longName = longNames.find((entry) => sameKeys(entry.keys, keys))?.value ?? value;
    const unit = udunits(units.find((entry) => sameKeys(entry.keys, keys))?.value ?? '');
    const named = /^\d/.test(value)
      ? variableNames.find((entry) => sameKeys(entry.keys, keys))?.value
      : undefined;
    const name = identifier(named ?? value);
    // A probability or an anomaly is not the quantity that it is of.
    const standard = /probability|process=/.test(conditions)
      ? undefined
      : standardNames
          .filter((entry) => includesKeys(keys, entry.keys))
          .sort((a, b) => b.keys.size - a.keys.size)[0]?.value;
    const plausible = standard === undefined || standard === 'unknown' ? moreStandardNames[name] : standard;
    rows.push([key.join('.'), conditions, name, longName, unit, plausible ?? '']);
  }
  return rows;
}

/** The tables of NCEP in edition 1, as wgrib has them: numbers that WMO leaves to centres, and whole local tables. */
function ncepRows(): string[][] {
  const text = readFileSync(wgrib, 'utf8');
  const tables: [string, number, number][] = [
    ['ncep_opn', 2, 1],
    ...[128, 129, 130, 131, 133, 140, 141].map((n): [string, number, number] => [`nceptab_${n}`, n, 1]),
  ];
  return tables.flatMap(([name, table, first]) => {
    const body = text.split(`\nconst struct ParmTable parm_table_${name}[256] = {`)[1].split('};')[0];
    return [...body.matchAll(/\/\*\s*(\d+)\s*\*\/\s*\{"([^"]*)",\s*"([^"]*)"\}/g)]
      .filter(([, number, , title]) => Number(number) >= first && !/^undefined/i.test(title))
      .map(([, number, short, title]) => {
        const [, longName, unit] = /^(.*?)\s*\[([^[]*)\]\s*$/.exec(title) ?? [undefined, title, ''];
        const lower = identifier(short.toLowerCase());
        return [`7.${table}.${number}`, '', lower, longName, udunits(unit), moreStandardNames[lower] ?? ''];
      });
  });
}

function write(name: string, rows: readonly string[][]): void {
  const lines = rows.map((row) => row.map((cell) => cell.replace(/\s+/g, ' ').trim()).join('\t'));
  const origin = `# Written by tools/make-grib-parameters.ts. Origin: ecCodes, (C) ECMWF and contributors, Apache License 2.0${
    name === 'grib1.tsv' ? '; NCEP tables: wgrib, public domain' : ''
  }.`;
  writeFileSync(join(target, name), `${[origin, ...new Set(lines)].join('\n')}\n`);
}

const local = (edition: 1 | 2) =>
  globSync(join(definitions, `grib${edition}/localConcepts/*/shortName.def`)).map((path) => {
    const centre = basename(dirname(path));
    return { folder: dirname(path), centre: centres.get(centre) ?? centre };
  });
const prefixed = (centre: string, rows: readonly string[][]) =>
  rows.map(([key, ...rest]) => [`${centre}.${key}`, ...rest]);

const grib1 = [
  ...local(1).flatMap(({ folder, centre }) => prefixed(centre, rowsOf(folder, 1, ''))),
  ...ncepRows(),
  ...prefixed('*', rowsOf(join(definitions, 'grib1'), 1, '')),
];
write('grib1.tsv', grib1);

// ECMWF's local discipline repeats its tables of edition 1: (192, table, number).
const repeated = new Map(grib1.filter(([key]) => key.startsWith('98.')).map(([key, , name]) => [key, name]));
const datasets = ['tigge', 's2s', 'uerra'];
const isNew = ([key, , name]: string[]) => repeated.get(key.replace(/^98\.192\./, '98.')) !== name;
const folders = [
  ...local(2).filter(({ centre }) => /^\d+$/.test(centre) || datasets.includes(centre)),
  { folder: join(definitions, 'grib2'), centre: '*' },
];
const grib2 = folders.flatMap(({ folder, centre }) => {
  const now = prefixed(centre, rowsOf(folder, 2, '')).filter(isNew);
  if (centre !== '*' && centre !== '98') return now;
  // For ECMWF some numbers meant something else up to version 33 of the tables.
  const before = prefixed(centre, rowsOf(folder, 2, '.lte33')).filter(isNew);
  const lines = (rows: string[][]) => new Set(rows.map((row) => row.join('\t')));
  const [inNow, inBefore] = [lines(now), lines(before)];
  const marked = (rows: string[][], others: Set<string>, version: number) =>
    rows.map(([key, conditions, ...rest]) =>
      others.has([key, conditions, ...rest].join('\t'))
        ? [key, conditions, ...rest]
        : [key, `tables=${version} ${conditions}`, ...rest],
    );
  return [...marked(now, inBefore, 34), ...marked(before, inNow, 33)];
});
// What ecCodes looks up last, whatever the centre.
const legacy = [join(definitions, 'grib2/localConcepts/ecmf'), join(definitions, 'grib2')];
write('grib2.tsv', [
  ...grib2,
  ...legacy.flatMap((folder) => prefixed('legacy', rowsOf(folder, 2, '.legacy'))),
]);
