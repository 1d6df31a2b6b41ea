import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '@hyperslab/config';
import { isHyperslabError } from '@hyperslab/errors';
import { repository } from '@hyperslab/testing';
import { type DurableKind, durableFormats, meshFormats, newestFormat } from '../src/durable-formats.ts';

describe('durable formats', () => {
  it('are read by whoever writes them, and each has a recorded state', () => {
    for (const [number, formats] of Object.entries(meshFormats)) {
      for (const [kind, version] of Object.entries(formats)) {
        const { reads, writes } = durableFormats[kind as DurableKind];
        assert.ok(writes.includes(version) && reads.includes(version), `${kind} ${version}`);
      }
      const recorded = join(repository, 'integration-tests/history/recorded', `format-${number}`);
      assert.ok(existsSync(recorded), `${recorded}: record it with integration-tests/history/record.ts`);
    }
  });

  it('are the newest unless an older one is asked for; an unknown one is refused at the start', () => {
    assert.equal(readConfig({}).writeFormat, newestFormat);
    assert.equal(readConfig({ HYPERSLAB_WRITE_FORMAT: '1' }).writeFormat, 1);
    assert.throws(
      () => readConfig({ HYPERSLAB_WRITE_FORMAT: '99' }),
      (error) => {
        assert.ok(isHyperslabError(error, 'INVALID_ARGUMENT'));
        assert.match(
          error.message,
          /HYPERSLAB_WRITE_FORMAT .*"99": expected a format that is known here: 1;/,
        );
        return true;
      },
    );
  });
});
