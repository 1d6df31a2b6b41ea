import { HyperslabError } from '@hyperslab/errors';
import type { Cube, Dataset } from '@hyperslab/proto/cube';
import type { FileIndex } from '@hyperslab/proto/index';
import type { MergeOptions } from '@hyperslab/proto/merge';
import { textAttribute } from './cf/attributes.ts';
import { publicName } from './cf/names.ts';
import { packingAttributes } from './cf/packing.ts';
import { ManifestBuilder } from './manifest/manifest-builder.ts';
import { type ManifestSink, MemorySink } from './manifest/manifest-sink.ts';
import { DatasetBuilder } from './merge/build-dataset.ts';
import { PieceCollection } from './merge/collect-pieces.ts';
import { mergeGroups } from './merge/merge-groups.ts';
import { Notes } from './merge/notes.ts';
import { isSilent } from './merge/silent-attributes.ts';
import { describeMergeOptions } from './options/describe-merge-options.ts';

// Written differently, but a merge found that they mean the same.
const sameInMeaning = new Set(['units', 'calendar']);

export interface AggregateOptions {
  merge?: MergeOptions;
  /** What the publisher named: URLs, globs and prefixes. */
  sources?: readonly string[];
}

export interface Aggregation {
  dataset: Dataset;
  /** The manifest object that the dataset refers to by its hash. */
  manifest: Uint8Array;
}

/** What `aggregateInto` makes, with the manifest in memory. */
export async function aggregate(
  files: AsyncIterable<FileIndex> | Iterable<FileIndex>,
  options: AggregateOptions = {},
): Promise<Aggregation> {
  const sink = new MemorySink();
  const dataset = await aggregateInto(sink, files, options);
  return { dataset, manifest: sink.bytes() };
}

/**
 * Merges indexed files into one dataset: a cube for each parameter. Files are taken in one pass, in the order of the
 * arguments; time is linear in the number of their variables and chunks, memory takes some bytes for each chunk. The manifest
 * object goes to `sink`. Throws MERGE_CONFLICT naming two files and what differs, INVALID_ARGUMENT when there is no file.
 */
export async function aggregateInto(
  sink: ManifestSink,
  files: AsyncIterable<FileIndex> | Iterable<FileIndex>,
  { merge, sources = [] }: AggregateOptions,
): Promise<Dataset> {
  const collection = new PieceCollection(merge);
  for await (const index of files) collection.add(index);
  collection.finish();
  if (collection.files.length === 0) {
    throw new HyperslabError(
      'INVALID_ARGUMENT',
      `no files to merge from ${sources.join(', ')}; name at least one`,
    );
  }
  const notes = new Notes();
  const cubes = mergeGroups(collection, notes, merge);
  const builder = new ManifestBuilder(sink);
  const built = new DatasetBuilder(collection, builder).build(cubes);
  const manifest = builder.finish();
  const ignored = merge?.ignoreAttributes ?? [];
  const dropped = (names: string[]) => names.filter((name) => !isSilent(name, ignored));
  for (const { field } of cubes) {
    const names = dropped(field.dropped).filter(
      (name) => !packingAttributes.has(name) && !sameInMeaning.has(name),
    );
    if (names.length > 0)
      notes.add(publicName(field.path), `dropped ${names.join(', ')}, which differ between files`);
  }
  for (const { url, note } of collection.notes) notes.add(url, note);
  const differing = dropped(collection.attributes.dropped);
  if (differing.length > 0)
    notes.add('global attributes', `dropped ${differing.join(', ')}, which differ between files`);
  const attributes = collection.attributes.common;
  return {
    name: '',
    version: 0,
    publisher: '',
    title: textAttribute(attributes, 'title')?.split('\n')[0] || titleOf(built.cubes),
    attributes,
    ...built,
    manifest,
    provenance: {
      sources: [...sources],
      objects: collection.files.length,
      objectBytes: collection.files.reduce((sum, { version }) => sum + version.size, 0),
      bytesRead: collection.bytesRead,
      expression: '',
      notes: notes.lines(),
      merge: describeMergeOptions(merge).length === 0 ? undefined : merge,
      leftOut: [],
    },
  };
}

/** A title made of what is in the dataset: "air_temperature, x_wind and 6 more". */
function titleOf(cubes: readonly Cube[]): string {
  const names = [...new Set(cubes.map((cube) => cube.standardName || cube.longName || cube.name))];
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
