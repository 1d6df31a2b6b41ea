import type { MetadataFile } from '../metadata-file.ts';
import { type AxisMap, mapAxes } from './axis-map.ts';
import type { Mapping } from './mapping.ts';
import type { Selection, Span } from './selection.ts';
import type { SourceDataset } from './source-dataset.ts';

/** A mapping with its source, taken apart by dimensions. */
export interface PlacedMapping {
  source: SourceDataset;
  /** For each dimension of the virtual dataset. */
  axes: AxisMap[];
  /** First index and number of indices of each dimension of the source. */
  sourceStart: number[];
  sourceLength: number[];
}

/** Takes a mapping apart; why it can't be, as text. */
export function placeMapping(
  file: MetadataFile,
  mapping: Mapping,
  source: SourceDataset,
  shape: readonly number[],
): PlacedMapping | string {
  const sourceShape = source.variable.shape;
  const virtualSpans = spansOf(mapping.virtual, shape);
  const sourceSpans = spansOf(mapping.source, sourceShape);
  if (typeof virtualSpans === 'string') return `it takes ${virtualSpans} from its sources`;
  if (typeof sourceSpans === 'string')
    return `it takes ${sourceSpans} of ${mapping.dataset} in ${mapping.file}`;
  const count = [...virtualSpans, ...sourceSpans].reduce((sum, spans) => sum + spans.length, 0);
  if (!file.claimSpans(count)) return 'it takes too many blocks from its sources';
  const axes = mapAxes(virtualSpans, sourceSpans);
  if (axes === undefined)
    return `it arranges the elements of ${mapping.dataset} in ${mapping.file} in another way`;
  return {
    source,
    axes,
    sourceStart: sourceSpans.map(([first]) => first.start),
    sourceLength: sourceSpans.map((spans) => spans.reduce((sum, { length }) => sum + length, 0)),
  };
}

function spansOf(selection: Selection, shape: readonly number[]): Span[][] | string {
  if (selection.kind === 'other') return selection.what;
  if (selection.kind === 'unlimited') return 'elements without end';
  const spans = selection.kind === 'all' ? shape.map((length) => [{ start: 0, length }]) : selection.spans;
  if (spans.length !== shape.length) return `${spans.length} dimensions instead of ${shape.length}`;
  const isWithin = spans.every((axis, i) => axis.every(({ start, length }) => start + length <= shape[i]));
  if (!isWithin) return 'elements past the end';
  return spans.some((axis) => axis.length === 0 || axis.some(({ length }) => length === 0))
    ? 'no elements'
    : spans;
}
