import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { parseByteSize } from './byte-size.ts';
import { meshFormats } from './durable-formats.ts';
import { parseDuration } from './duration.ts';

/** How a value is written where it need not be text, as JSON Schema: in the values of the Helm chart. */
export interface Notation {
  type?: 'string' | 'integer' | 'boolean';
  pattern?: string;
  minimum?: number;
  maximum?: number;
  enum?: readonly string[];
}

/** Lets a parser that throws take part in a schema: its message becomes the problem. */
function parsedBy<T>(parse: (text: string) => T, notation: Notation = {}) {
  return z
    .string()
    .transform((text, context) => {
      try {
        return parse(text);
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message });
        return z.NEVER;
      }
    })
    .meta({ notation: { type: 'string', ...notation } });
}

/** How values of a type of this file are written. */
export function notationOf(schema: z.ZodType): Notation {
  return (schema.meta()?.notation ?? {}) as Notation;
}

function fail(message: string): never {
  throw new Error(message);
}

function absolutePath(text: string): string {
  return resolve(text.replace(/^~(?=\/|$)/, homedir()));
}

function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
}

function parseAddress(text: string): string {
  const match = /^(\[[0-9a-f:.]+\]|[^\s:/[\]]+):(\d{1,5})$/i.exec(text);
  return match && Number(match[2]) <= 65535 ? text : fail(`"${text}": expected host:port`);
}

function parseServiceUrl(text: string): string {
  const isOne = /^kubernetes:\/\/[a-z0-9-]*\/[a-z0-9-]+:\d{1,5}$/.test(text);
  return isOne ? text : fail(`"${text}": expected kubernetes://[NAMESPACE]/SERVICE:PORT`);
}

function wholeNumber(minimum: number, maximum: number) {
  const parse = (text: string) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= minimum && value <= maximum) return value;
    return fail(`"${text}": expected a whole number from ${minimum} to ${maximum}`);
  };
  return parsedBy(parse, { type: 'integer', minimum, maximum });
}

function items(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

const durationPattern = '^(0|([0-9]+([.][0-9]+)?(ms|s|m|h|d))+)$';

const truths: Record<string, boolean> = { true: true, 1: true, false: false, 0: false, '': false };

/** A folder, made absolute; "~" is the home folder. */
export const folder = parsedBy(absolutePath);
/** A URL as it is, or a folder made absolute. */
export const urlOrFolder = parsedBy((text) => (isUrl(text) ? text : absolutePath(text)));
/** Comma-separated URLs and folders. */
export const urlsOrFolders = parsedBy((text) =>
  items(text).map((item) => (isUrl(item) ? item : absolutePath(item))),
);
/** host:port */
export const address = parsedBy(parseAddress);
/** Comma-separated host:port, and Services of Kubernetes whose pods are meant: kubernetes://[NAMESPACE]/SERVICE:PORT */
export const addresses = parsedBy((text) =>
  items(text).map((item) => (item.startsWith('kubernetes:') ? parseServiceUrl(item) : parseAddress(item))),
);
/** A TCP port; 0 lets the system choose. */
export const port = wholeNumber(0, 65535);
/** How many, at least one. */
export const count = wholeNumber(1, 1_000_000);
/** How many, none included. */
export const countFromZero = wholeNumber(0, 1_000_000);
/** A process; Linux counts to 2^22. */
export const processId = wholeNumber(1, 2 ** 22);
/** Number of a format of what is kept. */
export const meshFormat = parsedBy(
  (text) =>
    Object.hasOwn(meshFormats, text)
      ? Number(text)
      : fail(
          `"${text}": expected a format that is known here: ${Object.keys(meshFormats).join(', ')}; update this service first, or unset it`,
        ),
  { type: 'integer', minimum: 1 },
);
/** "4GiB" in bytes */
export const byteSize = parsedBy(parseByteSize, { pattern: '^[0-9]+([.][0-9]+)?([kMGT]i?)?B?$' });
/** "1h30m" in milliseconds */
export const duration = parsedBy(parseDuration, { pattern: durationPattern });
/** "1h30m" in milliseconds; not 0, for what happens again and again */
export const positiveDuration = parsedBy(
  (text) => parseDuration(text) || fail(`"${text}": expected more than 0`),
  { pattern: durationPattern },
);
/** true or false */
export const truth = parsedBy(
  (text) => truths[text.toLowerCase()] ?? fail(`"${text}": expected true or false`),
  { type: 'boolean' },
);
/** A host name or IP address without port. */
export const host = parsedBy((text) =>
  /^[0-9a-z.:_-]+$/i.test(text) ? text : fail(`"${text}": expected a host name or an IP address`),
);
/** Name of an object in Kubernetes. */
export const objectName = parsedBy((text) =>
  /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(text)
    ? text
    : fail(`"${text}": expected lower-case letters, digits, "-" and "."`),
);
/** Comma-separated host names; "*.example.org" is every name below. */
export const hostPatterns = parsedBy((text) =>
  items(text).map((item) =>
    /^(\*\.)?[0-9a-z_-]+(\.[0-9a-z_-]+)*$/i.test(item)
      ? item.toLowerCase()
      : fail(`"${item}": expected a host name, or "*." and a domain`),
  ),
);
/** One of a few words. */
export function oneOf<const Word extends string>(words: readonly Word[]) {
  return parsedBy(
    (text) => words.find((word) => word === text) ?? fail(`"${text}": expected one of ${words.join(', ')}`),
    { enum: words },
  );
}
