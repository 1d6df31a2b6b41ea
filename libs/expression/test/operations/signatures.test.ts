import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { functionNames } from '@hyperslab/kernels';
import { repository } from '@hyperslab/testing';
import { inferences } from '../../src/operations/registry.ts';
import { operationUsages, signatures } from '../../src/operations/signatures.ts';

describe('signatures of operations', () => {
  it('are one for each operation, and none is a function', () => {
    const names = signatures.map(({ name }) => name);
    assert.deepEqual(names.toSorted(), [...inferences.keys()].toSorted());
    assert.equal(
      new Set([...names, ...functionNames, 'convert']).size,
      names.length + functionNames.length + 1,
    );
  });

  it('repeat their last parameter alone, and have what is optional last', () => {
    for (const { name, parameters } of signatures) {
      parameters.forEach(({ optional, repeated, kind, words }, place) => {
        const next = parameters[place + 1];
        assert.ok(!repeated || next === undefined, name);
        assert.ok(!optional || next === undefined || next.optional, name);
        assert.equal(kind === 'word', (words?.length ?? 0) > 0 && kind !== 'array', name);
      });
    }
  });

  it('are all in the table of docs/expressions.md', () => {
    const text = readFileSync(join(repository, 'docs/expressions.md'), 'utf8');
    const table = /\| operation \| gives \|\n\| --- \| --- \|\n((?:\|.*\n)*)/.exec(text)![1];
    const rows = operationUsages().map(
      ({ usage, summary }) => `| \`${usage.replaceAll('|', '\\|')}\` | ${summary} |\n`,
    );
    assert.equal(table, rows.join(''));
  });
});
