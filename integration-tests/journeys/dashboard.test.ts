import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@hyperslab/client';
import { colourScale, fitProjection, rectilinearCells } from '@hyperslab/plot/drawing';
import type { Page } from 'playwright-core';
import { chromiumPath, type OpenBrowser, openBrowser } from '../harness/open-browser.ts';
import { type PrefixProxy, startPrefixProxy } from '../harness/prefix-proxy.ts';
import { type Mesh, startMesh } from '../harness/start-mesh.ts';

/** The part of a canvas that is looked at. */
interface Canvas {
  width: number;
  toDataURL(): string;
  getContext(kind: '2d'): {
    getImageData(x: number, y: number, width: number, height: number): { data: Iterable<number> };
  };
}

/** Cells whose colours are compared. */
const rows = [3, 20, 40];
const columns = [5, 33, 60];

// What a person does with the dashboard, in Chromium: through the dashboard's own address, and below a prefix.
describe('the dashboard in a browser', function () {
  this.timeout(300_000);
  let mesh: Mesh;
  let client: Client;
  let proxy: PrefixProxy;
  let browser: OpenBrowser;

  before(async function () {
    const path = chromiumPath();
    if (path === undefined) {
      console.log('      skipped: Chromium is not installed');
      this.skip();
    }
    mesh = await startMesh({ sample: true });
    client = await mesh.client();
    proxy = await startPrefixProxy(mesh.endpoints.dashboard, '/mesh/dashboard');
    browser = await openBrowser(path);
  });
  after(async () => {
    await browser?.close();
    await proxy?.stop();
    await mesh?.stop();
  });

  for (const place of ['at its own address', 'below a prefix']) {
    const address = () => (place === 'below a prefix' ? proxy.url : `${mesh.endpoints.dashboard}/`);

    it(`draws a parameter and its series, ${place}`, async () => {
      const { page, complaints } = await browser.page(address());
      await page.goto(address());
      await page.getByRole('link', { name: /^sample\/run/ }).click();
      await page.getByRole('link', { name: /^Air temperature/ }).click();
      await drawn(page, '2022-06-16T00:00:00Z 1000');
      await assertColours(page, 0, 0);
      const before = await pixels(page);

      await move(page, 'time', 4);
      await move(page, 'pressure', 2);
      await drawn(page, '2022-06-16T04:00:00Z 850');
      assert.notDeepEqual(await pixels(page), before, 'another slice is another picture');
      await assertColours(page, 4, 2);
      assert.match(page.url(), /#explore\?dataset=sample\/run@1&parameter=t&at=4,2,-,-/);
      assert.match((await page.locator('.where').first().textContent()) ?? '', /2022-06-16 04:00.*850.hPa/);
      assert.equal(await page.locator('.legend .units').textContent(), 'K');

      await click(page, 20, 33);
      await page.locator('.mark').waitFor({ state: 'attached' });
      await page.getByText('Values (19)').click();
      // They are put in once the list is open.
      await page
        .locator('.values td')
        .nth(2 * 19 - 1)
        .waitFor();
      const cells = await page.locator('.values td').allTextContents();
      const expected = await (await client.open('sample/run'))
        .cube('t')
        .isel({ pressure: 2, latitude: 20, longitude: 33 })
        .compute();
      assert.deepEqual(
        cells.filter((_, i) => i % 2 === 1),
        Array.from(expected.values, String),
      );
      assert.equal(cells[0], '2022-06-16T00:00:00Z');
      assert.ok((await page.locator('.series canvas').count()) > 0, 'a chart');
      assert.match((await page.locator('.pieces').textContent()) ?? '', /19 pieces in 19 objects/);

      // The address says all of it: another page shows the same.
      const again = await browser.page(address());
      await again.page.goto(page.url());
      await drawn(again.page, '2022-06-16T04:00:00Z 850');
      assert.deepEqual(await pixels(again.page), await pixels(page));
      await browser.picture(page, 'explorer');
      assert.deepEqual([...complaints, ...again.complaints], []);
      await page.close();
      await again.page.close();
    });

    it(`shows the cluster and cancels a job, ${place}`, async () => {
      const { page, complaints } = await browser.page(address());
      await page.goto(`${address()}#cluster`);
      await page.locator('.workers [data-worker]').nth(1).waitFor();
      assert.equal(await page.locator('.workers [data-worker]').count(), 2);
      await page.locator('.log li', { hasText: 'joined' }).first().waitFor();

      // Long enough to be seen: thousands of blocks of a few values.
      const run = await client.open('sample/run');
      const many = Array.from({ length: 200 }, (_, i) => `std(sqrt(t^2 + ${i}), time, latitude)`).join(' + ');
      const job = await run.expression(many).persist();
      const row = page.locator(`[data-job="${job.jobId}"]`);
      await row.waitFor();
      await until(
        async () => (await row.locator('progress').evaluate((bar: { value: number }) => bar.value)) > 0,
        'the progress of a job',
      );
      await row.getByRole('button').click();
      await row.locator('[data-state="cancelled"]').waitFor();
      await page.locator('.log li', { hasText: 'cancelled' }).first().waitFor();
      await page.getByText(/tasks? ended in the last two minutes/).waitFor();
      assert.match((await page.locator('.tiles').textContent()) ?? '', /Workers2/);
      await browser.picture(page, 'cluster');
      assert.deepEqual(complaints, []);
      await page.close();
    });
  }

  it('opens the latest version of a name, says which in the address, and lists its parameters', async () => {
    const { page, complaints } = await browser.page(proxy.url);
    await page.goto(`${proxy.url}#explore?dataset=sample/run`);
    await drawn(page, '2022-06-16T00:00:00Z 1000');
    assert.match(page.url(), /dataset=sample\/run@1&/);
    assert.equal(await page.getByRole('list', { name: 'Parameters' }).getByRole('link').count(), 8);
    assert.deepEqual(complaints, []);
    await page.close();
  });

  it('says in words what it can not show', async () => {
    const { page } = await browser.page(proxy.url);
    await page.goto(`${proxy.url}#explore?dataset=no/such`);
    await page.getByRole('alert').filter({ hasText: 'no/such' }).waitFor();
    await page.goto(`${proxy.url}#explore?dataset=sample/run@1&parameter=nope`);
    await page.getByRole('alert').filter({ hasText: 'it has' }).waitFor();
    await page.close();
  });

  it('is used with the keyboard alone', async () => {
    const { page, complaints } = await browser.page(proxy.url);
    await page.goto(`${proxy.url}#explore?dataset=sample/run@1&parameter=t`);
    await drawn(page, '2022-06-16T00:00:00Z 1000');
    await page.getByLabel('time', { exact: true }).focus();
    await page.keyboard.press('ArrowRight');
    await drawn(page, '2022-06-16T01:00:00Z 1000');
    await page.locator('.picture').focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.locator('.mark').waitFor({ state: 'attached' });
    assert.match(page.url(), /at=1,0,\d+,\d+/);
    assert.deepEqual(complaints, []);
    await page.close();
  });

  async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
    for (const end = performance.now() + 60_000; performance.now() < end; await delay(50))
      if (await condition()) return;
    assert.fail(`${what} was not seen`);
  }

  async function drawn(page: Page, places: string): Promise<void> {
    await page.locator(`canvas.cells[data-drawn="${places}"]`).waitFor();
  }

  async function move(page: Page, slider: string, index: number): Promise<void> {
    await page.getByLabel(slider, { exact: true }).fill(String(index));
  }

  async function pixels(page: Page): Promise<string> {
    return page.locator('canvas.cells').evaluate((canvas: Canvas) => canvas.toDataURL());
  }

  /** Where the middles of cells are on the canvas, by projecting their places as the map does. */
  async function middleOf(page: Page, row: number, column: number): Promise<[x: number, y: number]> {
    const width = await page.locator('canvas.cells').evaluate((canvas: Canvas) => canvas.width);
    const run = await client.open('sample/run');
    const [latitudes, longitudes] = await Promise.all([run.read('latitude'), run.read('longitude')]);
    const [lat, lon] = [latitudes, longitudes].map(({ values }) => Array.from(values, Number));
    const { projection } = fitProjection(rectilinearCells(lat, lon).extent, width);
    const [x, y] = projection([lon[column], lat[row]])!;
    return [Math.floor(x), Math.floor(y)];
  }

  async function assertColours(page: Page, time: number, pressure: number): Promise<void> {
    const { values, shape } = await (await client.open('sample/run'))
      .cube('t')
      .isel({ time, pressure })
      .compute();
    const numbers = Array.from(values, Number);
    const scale = colourScale(Math.min(...numbers), Math.max(...numbers));
    for (const row of rows)
      for (const column of columns) {
        const [x, y] = await middleOf(page, row, column);
        const colour = await page
          .locator('canvas.cells')
          .evaluate(
            (canvas: Canvas, [x, y]: number[]) =>
              Array.from(canvas.getContext('2d').getImageData(x, y, 1, 1).data),
            [x, y],
          );
        const expected = scale.colourOf(numbers[row * shape[1] + column]);
        assert.deepEqual(
          colour,
          [expected >> 16, (expected >> 8) & 255, expected & 255, 255],
          `row ${row}, column ${column}`,
        );
      }
  }

  async function click(page: Page, row: number, column: number): Promise<void> {
    const [x, y] = await middleOf(page, row, column);
    const box = (await page.locator('canvas.cells').boundingBox())!;
    await page.mouse.click(box.x + x, box.y + y);
  }
});
