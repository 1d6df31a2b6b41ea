import type { Attribute } from '@hyperslab/proto/array';
import { textAttributes } from './attributes.ts';
import { mapCodes } from './axis-codes.ts';
import { digit, type PpHeader } from './header.ts';

/** How values were made of the model's values. */
export interface Processing {
  /** A word for it, as it stands in names; empty for values as they are. */
  slug: string;
  attributes: Attribute[];
}

/** Bits of LBPROC (UM documentation paper F3, "LBPROC"). */
const flags: readonly (readonly [bit: number, slug: string, meaning: string])[] = [
  [1, 'difference', 'difference from another experiment'],
  [2, 'zonal_anomaly', 'difference from the zonal mean'],
  [4, 'time_anomaly', 'difference from the time mean'],
  [8, 'x_derivative', 'derivative along x'],
  [16, 'y_derivative', 'derivative along y'],
  [32, 'time_derivative', 'derivative in time'],
  [64, 'zonal_mean', 'zonal mean'],
  [128, 'time_mean', 'time mean'],
  [256, 'product', 'product of two fields'],
  [512, 'square_root', 'square root'],
  [1024, 'level_difference', 'difference between levels'],
  [2048, 'layer_mean', 'mean over a layer between levels'],
  [4096, 'time_minimum', 'minimum in time'],
  [8192, 'time_maximum', 'maximum in time'],
  [16384, 'magnitude', 'magnitude of a vector'],
  [32768, 'log10', 'decimal logarithm'],
  [65536, 'variance', 'variance'],
  [131072, 'ensemble_mean', 'mean over an ensemble'],
];

const zonalMean = 64;

/** Methods in time by LBPROC without the zonal mean. */
const timeMethods: Readonly<Record<number, string>> = { 128: 'mean', 4096: 'minimum', 8192: 'maximum' };

/**
 * Cell methods by LBPROC and LBTIM, whose digits IA are the hours between values, as Iris has them. What cell methods can't
 * say is named in `um_processing`.
 */
export function processingOf(header: PpHeader): Processing {
  const { lbproc } = header;
  if (lbproc <= 0) return { slug: '', attributes: [] };
  const set = flags.filter(([bit]) => (lbproc & bit) !== 0);
  const words = set.length === 0 ? [`processing_${lbproc}`] : set.map(([, word]) => word);
  const hours = timeMethods[lbproc & ~zonalMean] === undefined ? 0 : hoursBetween(header);
  const slug = [...words, ...(hours > 0 ? [`${hours}h`] : [])].join('_');
  const methods = cellMethods(header);
  const isWhole = methods !== undefined && ((lbproc & zonalMean) === 0 || isZonalMean(header));
  const meaning = set.map(([, , text]) => text).join(', ') || `code ${lbproc}`;
  return {
    slug,
    attributes: textAttributes({ cell_methods: methods, um_processing: isWhole ? undefined : meaning }),
  };
}

/** Hours between the values that a mean, minimum or maximum in time is of: digits IA of LBTIM; 0 where not told. */
function hoursBetween({ lbtim }: PpHeader): number {
  return Math.floor(Math.max(0, lbtim) / 100);
}

/** Whether values are means around a circle of latitude, each cell of which then is one. */
export function isZonalMean({ lbproc, lbcode }: PpHeader): boolean {
  return (lbproc === zonalMean || lbproc === (zonalMean | 128)) && mapCodes.includes(lbcode);
}

/** What cell methods can say of the processing; undefined for nothing. */
function cellMethods(header: PpHeader): string | undefined {
  const { lbproc, lbcode, lbtim } = header;
  const along = isZonalMean(header) ? [`${lbcode > 100 ? 'grid_longitude' : 'longitude'}: mean`] : [];
  const method = timeMethods[lbproc & ~zonalMean];
  if (lbproc === zonalMean) return along[0];
  // Of extremes in time of zonal means, the order is not told.
  if (method === undefined || ((lbproc & zonalMean) !== 0 && method !== 'mean')) return undefined;
  const hours = hoursBetween(header);
  const interval = hours > 0 ? ` (interval: ${hours} hour)` : '';
  const kind = digit(lbtim, 1);
  if (kind === 2) return [`time: ${method}${interval}`, ...along].join(' ');
  if (kind === 3 && lbproc === 128) {
    return `time: ${method} within years${interval} time: ${method} over years`;
  }
  return [`time: ${method}`, ...along].join(' ');
}
