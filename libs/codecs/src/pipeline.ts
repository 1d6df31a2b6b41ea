import { decodeValues, isFixedWidth, itemSize, type NumericValues } from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { Allocator } from '@hyperslab/kernels';
import type { Codec, CodecConfiguration } from './codec.ts';
import { codecCorrupt, codecUnsupported } from './codec-error.ts';
import { findCodec } from './registry.ts';

/** What of a layout matters here; `Layout` of array.proto is one. */
export interface EncodedLayout {
  storedDtype: string;
  /** In the order of encoding, "bytes" first; configurations are JSON objects or empty. */
  codecs: readonly { name: string; configuration: string }[];
}

interface Step {
  codec: Codec;
  configuration: CodecConfiguration;
}

// Layouts are shared by many chunks: their configurations are parsed once.
const pipelines = new WeakMap<EncodedLayout, Step[]>();

// Each file brings layouts of its own with the same few configurations.
const configurations = new Map<string, CodecConfiguration>();
const mostConfigurations = 256;
const longestConfiguration = 256;

/**
 * Values of one chunk from its stored bytes; they may share memory with these. `elements` counts the stored ones, of a
 * padded edge chunk those of a full chunk. In `skippedCodecs`, bit i says that the i-th codec after "bytes" was not
 * applied to this chunk (HDF5's filter mask). They are made in `memory`, if that is given, by codecs that can. Throws FORMAT_CORRUPT, CHECKSUM_MISMATCH, FORMAT_UNSUPPORTED and, for
 * types of no fixed width, NOT_COMPUTABLE.
 */
export function decodeChunk(
  bytes: Uint8Array,
  layout: EncodedLayout,
  elements: number,
  skippedCodecs: number,
  memory?: Allocator,
): NumericValues {
  const steps = appliedSteps(layout, skippedCodecs);
  const decoded = undo(steps, bytes, elements * itemSize(layout.storedDtype), memory);
  return decodeValues(layout.storedDtype, decoded, elements) as NumericValues;
}

/**
 * What the codecs after "bytes" made into stored bytes, at most `mostBytes` of it: of chunks whose elements have no fixed
 * width. Throws as `decodeChunk` does.
 */
export function decodeBytes(
  bytes: Uint8Array,
  layout: EncodedLayout,
  mostBytes: number,
  skippedCodecs: number,
): Uint8Array {
  return undo(appliedSteps(layout, skippedCodecs).slice(1), bytes, mostBytes);
}

/**
 * Throws FORMAT_CORRUPT for more stored bytes than a chunk of so many elements may take: before they are fetched, since a length
 * that others state may be any number. Arguments as of `decodeChunk`.
 */
export function assertStoredLength(
  length: number,
  layout: EncodedLayout,
  elements: number,
  skippedCodecs: number,
): void {
  const steps = appliedSteps(layout, skippedCodecs);
  const encoded = encodedLengths(steps, elements * itemSize(layout.storedDtype)).at(-1)!;
  // Other writers may cut a stream into more blocks than ours do, or leave room behind it.
  const most = 2 * encoded + 64 * 1024;
  if (length > most)
    throw codecCorrupt(steps.at(-1)!.codec.name, `at most ${most} stored bytes`, `${length}`);
}

/** Bytes of a chunk at most: decoded, and behind each step of encoding. */
function encodedLengths(steps: readonly Step[], decodedLength: number): number[] {
  const lengths = [decodedLength];
  for (const { codec, configuration } of steps) {
    lengths.push(codec.encodedBound(lengths[lengths.length - 1], configuration));
  }
  return lengths;
}

function undo(
  steps: readonly Step[],
  bytes: Uint8Array,
  decodedLength: number,
  memory?: Allocator,
): Uint8Array {
  const lengths = encodedLengths(steps, decodedLength);
  let decoded = bytes;
  for (let i = steps.length - 1; i >= 0; i--) {
    decoded = steps[i].codec.decode(decoded, steps[i].configuration, lengths[i], memory);
  }
  return decoded;
}

/** Gets ready the codecs of a layout; to be awaited before its chunks are decoded. Throws FORMAT_UNSUPPORTED. */
export async function loadCodecs(layout: EncodedLayout): Promise<void> {
  if (pipelines.has(layout)) return;
  await Promise.all(layout.codecs.map(({ name }) => findCodec(name).load?.()));
}

/** Stored bytes of one chunk's values: the inverse of `decodeChunk`. Throws FORMAT_UNSUPPORTED for codecs that are only read. */
export function encodeChunk(values: NumericValues, layout: EncodedLayout, skippedCodecs = 0): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return appliedSteps(layout, skippedCodecs).reduce<Uint8Array>((encoded, { codec, configuration }) => {
    if (codec.encode === undefined)
      throw codecUnsupported(codec.name, 'expected a codec that is written, found one that is only read');
    return codec.encode(encoded, configuration);
  }, bytes);
}

function appliedSteps(layout: EncodedLayout, skippedCodecs: number): Step[] {
  let steps = pipelines.get(layout);
  if (steps === undefined) {
    steps = parseSteps(layout);
    pipelines.set(layout, steps);
  }
  if (skippedCodecs === 0) return steps;
  // A shift by 32 or more would wrap around; HDF5's filter mask has 32 bits.
  return steps.filter((_, i) => i === 0 || i > 32 || ((skippedCodecs >>> (i - 1)) & 1) === 0);
}

function parseSteps(layout: EncodedLayout): Step[] {
  const { storedDtype } = layout;
  if (!isFixedWidth(storedDtype)) {
    throw new HyperslabError(
      'NOT_COMPUTABLE',
      `data type "${storedDtype}": expected a type of fixed width, whose chunks can be decoded; read it as an attribute or inline value`,
      { dtype: storedDtype },
    );
  }
  const steps = layout.codecs.map(({ name, configuration }) => ({
    codec: findCodec(name),
    configuration: parseConfiguration(name, configuration),
  }));
  if (steps.length === 0 || steps[0].codec.name !== 'bytes') {
    throw codecUnsupported(
      layout.codecs[0]?.name ?? '',
      'expected "bytes" to be the first codec of a layout',
    );
  }
  steps[0].configuration = { ...steps[0].configuration, itemsize: itemSize(storedDtype) };
  return steps;
}

function parseConfiguration(name: string, json: string): CodecConfiguration {
  if (json === '') return {};
  const known = configurations.get(json);
  if (known !== undefined) return known;
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (cause) {
    throw codecCorrupt(name, 'a JSON object as configuration', json.slice(0, 40), cause);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw codecCorrupt(name, 'a JSON object as configuration', json.slice(0, 40));
  }
  if (json.length <= longestConfiguration) {
    if (configurations.size >= mostConfigurations) configurations.clear();
    configurations.set(json, parsed as CodecConfiguration);
  }
  return parsed as CodecConfiguration;
}
