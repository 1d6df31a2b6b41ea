import { inflateSync } from 'node:zlib';
import { elementCount, encodeValues } from '@hyperslab/array';
import type { XmlElement } from '@hyperslab/dap';
import type { ArrayBlock } from '@hyperslab/proto/array';
import { formatCorrupt } from '../format-error.ts';

const mostElements = 256 * 1024;
const mostTextBytes = 4 * 1024 * 1024;

/**
 * Texts that a DMR++ holds: elements "v", each with how often it is repeated ("c") and, where it is long, with its length ("s"):
 * then it is deflated, in base64. Undefined when they are too many. Throws FORMAT_CORRUPT.
 */
export function heldTexts(
  elements: readonly XmlElement[],
  shape: number[],
  url: string,
): ArrayBlock | undefined {
  const count = elementCount(shape);
  if (count > mostElements) return undefined;
  const values: string[] = [];
  let bytes = 0;
  for (const { text, attributes } of elements) {
    const value = attributes.s === undefined ? text : inflated(text, url);
    const times = Number(attributes.c ?? '1');
    if (!Number.isSafeInteger(times) || times < 1 || values.length + times > count)
      throw formatCorrupt(
        url,
        0,
        `${count} texts of a variable`,
        `${values.length} and ${attributes.c} more`,
      );
    bytes += Buffer.byteLength(value) * times;
    if (bytes > mostTextBytes) return undefined;
    for (let i = 0; i < times; i++) values.push(value);
  }
  if (values.length !== count)
    throw formatCorrupt(url, 0, `${count} texts of a variable`, `${values.length}`);
  const data = Buffer.from(encodeValues({ dtype: 'string', shape, values }));
  return { dtype: 'string', shape, data, mask: Buffer.alloc(0) };
}

function inflated(text: string, url: string): string {
  try {
    return inflateSync(Buffer.from(text, 'base64'), { maxOutputLength: mostTextBytes }).toString();
  } catch (cause) {
    throw formatCorrupt(url, 0, 'a deflated text in base64', (cause as Error).message, cause);
  }
}
