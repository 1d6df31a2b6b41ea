/**
 * Writes `libs/formats/src/grib/parameters/noaa2.tsv`: parameters of edition 2 that offices of NOAA define locally and that ecCodes'
 * tables do not have, from the tables of NCEP, NDFD and MRMS that wgrib2 carries (NOAA, public domain):
 *
 *     node tools/make-noaa-parameters.ts ncep/gribtable.dat ndfd/NDFD_gribtable.dat mrms/MRMS_gribtable.dat
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identifier, udunits } from './grib-parameter-names.ts';

const folder = join(import.meta.dirname, '../libs/formats/src/grib/parameters');
const known = new Set(
  readFileSync(join(folder, 'grib2.tsv'), 'utf8')
    .split('\n')
    .map((line) => line.split('\t')[0]),
);

/** {discipline, master tables from, low, high, centre, local tables, category, number, "NAME", "description", "unit"} */
const row = /^\{(\d+),\d+,\d+,\d+,(\d+),\d+,(\d+),(\d+),\s*"([^"]*)",\s*"([^"]*)",\s*"([^"]*)"\}/gm;

const rows = new Map<string, string>();
for (const path of process.argv.slice(2)) {
  for (const [, discipline, centre, category, number, name, ...texts] of readFileSync(
    path,
    'latin1',
  ).matchAll(row)) {
    const key = `${centre}.${discipline}.${category}.${number}`;
    // Names that only repeat the numbers say less than our own do.
    if (centre === '0' || known.has(key) || rows.has(key) || /^var\d/i.test(name)) continue;
    // MRMS has those of MergedReflectivityComposite the other way round.
    const [longName, unit] = texts[0] === 'dBZ' ? texts.toReversed() : texts;
    const short = name === name.toUpperCase() ? name.toLowerCase() : name;
    rows.set(key, [key, '', identifier(short), longName.trim(), udunits(unit), ''].join('\t'));
  }
}
const origin =
  '# Written by tools/make-noaa-parameters.ts. Origin: NCEP, NDFD and MRMS tables as in wgrib2, NOAA, public domain.';
writeFileSync(join(folder, 'noaa2.tsv'), `${[origin, ...rows.values()].join('\n')}\n`);
