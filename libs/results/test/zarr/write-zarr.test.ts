import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { OutputFolder } from '@hyperslab/storage';
import { writeZarr } from '../../src/zarr/write-zarr.ts';
import { sampleResult } from '../sample-results.ts';

describe('writeZarr', () => {
  it('has nothing under way when it fails: what is put after a discard would stay', async () => {
    let underWay = 0;
    const folder: OutputFolder = {
      scratchBeside: '/nowhere',
      async put() {
        underWay++;
        await delay(20);
        underWay--;
      },
      async commit() {
        assert.fail('committed');
      },
      async discard() {},
    };
    const { head, blocks } = sampleResult('float32');
    const result = {
      head,
      async *blocks() {
        for await (const block of blocks()) {
          yield block;
          throw new Error('lost');
        }
      },
    };
    const encoding = { format: 3, compression: 'none', level: 1, shuffle: false } as const;
    const options = { chunks: { time: 1, y: 1, x: 1 } };
    await assert.rejects(writeZarr(folder, [{ result }], options, encoding), /lost/);
    assert.equal(underWay, 0);
  });
});
