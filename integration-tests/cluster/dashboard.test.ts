import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  colourScale,
  fitProjection,
  locatePixels,
  paintPixels,
  rectilinearCells,
} from '@hyperslab/plot/drawing';
import type { Page } from 'playwright-core';
import { chromiumPath, type OpenBrowser, openBrowser } from '../harness/open-browser.ts';
import type { PortForward } from '../harness/port-forward.ts';
import { until } from '../harness/until.ts';
import { explainFailures, type SharedRelease, useRelease } from '../harness/use-release.ts';

const name = 'cluster/shown';
/** For people to look at: what the last run saw. */
const screenshots = join(tmpdir(), 'hyperslab-screenshots');

// As a person sees it: a browser, and `kubectl port-forward` to the dashboard's Service.
describe('the dashboard on Kubernetes, in a browser', function () {
  this.timeout(300_000);
  let release: SharedRelease;
  let forward: PortForward;
  let browser: OpenBrowser;
  let page: Page;
  let complaints: string[];

  before(async function () {
    const program = chromiumPath();
    if (program === undefined) {
      console.log('    skipped: Chromium is not installed');
      return this.skip();
    }
    release = await useRelease(this);
    const published = await release.hyperslab(['publish', name, `${release.run.folder}*.nc`]);
    assert.equal(published.code, 0, published.stderr);
    forward = await release.portForward('service/hyperslab-dashboard', 8787);
    browser = await openBrowser(program);
    ({ page, complaints } = await browser.page(`http://${forward.address}/`));
    page.setDefaultTimeout(120_000);
    await mkdir(screenshots, { recursive: true });
  });
  after(async () => {
    await browser?.close();
    await forward?.stop();
  });
  explainFailures(() => release);

  async function hyperslab(...args: string[]) {
    const { code, json, stderr } = await release.hyperslab([...args, '--json']);
    assert.equal(code, 0, stderr);
    return json;
  }

  async function screenshot(of: string): Promise<void> {
    const path = join(screenshots, `${of}.png`);
    await writeFile(path, await browser.picture(page, of));
    console.log(`      seen: ${path}`);
  }

  it('lists the datasets', async () => {
    await page.goto(`http://${forward.address}/#explore`);
    await page.getByText(name).first().waitFor();
  });

  it('draws a map whose pixels have the colours of the values', async () => {
    await page.goto(`http://${forward.address}/#explore?dataset=${name}@1&parameter=t&at=1,2,-,-`);
    await page.locator('canvas.cells[data-drawn]').waitFor();
    // Wait for the coasts: they come after the cells.
    await page.locator('svg.overlay path').first().waitFor({ state: 'attached' });
    await screenshot('map');
    const drawn = await page.locator('canvas.cells').evaluate((element) => {
      const canvas = element as unknown as CanvasLike;
      const { data, width, height } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return { width, height, pixels: Array.from(data) };
    });
    const { values, coordinates } = await hyperslab('compute', name, 't[time=#1, pressure=#2]');
    const expected = picture(values, coordinates, drawn.width);
    assert.equal(drawn.height, expected.height);
    assert.equal(drawn.pixels.length, expected.pixels.length);
    const wrong = expected.pixels.findIndex((value, i) => value !== drawn.pixels[i]);
    assert.equal(wrong, -1, `byte ${wrong}: ${drawn.pixels[wrong]}, expected ${expected.pixels[wrong]}`);
    assert.ok(new Set(values).size > 1000, 'the values vary');
  });

  it('shows the pods of the workers', async () => {
    await page.goto(`http://${forward.address}/#cluster`);
    await page.locator('table.workers tbody tr').first().waitFor();
    const selector = ['--selector', 'app.kubernetes.io/component=worker-pool'];
    const { found } = await until('each ready pod is a worker on the page', async () => {
      const { json } = await release.kubectl(['get', 'pods', ...selector, '--output', 'json']);
      const pods = json.items.map(({ status }: Pod) => `${status.podIP}:7403`).sort();
      const names = page.locator('table.workers tbody tr td:first-child span.name');
      const found = (await names.allTextContents()).sort();
      return pods.length > 0 && String(found) === String(pods) ? { found } : undefined;
    });
    assert.ok(found.length >= 1);
    await screenshot('cluster');
  });

  it('has nothing to complain of', () => {
    assert.deepEqual(complaints, []);
  });
});

interface Pod {
  status: { podIP: string };
}

/** The browser's canvas, of which this program's types know nothing. */
interface CanvasLike {
  width: number;
  height: number;
  getContext(kind: '2d'): {
    getImageData(
      x: number,
      y: number,
      width: number,
      height: number,
    ): { data: Uint8ClampedArray; width: number; height: number };
  };
}

/** What is to be drawn of values that were computed without the dashboard. */
function picture(
  values: (number | null)[],
  coordinates: { name: string; values: number[] }[],
  width: number,
): { width: number; height: number; pixels: number[] } {
  const axis = (name: string) =>
    Float32Array.from(coordinates.find((coordinate) => coordinate.name === name)?.values ?? []);
  const finder = rectilinearCells(axis('latitude'), axis('longitude'));
  const pixels = locatePixels(finder, fitProjection(finder.extent, width), width, 1);
  const numbers = Float32Array.from(values, (value) => value ?? Number.NaN);
  const present = values.filter((value) => value !== null);
  const scale = colourScale(Math.min(...present), Math.max(...present));
  const painted = paintPixels(pixels, numbers, scale);
  return { width: pixels.columns, height: pixels.rows, pixels: Array.from(painted) };
}
