import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { HyperslabError } from '@hyperslab/errors';
import { MergeOptions } from '@hyperslab/proto/merge';
import { parseDimension } from './parse-dimension.ts';
import { parseOverlay } from './parse-overlay.ts';
import { parseSetting } from './parse-setting.ts';

/** How files become cubes. */
export interface MergeRequest {
  /** Attributes that may differ between pieces without a remark. */
  ignoreAttributes?: string[];
  /**
   * Scalar coordinates that only file names or global attributes hold: "realization=ensemble_(\\d+)", "run=@start_date",
   * "run=@source/_(\\d{8})".
   */
  dimensions?: string[];
  /** Takes a place in a grid of pieces that none lies in (a member, a step) as missing data, instead of refusing it. */
  allowMissing?: boolean;
  /** Of several forecasts for one time, takes only that of the latest run. */
  best?: boolean;
  /** Paths of YAML files that say what of the files' metadata is to be another: `parseOverlay` has their form. */
  overlays?: string[];
  /** Attributes to set after that: "t.units=K", ".title=A run" for a global one. */
  set?: string[];
  /** Folder that relative paths count from; the working directory by default. */
  directory?: string;
}

/** The options as the mesh takes them. Reads the overlays. Throws INVALID_ARGUMENT naming what is no such option. */
export async function mergeOptions(request: MergeRequest): Promise<MergeOptions> {
  const {
    ignoreAttributes,
    dimensions = [],
    allowMissing,
    best,
    overlays = [],
    set = [],
    directory = '.',
  } = request;
  const read = await Promise.all(
    overlays.map(async (path) => parseOverlay(await textOf(resolve(directory, path)), path)),
  );
  return MergeOptions.fromPartial({
    ignoreAttributes,
    dimensions: dimensions.map(parseDimension),
    allowMissing,
    best,
    changes: [...read.flat(), ...set.map(parseSetting)],
  });
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `overlay ${path}: expected a file that can be read, found ${(error as Error).message}`,
      { overlay: path },
      error,
    );
  }
}
