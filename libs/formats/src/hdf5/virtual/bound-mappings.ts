import type { DataLayout } from '../data-layout.ts';
import type { MetadataFile } from '../metadata-file.ts';
import { type Mapping, readMappings } from './mapping.ts';
import type { Selection } from './selection.ts';
import { readSource } from './source-dataset.ts';

/** Mappings without end in themselves, and the extents that they give the virtual dataset. */
export interface BoundMappings {
  mappings: Mapping[];
  shape: number[];
}

type Unlimited = Selection & { kind: 'unlimited' };

// Each is a file or dataset that is looked for.
const mostBlocks = 65_536;

/**
 * The mappings of a virtual dataset as far as their sources go today (H5Pset_virtual): one without end takes all of a
 * source that grows, or a block of each of a series of sources, whose names have the number of the block for `%b`, up to the
 * first that is not there. `shape` is the extents as stored: those of dimensions without end are how far any mapping goes.
 * Why they can't be told, as text.
 */
export function readBoundMappings(
  file: MetadataFile,
  layout: DataLayout & { kind: 'virtual' },
  shape: readonly number[],
): Promise<BoundMappings | string> {
  return file.once(`mappings ${layout.address} ${layout.index}`, async () => {
    const stored = await readMappings(file, layout);
    if (typeof stored === 'string') return stored;
    const mappings: Mapping[] = [];
    const extents = [...shape];
    const unlimited = new Set<number>();
    for (const mapping of stored) {
      const { virtual } = mapping;
      if (virtual.kind !== 'unlimited') mappings.push(mapping);
      else {
        const bound = await boundMappings(file, mapping, virtual);
        if (typeof bound === 'string') return bound;
        mappings.push(...bound);
        unlimited.add(virtual.axis);
      }
    }
    for (const axis of unlimited)
      extents[axis] = mappings.reduce((end, mapping) => Math.max(end, endOf(mapping, axis)), 0);
    return { mappings, shape: extents };
  });
}

function endOf({ virtual }: Mapping, axis: number): number {
  const last = virtual.kind === 'spans' ? virtual.spans[axis].at(-1) : undefined;
  return last === undefined ? 0 : last.start + last.length;
}

async function boundMappings(
  file: MetadataFile,
  mapping: Mapping,
  virtual: Unlimited,
): Promise<Mapping[] | string> {
  const isSeries = [mapping.file, mapping.dataset].some((name) => numbered(name, 0) !== numbered(name, 1));
  if (isSeries) return series(file, mapping, virtual);
  const { source } = mapping;
  if (source.kind !== 'unlimited' || !isRun(source) || !isRun(virtual))
    return 'it takes spaced elements without end';
  const found = await readSource(file, numbered(mapping.file, 0), numbered(mapping.dataset, 0));
  if ('why' in found) return found.why;
  const length = (found.variable.shape[source.axis] ?? 0) - source.start;
  return length < 1
    ? []
    : [{ ...mapping, source: bounded(source, length), virtual: bounded(virtual, length) }];
}

/** Whether elements without end follow one another. */
function isRun({ stride, block }: Unlimited): boolean {
  return block === Number.POSITIVE_INFINITY || stride === block;
}

function bounded({ spans, axis, start }: Unlimited, length: number): Selection {
  return { kind: 'spans', spans: spans.with(axis, [{ start, length }]) };
}

async function series(file: MetadataFile, mapping: Mapping, virtual: Unlimited): Promise<Mapping[] | string> {
  const { start, stride, block } = virtual;
  if (block === Number.POSITIVE_INFINITY) return 'it takes blocks without end from a series of sources';
  const mappings: Mapping[] = [];
  for (let number = 0; number < mostBlocks; number++) {
    const names = { file: numbered(mapping.file, number), dataset: numbered(mapping.dataset, number) };
    const found = await readSource(file, names.file, names.dataset);
    if ('why' in found && !found.isMissing) return found.why;
    if ('why' in found) return mappings;
    if (!file.claimSpans(1)) return 'it takes too many blocks from its sources';
    const place = bounded({ ...virtual, start: start + number * stride }, block);
    mappings.push({ ...names, source: mapping.source, virtual: place });
  }
  return `its series of sources goes on after ${mostBlocks}`;
}

/** A name with the number of a block for `%b`, and a percent sign for two. */
function numbered(name: string, number: number): string {
  return name.replace(/%(b|%)/g, (_, what) => (what === 'b' ? String(number) : '%'));
}
