import assert from 'node:assert/strict';
import type { MaskedArray } from '@hyperslab/array';
import { Attribute } from '@hyperslab/proto/array';
import { ResultDescription } from '@hyperslab/proto/expression';
import { resultIndex } from '../../src/tasks/result-index.ts';

describe('a computed array described as a file', () => {
  it('names its grid mapping, which is a variable of it', async () => {
    const text = (name: string, value: string) =>
      Attribute.fromPartial({ name, dtype: 'char', strings: [value] });
    const attributes = [text('grid_mapping_name', 'rotated_latitude_longitude')];
    const result = ResultDescription.fromPartial({
      name: 't',
      dtype: 'float32',
      dimensions: ['y'],
      shape: [2],
      attributes: [text('grid_mapping', 'of the source')],
      gridMapping: { name: 'pole', attributes },
    });
    const { root } = await resultIndex(result, 'a title', async () => assert.fail('it has no coordinates'));
    const [t, pole] = root!.variables;
    const named = t.attributes.filter(({ name }) => name === 'grid_mapping').map(({ strings }) => strings[0]);
    assert.deepEqual(named, ['pole']);
    assert.deepEqual([pole.name, pole.shape, pole.attributes], ['pole', [], attributes]);
  });

  it('says of a coordinate what its file says', async () => {
    const result = ResultDescription.fromPartial({
      ...{ name: 't', dtype: 'float32', dimensions: ['z'], shape: [1] },
      coordinates: [
        { name: 'z', dimensions: ['z'], longName: 'depth of sensor', positive: 'down', values: {} },
      ],
    });
    const z: MaskedArray = { dtype: 'float32', shape: [1], values: Float32Array.of(3) };
    const { root } = await resultIndex(result, 'a title', async () => z);
    const texts = root!.variables[1].attributes.map(({ name, strings }) => [name, strings[0]]);
    assert.deepEqual(texts, [
      ['long_name', 'depth of sensor'],
      ['positive', 'down'],
    ]);
  });

  it('marks what is missing of a coordinate by a number that is none of its others', async () => {
    const mask = Uint8Array.of(0, 1, 0);
    const height: MaskedArray = { dtype: 'uint8', shape: [3], values: Uint8Array.of(1, 9, 255), mask };
    const result = ResultDescription.fromPartial({
      ...{ name: 't', dtype: 'float32', dimensions: ['x'], shape: [3] },
      coordinates: [{ name: 'height', dimensions: ['x'], values: {} }],
    });
    const { root } = await resultIndex(result, 'a title', async () => height);
    const [, { attributes, inlineValues }] = root!.variables;
    const [fill] = attributes.find(({ name }) => name === '_FillValue')!.numbers;
    assert.deepEqual([...inlineValues!.data], [1, fill, 255]);
    assert.ok(![1, 255].includes(fill), `${fill}`);
    assert.deepEqual([...height.values], [1, 9, 255]);
  });
});
