import type { EncodedLayout } from '../../src/index.ts';

/** The layout that a reader makes of a field: `configuration` is the codec's. */
export function gribLayout(configuration: object, storedDtype = 'float32'): EncodedLayout {
  return {
    storedDtype,
    codecs: [
      { name: 'bytes', configuration: '{"endian":"little"}' },
      { name: 'grib', configuration: JSON.stringify(configuration) },
    ],
  };
}

/** The edition of a message. */
export const editionOf = (message: Uint8Array): number => message[7];
