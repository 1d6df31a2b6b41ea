import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@hyperslab/client';
import { sharedData } from '@hyperslab/testing';
import { type ReferenceArray, referenceFiles } from '../harness/reference-values.ts';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

/** A GRIB message, as ecCodes reads it. */
interface ReferenceMessage extends Omit<ReferenceArray, 'samples'> {
  numberOfPoints: number;
  /** Points are counted in the order of the file. */
  samples: { index: [number]; lat: number; lon: number }[];
}

const folder = sharedData();

/** Files of grids whose places do not fit into an index. */
const files = [
  'grib1/lambert_grid.grib',
  'grib1/rotated_ll.grib1',
  'grib2/mercator.grib',
  'grib2/noaa-hrrr-conus-lambert-refc.grib2',
  'grib2/polar_stereo.grib2',
  'grib2/reduced_latlon_surface.grib2',
];

describe('GRIB grids of many points', function () {
  this.timeout(300_000);
  let made: string;
  let mesh: Mesh;
  let client: Client;

  before(async function () {
    if (folder === undefined) {
      console.log('skipped: the shared data are not beside the repository');
      this.skip();
    }
    made = mkdtempSync(join(tmpdir(), 'hyperslab-'));
    mesh = await startMesh({ roots: [folder, made] });
    client = await mesh.client();
  });
  after(async () => {
    await mesh?.stop();
    if (made !== undefined) rmSync(made, { recursive: true });
  });

  for (const path of files) {
    it(`of ${path} have places where ecCodes has them`, async function () {
      const references = referenceFiles() as unknown as Record<string, { messages: ReferenceMessage[] }>;
      if (references?.[path] === undefined) this.skip();
      const [{ samples, numberOfPoints }] = references[path].messages;
      await client.publish('places', [join(folder!, path)]);
      const dataset = await client.open('places');
      const [latitudes, longitudes] = await Promise.all(
        ['latitude', 'longitude'].map((name) => dataset.variable(name).compute()),
      );
      assert.equal(latitudes.values.length, numberOfPoints);
      for (const { index, lat, lon } of samples) {
        const [latitude, longitude] = [latitudes, longitudes].map(({ values }) => Number(values[index[0]]));
        const turn = Math.abs(((longitude - lon + 540) % 360) - 180) * Math.cos((lat * Math.PI) / 180);
        const found = `point ${index}: ${latitude}, ${longitude} for ${lat}, ${lon}`;
        assert.ok(Math.abs(latitude - lat) < 1.2e-3 && turn < 1.2e-3, found);
      }
    });
  }

  it('are merged by what describes them, and have their places once', async () => {
    const hrrr = readFileSync(join(folder!, 'grib2/noaa-hrrr-conus-lambert-refc.grib2'));
    const urls = [0, 1].map((hour) => join(made, `hour-${hour}.grib2`));
    for (const [hour, url] of urls.entries()) {
      const bytes = Buffer.from(hrrr);
      // Octet 17 of section 1: the hour of the reference time.
      bytes[16 + 16] = hour;
      writeFileSync(url, bytes);
    }
    await client.publish('hours', urls);
    const dataset = await client.open('hours');
    const [{ name }] = dataset.parameters();
    const [fields, latitudes] = await Promise.all(
      [name, 'latitude'].map((variable) => dataset.variable(variable).compute()),
    );
    assert.deepEqual(
      [fields.shape, latitudes.shape],
      [
        [2, 1059, 1799],
        [1059, 1799],
      ],
    );
    const turned = await dataset.variable('latitude').convert('radian').compute();
    for (const point of [0, 1_000_000, 1_905_140]) {
      const radians = (Number(latitudes.values[point]) * Math.PI) / 180;
      assert.ok(Math.abs(Number(turned.values[point]) - radians) < 1e-15, `${turned.values[point]}`);
    }
    assert.ok(Math.abs(Number(latitudes.values[0]) - 21.138123) < 1e-6, String(latitudes.values[0]));
  });
});
