import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { nodeOptions } from '../src/index.ts';

test('the image starts services with the same options as a mesh on one machine', () => {
  const dockerfile = readFileSync(new URL('../../../Dockerfile', import.meta.url), 'utf8');
  const [, entry] = /^ENTRYPOINT (\[.*\])$/m.exec(dockerfile)!;
  assert.deepEqual(JSON.parse(entry).slice(0, -1), ['node', ...nodeOptions]);
});
