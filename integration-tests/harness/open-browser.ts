import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Debian's Chromium; undefined where it is not installed. */
export function chromiumPath(): string | undefined {
  return ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));
}

/** A browser of its own that asks nobody but the pages it is told to open. */
export interface OpenBrowser {
  /** A page, and what it did that it should not: messages of errors, failed requests, requests to other hosts. */
  page(allowed: string): Promise<{ page: Page; complaints: string[] }>;
  /** A picture of a page in a folder that is removed at the end, for people who stop a test to look. */
  picture(page: Page, name: string): Promise<Buffer>;
  close(): Promise<void>;
}

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a browser. */
export async function openBrowser(executablePath: string): Promise<OpenBrowser> {
  const browser: Browser = await chromium.launch({ executablePath, args: flags });
  const folder = await mkdtemp(join(tmpdir(), 'hyperslab-pictures-'));
  return {
    async page(allowed) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      // The machine may be busy with other tests.
      page.setDefaultTimeout(120_000);
      const complaints: string[] = [];
      page.on('console', (message) => {
        // A test reads pixels more often than the page, which never does.
        if (message.text().includes('willReadFrequently')) return;
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(String(error.stack)));
      page.on('request', (request) => {
        if (!request.url().startsWith(allowed)) complaints.push(`asked for ${request.url()}`);
      });
      return { page, complaints };
    },
    picture: (page, name) => page.screenshot({ path: join(folder, `${name}.png`) }),
    async close() {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
