import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const readBytes = 64 * 1024;
const shownLines = 3;

/**
 * Why a service ended, from the end of its log: its last lines that tell of an error, else its last lines, as one. Empty
 * without a log.
 */
export function lastErrors(path: string): string {
  const lines = tail(path).split('\n').filter(Boolean);
  const errors = lines.filter((line) => /^\w*Error\b|"level":"(error|fatal)"/.test(line));
  return (errors.length > 0 ? errors : lines).slice(-shownLines).join(' | ');
}

function tail(path: string): string {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const buffer = Buffer.alloc(Math.min(size, readBytes));
      readSync(file, buffer, 0, buffer.length, size - buffer.length);
      return buffer.toString('utf8');
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}
