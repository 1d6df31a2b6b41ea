import assert from 'node:assert/strict';
import { isHyperslabError } from '@hyperslab/errors';
import { decode } from 'fast-png';
import { type LineOptions, plotLine } from '../src/plot-line.ts';

function options(values: number[], mask: number[] = []): LineOptions {
  const shape = [values.length];
  return {
    x: { dtype: 'float64', shape, values: Float64Array.from(values, (_, i) => i) },
    y: {
      dtype: 'float64',
      shape,
      values: Float64Array.from(values),
      mask: Uint8Array.from(values, (_, i) => Number(mask.includes(i))),
    },
    title: 'a line',
    xLabel: 'time',
    yLabel: 'K',
    format: 'svg',
  };
}

async function svgOf(line: LineOptions): Promise<string> {
  return new TextDecoder().decode(await plotLine(line));
}

/** The line itself: commands and coordinates. */
function lineOf(svg: string): string {
  return svg.match(/<path d="([^"]*)" fill="none" stroke="#31688e"/)![1];
}

describe('plotLine', () => {
  it('has a gap where values are missing, and marks points that stand alone', async () => {
    const svg = await svgOf(options([1, 2, 3, 4, 5, 6], [2, 4]));
    assert.equal(lineOf(svg).replace(/[^ML]/g, ''), 'MLMM');
    assert.equal(svg.match(/<circle/g)?.length, 4);
  });

  it('goes up for larger values', async () => {
    const [, first, second] = lineOf(await svgOf(options([1, 2]))).match(/M[\d.]+ ([\d.]+)L[\d.]+ ([\d.]+)/)!;
    assert.ok(Number(first) > Number(second));
  });

  it('labels times', async () => {
    const times = ['2026-11-22T00:00:00Z', '2026-11-23T00:00:00Z', '2026-11-24T00:00:00Z'];
    const svg = await svgOf({ ...options([1, 2, 3]), times });
    for (const time of times) assert.ok(svg.includes(`>${time.slice(0, 10)}<`), time);
  });

  it('keeps labels inside, apart from each other', async () => {
    const times = Array.from(
      { length: 25 },
      (_, i) => `2026-11-${22 + Math.floor(i / 24)}T${`${i % 24}`.padStart(2, '0')}:00:00Z`,
    );
    const svg = await svgOf({ ...options(times.map((_, i) => i)), times, width: 500 });
    const labels = [...svg.matchAll(/<text x="([\d.]+)"[^>]*>(2026-[^<]+)</g)].map(([, x, text]) => {
      // DejaVu Sans has digits of 0.636 of its size.
      const half = (text.length * 11 * 0.636) / 2;
      return [Number(x) - half, Number(x) + half];
    });
    assert.ok(labels.length > 2 && labels[0][0] >= 0 && labels.at(-1)![1] <= 500, `${labels}`);
    for (let i = 1; i < labels.length; i++) assert.ok(labels[i][0] > labels[i - 1][1], `${labels}`);
  });

  it('has a title of two lines where one is too short', async () => {
    const title = Array.from({ length: 15 }, (_, i) => `place${i}`).join(' ');
    const svg = await svgOf({ ...options([1, 2]), title });
    const lines = [...svg.matchAll(/font-weight="bold">([^<]*)</g)].map(([, text]) => text);
    assert.equal(lines.length, 2);
    assert.equal(lines.join(' '), title);
  });

  it('draws one point, and nothing', async () => {
    for (const mask of [[], [0]]) {
      const { width, height } = decode(await plotLine({ ...options([5], mask), format: 'png' }));
      assert.deepEqual([width, height], [900, 420]);
    }
  });

  it('refuses coordinates of another number', async () => {
    const { x } = options([1, 2, 3]);
    await assert.rejects(plotLine({ ...options([1, 2]), x }), (error) =>
      isHyperslabError(error, 'INVALID_ARGUMENT'),
    );
  });
});
