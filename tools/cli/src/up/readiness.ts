import { get } from 'node:http';

/** Whether a service says that it is ready: its readyz URL answers 200. Never throws. */
export async function isReady(readyUrl: string, timeoutMs = 2000): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(readyUrl, { agent: false, timeout: timeoutMs }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}
