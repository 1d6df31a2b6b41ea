import assert from 'node:assert/strict';
import { HyperslabError } from '@hyperslab/errors';
import type { ArrayFrame } from '@hyperslab/proto/worker';
import { readInTurn } from '../../src/upstream/read-in-turn.ts';

const lost = new HyperslabError('WORKER_LOST', 'gone');
const never = new AbortController().signal;
const frame = (text: string): ArrayFrame =>
  ({ data: Buffer.from(text), mask: Buffer.alloc(0) }) as ArrayFrame;

/** Workers that each send some frames and then fail, or end. */
function workers(...scripts: (string | HyperslabError)[][]) {
  let asked = 0;
  const openNext = () => {
    const script = scripts[asked++];
    return script && sent(script);
  };
  async function* sent(script: (string | HyperslabError)[]) {
    for (const item of script) {
      if (item instanceof HyperslabError) throw item;
      yield frame(item);
    }
  }
  return { openNext, asked: () => asked };
}

async function gather(frames: AsyncIterable<ArrayFrame>): Promise<string> {
  let text = '';
  for await (const { data } of frames) text += `${data} `;
  return text;
}

describe('an array from several workers', () => {
  it('comes whole and in order, however often workers are lost', async () => {
    const { openNext, asked } = workers([lost], ['aa', 'b', lost], ['aa', lost], ['aa', 'b', 'ccc']);
    assert.equal(await gather(readInTurn(openNext, 10_000, never)), 'aa b ccc ');
    assert.equal(asked(), 4);
  });

  it('waits for a worker where there is none', async () => {
    let asked = 0;
    const openNext = () => (asked++ < 2 ? undefined : workers(['a']).openNext());
    assert.equal(await gather(readInTurn(openNext, 10_000, never)), 'a ');
  });

  it('is given up when nothing comes for long enough', async () => {
    await assert.rejects(gather(readInTurn(() => undefined, 120, never)), { reason: 'UNAVAILABLE' });
  });

  it('fails at once when another worker would say the same, or sends other pieces', async () => {
    const refused = new HyperslabError('OBJECT_CHANGED', 'changed');
    const one = workers(['a', refused], ['a', 'b']);
    await assert.rejects(gather(readInTurn(one.openNext, 10_000, never)), { reason: 'OBJECT_CHANGED' });
    assert.equal(one.asked(), 1);
    const two = workers(['a', lost], ['aa', 'b']);
    await assert.rejects(gather(readInTurn(two.openNext, 10_000, never)), { reason: 'INTERNAL' });
  });
});
