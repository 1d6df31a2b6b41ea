import type { Codec, CodecConfiguration } from '../codec.ts';
import { codecCorrupt, codecUnsupported } from '../codec-error.ts';
import { positiveInteger } from '../configuration.ts';
import { missingValue } from './missing-value.ts';

/**
 * Fields of the Met Office in run-length packing (UM documentation paper F3, LBPACK N1 = 4): the missing value is followed
 * by how often it repeats, itself a float; all other values stand for themselves. Floats of `width` bytes (4 or 8) in the
 * byte order `endian`, on both sides.
 */
export const runLengthCodec: Codec = {
  name: 'pp_run_length',
  decode,
  encode,
  // At worst, every other value is missing, and takes two words.
  encodedBound: (decodedLength) => 2 * decodedLength,
};

function decode(bytes: Uint8Array, configuration: CodecConfiguration, decodedLength: number): Uint8Array {
  const { width, missing, get } = floats(configuration);
  const packed = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = Math.floor(bytes.length / width);
  const total = decodedLength / width;
  // What the runs add up to is known before memory is taken for them.
  const runs: { from: number; to: number; source: number }[] = [];
  let made = 0;
  let word = 0;
  while (word < words && made < total) {
    const source = word;
    let count = 1;
    if (get(packed, word++) === missing) {
      count = word < words ? get(packed, word++) : Number.NaN;
      if (!(Number.isInteger(count) && count >= 1 && made + count <= total)) {
        throw corrupt(`a run of 1 to ${total - made} missing values after word ${source}`, `one of ${count}`);
      }
      runs.push({ from: made, to: made + count, source });
    }
    made += count;
  }
  if (made !== total) throw corrupt(`${total} values`, String(made));
  for (; word < words; word++) if (get(packed, word) !== 0) throw corrupt(`${total} values`, 'more');
  const result = Buffer.alloc(decodedLength);
  let target = 0;
  let from = 0;
  for (const run of runs) {
    result.set(bytes.subarray(from * width, run.source * width), target * width);
    const value = bytes.subarray(run.source * width, (run.source + 1) * width);
    result.fill(value, run.from * width, run.to * width);
    target = run.to;
    from = run.source + 2;
  }
  result.set(bytes.subarray(from * width, (from + total - target) * width), target * width);
  return result;
}

function encode(bytes: Uint8Array, configuration: CodecConfiguration): Uint8Array {
  const { width, missing, get, set } = floats(configuration);
  const values = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const total = bytes.length / width;
  const result = new Uint8Array(2 * bytes.length);
  const packed = new DataView(result.buffer);
  let word = 0;
  for (let i = 0; i < total; ) {
    const value = get(values, i);
    const first = i++;
    set(packed, word++, value);
    if (value !== missing) continue;
    while (i < total && get(values, i) === missing) i++;
    set(packed, word++, i - first);
  }
  return result.subarray(0, word * width);
}

function floats(configuration: CodecConfiguration) {
  const width = positiveInteger('pp_run_length', configuration, 'width');
  const { endian } = configuration;
  if ((width !== 4 && width !== 8) || (endian !== 'little' && endian !== 'big')) {
    throw codecUnsupported(
      'pp_run_length',
      `expected "width" to be 4 or 8 and "endian" to be "little" or "big", found ${width} and ${JSON.stringify(endian)}`,
    );
  }
  const little = endian === 'little';
  const missing = missingValue('pp_run_length', configuration);
  return width === 4
    ? {
        width,
        missing: Math.fround(missing),
        get: (view: DataView, i: number) => view.getFloat32(4 * i, little),
        set: (view: DataView, i: number, value: number) => view.setFloat32(4 * i, value, little),
      }
    : {
        width,
        missing,
        get: (view: DataView, i: number) => view.getFloat64(8 * i, little),
        set: (view: DataView, i: number, value: number) => view.setFloat64(8 * i, value, little),
      };
}

function corrupt(expected: string, found: string): Error {
  return codecCorrupt('pp_run_length', expected, found);
}
