import { closeSync, copyFileSync, fstatSync, mkdirSync, openSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';

/** A log is moved to NAME.1 when it has grown to this. */
const rotateAtBytes = 16 * 1024 * 1024;

/**
 * Opens a log file that a child process writes by itself. It is given the file, not a pipe, so that a full or broken
 * pipe of `up` can neither hold nor end a service.
 */
export function openLogFile(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  return openSync(path, 'a');
}

/** Moves what is in a log that has grown too long to PATH.1; its writer goes on appending to the same file. */
export function rotateLogFile(path: string, limitBytes: number = rotateAtBytes): boolean {
  const file = openSync(path, 'a');
  try {
    if (fstatSync(file).size < limitBytes) return false;
    copyFileSync(path, `${path}.1`);
    truncateSync(path);
    return true;
  } finally {
    closeSync(file);
  }
}
