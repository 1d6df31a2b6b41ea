import assert from 'node:assert/strict';
import { logKeys, metricNames } from '../src/index.ts';

describe('names', () => {
  it('of metrics are unique, prefixed and described', () => {
    const names = Object.values(metricNames).map(([name]) => name);
    assert.equal(new Set(names).size, names.length);
    for (const [name, help] of Object.values(metricNames)) {
      assert.match(name, /^hyperslab_[a-z_]+$/);
      assert.ok(help.length > 10, name);
    }
  });

  it('of log keys are unique', () => {
    const keys = Object.values(logKeys);
    assert.equal(new Set(keys).size, keys.length);
  });
});
