import {
  allocateValues,
  copyRegion,
  elementCount,
  encodeValues,
  isFixedWidth,
  type MaskedArray,
} from '@hyperslab/array';
import { HyperslabError } from '@hyperslab/errors';
import type { Attribute } from '@hyperslab/proto/array';
import { Dataset, Variable } from '@hyperslab/proto/cube';
import { ArrayFrame } from '@hyperslab/proto/worker';
import type { ReadRequest, Upstream } from '../src/upstream/upstream.ts';

/** An attribute: text, or numbers of a type. */
export function attribute(name: string, dtype: string, ...values: (string | number | bigint)[]): Attribute {
  const isText = dtype === 'char' || dtype === 'string';
  const isWide = dtype === 'int64' || dtype === 'uint64';
  return {
    name,
    dtype,
    strings: isText ? values.map(String) : [],
    numbers: isText || isWide ? [] : values.map(Number),
    integers: isWide ? values.map(String) : [],
  };
}

/** A variable of a stand-in dataset with all its values; `stored` are those that come where they are asked for as stored. */
export interface StandIn {
  variable: Variable;
  values: MaskedArray;
  stored?: MaskedArray;
}

/** A variable whose values are in a manifest, kept as they are. */
export function standIn(
  name: string,
  dimensions: string[],
  values: MaskedArray,
  more: Partial<Variable> = {},
): StandIn {
  return {
    values,
    variable: Variable.fromPartial({
      name,
      dtype: values.dtype,
      dimensions,
      shape: values.shape,
      storedDtype: values.dtype,
      packing: { unpackedDtype: values.dtype },
      data: { $case: 'manifestArray', value: 0 },
      ...more,
    }),
  };
}

/** The mesh with one dataset, "test/set" in version 3, whose frames are `frameBytes` long at most. */
export function standInUpstream(
  variables: readonly StandIn[],
  attributes: Attribute[] = [],
  frameBytes = 1000,
): Upstream & { reads: ReadRequest[]; aborted: number } {
  const dataset = Dataset.fromPartial({
    name: 'test/set',
    version: 3,
    title: 'A test',
    attributes,
    variables: variables.map(({ variable }) => variable),
  });
  const upstream = {
    reads: [] as ReadRequest[],
    aborted: 0,
    async dataset(reference: string) {
      if (!['test/set', 'test/set@3', 'test/set@latest'].includes(reference))
        throw new HyperslabError('DATASET_NOT_FOUND', `dataset "${reference}" is not published`);
      return dataset;
    },
    async list() {
      return {
        datasets: [
          {
            name: 'test/set',
            version: 3,
            title: 'A <test>',
            cubes: 1,
            published: undefined,
            publisher: '',
            unpublished: false,
          },
        ],
        nextPageToken: '',
      };
    },
    async *read(request: ReadRequest, signal: AbortSignal) {
      upstream.reads.push(request);
      const { values, stored } = variables.find(({ variable }) => variable.name === request.variable.name)!;
      try {
        for (const frame of framesOf((request.stored && stored) || values, request, frameBytes)) {
          signal.throwIfAborted();
          yield frame;
        }
      } finally {
        if (signal.aborted) upstream.aborted++;
      }
    },
    problem: () => undefined,
    close() {},
  };
  return upstream;
}

/** Frames of a hyperslab, a block for each index of the first dimension. */
export function* framesOf(
  array: MaskedArray,
  { ranges }: Pick<ReadRequest, 'ranges'>,
  frameBytes: number,
): Generator<ArrayFrame> {
  const shape = ranges.map(({ count }) => count);
  yield ArrayFrame.fromPartial({ header: { dtype: array.dtype, shape } });
  const blocks = shape.length === 0 ? 1 : shape[0];
  if (elementCount(shape) === 0) return;
  for (let block = 0; block < blocks; block++) {
    const extents = shape.length === 0 ? [] : [1, ...shape.slice(1)];
    const from = {
      arrayShape: array.shape,
      origin: ranges.map(({ start, step }, axis) => start + (axis === 0 ? block * step : 0)),
      step: ranges.map(({ step }) => step),
    };
    const count = elementCount(extents);
    const to = { arrayShape: extents, origin: extents.map(() => 0) };
    const values = isFixedWidth(array.dtype)
      ? allocateValues(array.dtype, count)
      : new Array<string>(count).fill('');
    copyRegion(array.values, from, values, to, extents);
    const mask = new Uint8Array(array.mask ? count : 0);
    if (array.mask) copyRegion(array.mask, from, mask, to, extents);
    const data = encodeValues({ dtype: array.dtype, shape: extents, values });
    const origin = shape.map((_, axis) => (axis === 0 ? block : 0));
    let header: ArrayFrame['block'] = {
      block,
      origin,
      shape: extents,
      dataBytes: data.length,
      masked: mask.length > 0,
      kernelVersion: '',
    };
    for (let at = 0; at < data.length; at += frameBytes) {
      yield ArrayFrame.fromPartial({ block: header, data: Buffer.from(data.subarray(at, at + frameBytes)) });
      header = undefined;
    }
    for (let at = 0; at < mask.length; at += frameBytes)
      yield ArrayFrame.fromPartial({ mask: Buffer.from(mask.subarray(at, at + frameBytes)) });
  }
}
