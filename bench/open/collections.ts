import { execFileSync } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Files of a folder. */
export interface Files {
  title: string;
  folder: string;
  /** Their names, sorted. */
  names: string[];
  megabytes: number;
}

/** Files that are opened and merged together. */
export interface Collection extends Files {
  /** A parameter that all of them have. */
  parameter: string;
  /** Peers that read such files from disk, and those that read them from S3. */
  peers: { file: string[]; s3: string[] };
}

const root = join(import.meta.dirname, '../..');
const generator = join(root, '../shared/peers/gen_run.py');

/** The Python that has the peers, of `node tools/setup.mjs --bench`. */
export const python = join(root, '.tools/peers/bin/python');

const netcdfPeers = { file: ['xarray', 'iris', 'kerchunk'], s3: ['xarray', 'kerchunk'] };

/** What there is, by name: where its files lie, and how they are written when they aren't there. */
const known: Record<string, { title: string; folder: string; peers: Collection['peers']; script: string[] }> =
  {
    large: { title: 'large NetCDF-4 files', folder: 'run', peers: netcdfPeers, script: [generator] },
    small: {
      title: 'small NetCDF-4 files',
      folder: 'small',
      peers: netcdfPeers,
      script: [generator, '--small'],
    },
    messages: {
      title: 'GRIB 2 files of 1,000 messages each',
      folder: 'messages',
      peers: { file: ['cfgrib', 'iris-grib', 'kerchunk-scan'], s3: ['kerchunk-scan'] },
      script: [join(import.meta.dirname, 'make-messages.py'), '50'],
    },
  };

/** Names of all collections. */
export const collectionNames = Object.keys(known);

/** A collection, its files written first where they aren't there. */
export function prepareCollection(name: string): Collection {
  const { title, peers, script, folder: named } = known[name];
  const folder = join(root, '.tools/bench', named);
  const [program, ...options] = script;
  if (!existsSync(folder))
    execFileSync(python, [program, folder, ...options], { stdio: ['ignore', 'ignore', 'inherit'] });
  return { ...filesOf(folder, title), parameter: 't', peers };
}

/** The NetCDF and GRIB files of a folder. */
export function filesOf(folder: string, title = 'files'): Files {
  const names = globSync('*.{nc,grib2}', { cwd: folder }).toSorted();
  const bytes = names.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  return { title: `${names.length.toLocaleString('en')} ${title}`, folder, names, megabytes: bytes / 1e6 };
}
