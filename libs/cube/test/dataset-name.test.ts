import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import { assertDatasetName } from '../src/dataset-name.ts';

describe('names of datasets', () => {
  for (const name of [
    'a',
    'models/ukv/2026-11-22T00Z',
    '3.md',
    'a/3.mdx',
    'x'.repeat(200),
    `${'a/'.repeat(255)}aa`,
  ])
    it(`may be ${name.slice(0, 30)} (${name.length} characters)`, () => assertDatasetName(name));

  for (const name of [
    '',
    '/',
    'a/',
    '-a',
    'a b',
    'a@3',
    'a/3.md',
    'é',
    'x'.repeat(201),
    `${'a/'.repeat(256)}aa`,
  ])
    it(`may not be "${name.slice(0, 30)}" (${name.length} characters)`, () => {
      assert.throws(
        () => assertDatasetName(name),
        (error) => isHyperslabError(error, 'NAME_INVALID'),
      );
    });
});
