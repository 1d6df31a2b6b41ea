import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { encodeValues } from '@hyperslab/array';
import type { Attribute } from '@hyperslab/proto/array';
import type { ByteSource } from '@hyperslab/storage';
import { indexFile, readStored } from '../../src/index.ts';

type ReferenceAttribute = [name: string, dtype: string, values: string[]];

/** What fixtures/netcdf3/describe.py prints of a file. */
export interface ReferenceFile {
  dimensions: [name: string, size: number, unlimited: boolean][];
  attributes: ReferenceAttribute[];
  variables: {
    name: string;
    dtype: string;
    dimensions: string[];
    shape: number[];
    attributes: ReferenceAttribute[];
    sha256: string;
  }[];
}

/** Asserts that the index of a file, and all values read through it, are those that netCDF-C reads. */
export async function assertAsReference(source: ByteSource, reference: ReferenceFile): Promise<void> {
  const index = await indexFile(source);
  assert.equal(index.format, 'netcdf3');
  const { dimensions, attributes, variables } = index.root!;
  assert.deepEqual(
    dimensions.map(({ name, size, unlimited }) => [name, size, unlimited]),
    reference.dimensions,
  );
  compareAttributes(attributes, reference.attributes, 'the file');
  assert.equal(variables.length, reference.variables.length);
  for (const [i, variable] of variables.entries()) {
    const expected = reference.variables[i];
    const { name, dtype, shape } = variable;
    assert.deepEqual([name, dtype, shape], [expected.name, expected.dtype, expected.shape]);
    assert.deepEqual(
      variable.dimensions,
      expected.dimensions.map((dimension) => `/${dimension}`),
    );
    compareAttributes(variable.attributes, expected.attributes, name);
    const stored = await readStored(variable, source, index.version!);
    assert.equal(createHash('sha256').update(encodeValues(stored)).digest('hex'), expected.sha256, name);
  }
}

function compareAttributes(found: Attribute[], expected: ReferenceAttribute[], owner: string): void {
  assert.deepEqual(
    found.map(({ name }) => name),
    expected.map(([name]) => name),
    owner,
  );
  for (const [i, [name, dtype, values]] of expected.entries()) {
    const { numbers, integers, strings } = found[i];
    const what = `${owner}: ${name}`;
    assert.equal(found[i].dtype, dtype, what);
    // netCDF4-python drops zeros in a text, which are kept here as the file has them.
    if (dtype === 'char')
      assert.deepEqual(
        strings.map((text) => text.replaceAll('\0', '')),
        values,
        what,
      );
    else if (integers.length > 0) assert.deepEqual(integers, values, what);
    // Python and JavaScript write the same doubles differently.
    else assert.deepEqual(numbers, values.map(numberOf), what);
  }
}

function numberOf(text: string): number {
  const named: Record<string, number> = { nan: Number.NaN, inf: Infinity, '-inf': -Infinity };
  return named[text] ?? Number(text);
}
