import assert from 'node:assert/strict';
import { TaskRecord } from '@hyperslab/proto/scheduler';
import { TaskStream } from '../../src/history/task-stream.ts';

const record = (number: number) => TaskRecord.fromPartial({ number });

describe('the stream of finished tasks', () => {
  it('numbers all and keeps records of a few in each part of a second', () => {
    const stream = new TaskStream();
    for (let n = 0; n < 1000; n++) stream.add(Math.floor(n / 100) * 100, 1, record);
    assert.equal(stream.ended, 1000);
    const records = stream.after(0, 1000);
    assert.equal(records.length, 200);
    assert.deepEqual(
      records.slice(19, 22).map(({ number }) => number),
      [20, 101, 102],
    );
  });

  it('numbers what ended together like the rest', () => {
    const stream = new TaskStream();
    stream.add(0, 1, record);
    stream.add(0, 30, (number, at) => TaskRecord.fromPartial({ number, task: at }));
    stream.add(100, 1, record);
    assert.equal(stream.ended, 32);
    const records = stream.after(18, 100).map(({ number, task }) => [number, task]);
    assert.deepEqual(records, [
      [19, 17],
      [20, 18],
      [32, 0],
    ]);
  });

  it('answers the latest after a number, and no more than are asked for', () => {
    const stream = new TaskStream();
    for (let n = 0; n < 50; n++) stream.add(n * 100, 1, record);
    const numbers = (after: number, most: number) => stream.after(after, most).map(({ number }) => number);
    assert.deepEqual(numbers(47, 10), [48, 49, 50]);
    assert.deepEqual(numbers(0, 2), [49, 50]);
    assert.deepEqual(numbers(50, 10), []);
    assert.deepEqual(numbers(0, 0), []);
  });

  it('keeps 6,000 records and forgets the oldest', () => {
    const stream = new TaskStream();
    for (let n = 0; n < 14_500; n++) stream.add(n * 100, 1, record);
    const records = stream.after(0, 10_000);
    assert.equal(records.length, 6_000);
    assert.deepEqual([records[0].number, records.at(-1)?.number], [8_501, 14_500]);
  });
});
