import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MessageQueue } from '../src/index.ts';

describe('a queue of messages', () => {
  it('delivers each once and in order, whenever it is pushed and taken, and ends behind the last', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.record({ pushed: fc.nat(5), taken: fc.nat(5) })), async (steps) => {
        const queue = new MessageQueue<number>();
        const messages = queue[Symbol.asyncIterator]();
        let pushed = 0;
        let taken = 0;
        const takeOne = async () => assert.deepEqual(await messages.next(), { done: false, value: taken++ });
        for (const step of steps) {
          for (let count = 0; count < step.pushed; count++) queue.push(pushed++);
          for (let count = 0; count < step.taken && taken < pushed; count++) await takeOne();
        }
        queue.end();
        while (taken < pushed) await takeOne();
        assert.deepEqual(await messages.next(), { done: true, value: undefined });
      }),
    ));

  it('delivers a million that were there before, as the blocks of a large stage', async () => {
    const queue = new MessageQueue<number>();
    for (let message = 0; message < 1_000_000; message++) queue.push(message);
    queue.end();
    let expected = 0;
    for await (const message of queue) if (message !== expected++) assert.fail(`${message} came too early`);
    assert.equal(expected, 1_000_000);
  });
});
