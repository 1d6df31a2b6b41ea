import type { Attribute } from '@hyperslab/proto/array';
import type { IndexedVariable } from '@hyperslab/proto/index';
import type { NamedExtent } from '../held-places.ts';

/** Values of attributes: texts, or numbers with a type. */
export type AttributeValue = string | number | readonly number[];

/** Attributes in the order given; numbers are float64. */
export function attributesOf(values: Record<string, AttributeValue>): Attribute[] {
  return Object.entries(values).map(([name, value]) =>
    typeof value === 'string'
      ? { name, dtype: 'char', strings: [value], numbers: [], integers: [] }
      : {
          name,
          dtype: 'float64',
          strings: [],
          numbers: typeof value === 'number' ? [value] : [...value],
          integers: [],
        },
  );
}

/** A variable without values: a column of fields, a grid mapping. */
export function describedVariable(
  name: string,
  dtype: string,
  attributes: Record<string, AttributeValue>,
): IndexedVariable {
  return {
    name,
    dtype,
    dimensions: [],
    shape: [],
    attributes: attributesOf(attributes),
    notComputable: '',
    contentSha256: '',
  };
}

/** A variable whose values are in the index. */
export function inlineVariable(
  name: string,
  dimensions: readonly NamedExtent[],
  values: Float64Array | Float32Array | Int32Array,
  attributes: Record<string, AttributeValue>,
): IndexedVariable {
  const dtype =
    values instanceof Float64Array ? 'float64' : values instanceof Float32Array ? 'float32' : 'int32';
  const shape = dimensions.map(({ size }) => size);
  return {
    ...describedVariable(name, dtype, attributes),
    dimensions: dimensions.map(({ path }) => path),
    shape,
    inlineValues: {
      dtype,
      shape,
      data: Buffer.from(values.buffer, values.byteOffset, values.byteLength),
      mask: Buffer.alloc(0),
    },
  };
}
