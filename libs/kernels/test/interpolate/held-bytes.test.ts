import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  bilinearOnCurvilinear,
  conservativeRows,
  createAxis,
  nearestBytes,
  nearestOnCurvilinear,
  overlapBytes,
  QuadBlocks,
  RowsBuilder,
  rowsBytes,
  secondOrderAxesBytes,
  secondOrderBetweenAxes,
  secondOrderRows,
  secondOrderSourceBytes,
} from '../../src/index.ts';

describe('bytes of what weights are made with', () => {
  const [rows, columns] = [150, 400];
  const points = rows * columns;
  const degrees = (low: number, high: number, at: (i: number) => number) =>
    Float32Array.from({ length: points }, (_, i) => low + (high - low) * at(i));
  const latitudes = degrees(20, 50, (i) => Math.floor(i / columns) / rows);
  const longitudes = degrees(-120, -60, (i) => (i % columns) / columns);
  const cells = {
    corners: 4,
    latitudes: Float32Array.from({ length: 4 * points }, (_, i) => latitudes[i >> 2] + (i % 4 > 1 ? 0.2 : 0)),
    longitudes: Float32Array.from(
      { length: 4 * points },
      (_, i) => longitudes[i >> 2] + (i % 4 === 1 || i % 4 === 2 ? 0.15 : 0),
    ),
  };
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');

  /** What was given back is counted as such only when V8 has swept it, which it does beside. */
  async function collectAll(): Promise<void> {
    for (let round = 0; round < 3; round++) {
      collect();
      await sleep(20);
    }
  }

  async function heldOnce(make: () => unknown): Promise<number> {
    await collectAll();
    const before = process.memoryUsage().arrayBuffers;
    const made = make();
    await collectAll();
    const held = process.memoryUsage().arrayBuffers - before;
    assert.ok(made !== undefined);
    return held;
  }

  /** Bytes of arrays that are held once something is made: the middle one of three, for what other tests have left may go meanwhile. */
  async function heldBy(make: () => unknown): Promise<number> {
    const held = [await heldOnce(make), await heldOnce(make), await heldOnce(make)];
    return held.sort((x, y) => x - y)[1];
  }

  /** Small arrays lie in the heap, and are not counted as buffers. */
  const slack = 64 * 1024;

  function assertCounted(what: string, held: number, counted: number): void {
    assert.ok(held <= counted + slack, `${what}: ${held} bytes, counted as ${counted}`);
    assert.ok(held >= 0.9 * counted - slack, `${what}: ${held} bytes, counted as much as ${counted}`);
  }

  it('are those of points and quadrangles', async () => {
    const source = { shape: [rows, columns], latitudes, longitudes };
    assertCounted('nearest', await heldBy(() => nearestOnCurvilinear(source)), nearestBytes(points));
    assertCounted(
      'bilinear',
      await heldBy(() => bilinearOnCurvilinear(source)),
      QuadBlocks.bytes(source.shape),
    );
    // Large grids: a few bytes a point, where vectors and an index of all quadrangles would be a hundred.
    assert.ok(QuadBlocks.bytes([1059, 1799]) < 4 * 1059 * 1799);
  });

  it('are those of cells, and of second order with their gradients', async () => {
    assertCounted('conservative', await heldBy(() => conservativeRows(cells)), overlapBytes(points, 4));
    assertCounted(
      'conservative2',
      await heldBy(() => secondOrderRows(cells)),
      secondOrderSourceBytes(points, 4).kept,
    );
    const even = (count: number, low: number, high: number) =>
      createAxis(Float64Array.from({ length: count }, (_, i) => low + ((high - low) * i) / count));
    const axes = { latitude: even(rows, 20, 50), longitude: even(columns, -120, -60) };
    assertCounted(
      'conservative2 between axes',
      await heldBy(() => secondOrderBetweenAxes(axes, cells)),
      secondOrderAxesBytes(points).kept,
    );
  });

  it('are those of rows at most', () => {
    const builder = new RowsBuilder();
    for (let row = 0; row < 1000; row++) {
      for (let entry = 0; entry < 4; entry++) builder.add(entry, 0.25);
      builder.endRow();
    }
    assert.ok(3 * rowsBytes(builder.finish()) - 8 * 1001 <= RowsBuilder.bytes(1000, 4000));
  });
});
