import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Measurement } from './table.ts';

/** The peers: which library on which of Dask's schedulers. */
export const peers = {
  'xarray, dask threads': ['xarray', 'threads'],
  'xarray, dask distributed': ['xarray', 'distributed'],
  'Iris, dask threads': ['iris', 'threads'],
  'Iris, dask distributed': ['iris', 'distributed'],
} as const;

export type Peer = keyof typeof peers;

const root = join(import.meta.dirname, '..');

interface PeerOutput {
  open_s: number;
  mean_s: number[];
  peak_mib: number;
  checksum: number;
}

/** One round of a peer, in a fresh process. The first of its means warms up; the best of the rest counts. */
export function measurePeer(peer: Peer, folder: string, parameter: string): Measurement {
  const python = join(root, '.tools/peers/bin/python');
  const script = join(root, 'bench/peers/measure.py');
  const output = execFileSync(python, [script, ...peers[peer], folder, parameter, '3'], { encoding: 'utf8' });
  const line = output.trim().split('\n').at(-1) ?? '';
  const { open_s, mean_s, peak_mib, checksum } = JSON.parse(line) as PeerOutput;
  return { openS: open_s, meanS: Math.min(...mean_s.slice(1)), peakMib: peak_mib, checksum };
}
