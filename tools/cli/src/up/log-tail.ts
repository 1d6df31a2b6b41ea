import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** The last lines of a log file in one, for the message of a service that does not start; empty without a file. */
export function logTail(path: string, lines: number): string {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const buffer = Buffer.alloc(Math.min(size, 64 * 1024));
      readSync(file, buffer, 0, buffer.length, size - buffer.length);
      return buffer.toString('utf8').trimEnd().split('\n').slice(-lines).join(' | ');
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}
