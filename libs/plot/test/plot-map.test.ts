import assert from 'node:assert/strict';
import type { MaskedArray } from '@hyperslab/array';
import { isHyperslabError } from '@hyperslab/errors';
import { decode } from 'fast-png';
import { type MapOptions, plotMap } from '../src/plot-map.ts';

function doubles(values: number[], shape = [values.length], mask?: number[]): MaskedArray {
  return { dtype: 'float64', shape, values: Float64Array.from(values), mask: mask && Uint8Array.from(mask) };
}

/** North of the equator 1, south 0; one missing cell in the far north-west. */
const north = [80, 40, 0.1, -40, -80];
const east = Array.from({ length: 36 }, (_, i) => -175 + 10 * i);
function hemispheres(latitudes: number[], longitudes: number[]): MapOptions {
  const cells = latitudes.flatMap((latitude) => longitudes.map((longitude) => ({ latitude, longitude })));
  return {
    values: doubles(
      cells.map(({ latitude }) => Number(latitude > 0)),
      [latitudes.length, longitudes.length],
      cells.map(({ latitude, longitude }) => Number(latitude === 80 && (longitude + 360) % 360 === 185)),
    ),
    latitude: doubles(latitudes),
    longitude: doubles(longitudes),
    title: 'hemispheres <&>',
    units: '1',
    format: 'png',
  };
}

/** Colour at a share of the drawing's width and height. */
async function colourAt(options: MapOptions, x: number, y: number): Promise<[number, number, number]> {
  const { width, height, data, channels } = decode(await plotMap(options));
  const at = (Math.floor(y * height) * width + Math.floor(x * width)) * channels;
  return [data[at], data[at + 1], data[at + 2]];
}

const isYellow = ([red, green, blue]: number[]) => red > 200 && green > 200 && blue < 100;
const isPurple = ([red, green, blue]: number[]) => red < 110 && green < 60 && blue > 60;

describe('plotMap', function () {
  this.timeout(30_000);

  it('has north on top, whichever way latitudes run', async () => {
    for (const latitudes of [north, north.toReversed()]) {
      const options = hemispheres(latitudes, east);
      // In the Pacific, where no coast passes.
      assert.ok(isYellow(await colourAt(options, 0.15, 0.38)), 'north');
      assert.ok(isPurple(await colourAt(options, 0.15, 0.72)), 'south');
    }
  });

  it('shows the same for longitudes from 0 and from -180', async () => {
    const draw = async (start: number) => {
      const longitudes = east.map((_, i) => start + 10 * i);
      const marked = hemispheres(north, longitudes);
      // 1 only at 95°E, 40°N.
      marked.values = doubles(
        north.flatMap((latitude) =>
          longitudes.map((each) => Number(latitude === 40 && (each + 360) % 360 === 95)),
        ),
        [5, 36],
      );
      return decode(await plotMap({ ...marked, projection: 'natural-earth', width: 400 }));
    };
    const yellow = ({ data, channels, width }: ReturnType<typeof decode>) => {
      let count = 0;
      for (let at = 0; at < data.length; at += channels)
        if ((at / channels) % width < 290 && isYellow([data[at], data[at + 1], data[at + 2]])) count++;
      return count;
    };
    // On the right of a map around 0°, and on the left of one around 180°: as large.
    const [fromGreenwich, fromDateLine] = [yellow(await draw(-175)), yellow(await draw(5))];
    assert.ok(
      fromGreenwich > 20 && Math.abs(fromGreenwich - fromDateLine) < 0.3 * fromGreenwich,
      `${[fromGreenwich, fromDateLine]}`,
    );
  });

  it('hatches what is missing', async () => {
    const [red, green, blue] = await colourAt(hemispheres(north, east), 0.075, 0.16);
    assert.ok(red === green && green === blue && red < 250, `${[red, green, blue]}`);
  });

  it('is an SVG with coastlines, grid lines and a legend', async () => {
    const options = { ...hemispheres(north, east), format: 'svg' as const };
    const svg = new TextDecoder().decode(await plotMap(options));
    assert.match(svg, /^<svg /);
    assert.match(svg, /hemispheres &#60;&#38;&#62;/);
    for (const text of ['60°N', '60°S', 'missing', '0.5']) assert.ok(svg.includes(text), text);
    const paths = [...svg.matchAll(/<path d="([^"]*)"/g)].map(([, path]) => path.length);
    assert.ok(Math.max(...paths) > 20_000, 'a long coast');
  });

  it('draws a region, a grid with two-dimensional coordinates, one cell, and nothing but missing values', async () => {
    const cells = Array.from({ length: 20 }, (_, i) => i);
    const region: MapOptions = {
      ...hemispheres(north, east),
      values: doubles(cells, [4, 5]),
      latitude: doubles(
        cells.map((i) => 50 + Math.floor(i / 5) + 0.1 * (i % 5)),
        [4, 5],
      ),
      longitude: doubles(
        cells.map((i) => -2 + (i % 5)),
        [4, 5],
      ),
    };
    const single = {
      ...region,
      values: doubles([5], [1, 1]),
      latitude: doubles([51]),
      longitude: doubles([0]),
    };
    const missing = { ...single, values: doubles([5], [1, 1], [1]) };
    for (const options of [region, single, missing]) {
      const { width, height } = decode(await plotMap({ ...options, width: 400 }));
      assert.equal(width, 400);
      assert.ok(height > 150 && height < 700, `${height}`);
    }
  });

  const refused: [string, Partial<MapOptions>, RegExp][] = [
    ['values of another shape', { values: doubles([1, 2], [1, 2]) }, /5 latitudes and 36 longitudes/],
    ['three dimensions', { values: doubles(new Array(180).fill(1), [1, 5, 36]) }, /two dimensions/],
    ['a missing latitude', { latitude: doubles([1, 2, Number.NaN, 4, 5]) }, /missing/],
    ['a width of nothing', { width: 0 }, /width 0/],
    ['text', { values: { dtype: 'string', shape: [5, 36], values: new Array(180).fill('') } }, /string/],
  ];
  for (const [what, change, pattern] of refused)
    it(`refuses ${what}`, async () => {
      await assert.rejects(
        plotMap({ ...hemispheres(north, east), ...change }),
        (error) => isHyperslabError(error) && pattern.test(error.message),
      );
    });
});
