import { HyperslabError } from '@hyperslab/errors';

/** "HSLM", version 1, three zero bytes: the first and, without version, the last bytes of a manifest object. */
export const magic = new Uint8Array([0x48, 0x53, 0x4c, 0x4d]);
export const header = new Uint8Array([...magic, 1, 0, 0, 0]);

/** Length of the root message as stored (uint32, little-endian), then the magic. */
export const tailBytes = 8;

/** Rows of a full page: large enough to compress well, small enough to fetch for one chunk. */
export const rowsPerPage = 65_536;

/** URL of values that lie in the manifest object itself. */
export const manifestUrl = 'manifest:';

/** A manifest that is not what `writeManifest` made. */
export function manifestCorrupt(
  url: string,
  offset: number,
  expected: string,
  found: string,
  cause?: unknown,
): HyperslabError {
  return new HyperslabError(
    'FORMAT_CORRUPT',
    `manifest ${url} at byte ${offset}: expected ${expected}, found ${found}; restore it from the backup or publish the dataset again`,
    { url, offset: String(offset), expected, found },
    cause,
  );
}
