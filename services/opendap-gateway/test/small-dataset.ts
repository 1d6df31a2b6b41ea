import { attribute, type StandIn, standIn } from './stand-in-upstream.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** One variable of each kind that the gateway tells apart; see each line. */
export function smallDataset(): StandIn[] {
  return [
    standIn('time', ['time'], { dtype: 'float64', shape: [3], values: Float64Array.of(0.5, 1.5, 2.5) }),
    standIn('lat', ['lat'], { dtype: 'float32', shape: [4], values: Float32Array.of(40, 30, 20, 10) }),
    // A Grid.
    standIn(
      't',
      ['time', 'lat'],
      { dtype: 'float32', shape: [3, 4], values: Float32Array.from({ length: 12 }, (_, i) => i * 1.1) },
      { attributes: [attribute('_FillValue', 'float32', 1e20), attribute('units', 'char', 'K')] },
    ),
    // Packed alike in all pieces: what comes as stored are other numbers.
    {
      ...standIn(
        'packed',
        ['time', 'lat'],
        { dtype: 'float32', shape: [3, 4], values: new Float32Array(12) },
        {
          storedDtype: 'int16',
          packing: {
            missingValues: [-32768],
            missingIntegers: [],
            scaleFactor: 0.01,
            unpackedDtype: 'float32',
            readUnsigned: false,
          },
          attributes: [attribute('_FillValue', 'int16', -32768), attribute('scale_factor', 'float32', 0.01)],
        },
      ),
      stored: { dtype: 'int16', shape: [3, 4], values: Int16Array.from({ length: 12 }, (_, i) => i - 6) },
    },
    // Packed differently: unpacked, with a mask.
    standIn(
      'mixed',
      ['time', 'lat'],
      {
        dtype: 'float32',
        shape: [3, 4],
        values: Float32Array.from({ length: 12 }, (_, i) => i),
        mask: Uint8Array.from({ length: 12 }, (_, i) => Number(i % 5 === 0)),
      },
      { storedDtype: '', packing: undefined, attributes: [attribute('scale_factor', 'float32', 0.01)] },
    ),
    // Bytes, signed and unsigned, along a dimension without a coordinate.
    standIn('bytes', ['odd'], { dtype: 'uint8', shape: [3], values: Uint8Array.of(255, 2, 3) }),
    standIn('signed', ['odd'], { dtype: 'int8', shape: [3], values: Int8Array.of(-1, 2, -128) }),
    // 64-bit integers that Float64 holds, and one that it does not.
    standIn('wide', ['odd'], { dtype: 'int64', shape: [3], values: BigInt64Array.of(1n, -2n, 2n ** 53n) }),
    standIn('wider', ['odd'], {
      dtype: 'int64',
      shape: [3],
      values: BigInt64Array.of(1n, 2n, 2n ** 53n + 1n),
    }),
    // Characters as strings, and along a dimension that numbers have.
    standIn('name', ['lat', 'length'], {
      dtype: 'char',
      shape: [4, 5],
      values: bytes('ab\0\0\0cdefghij\0\0\0\0\0\0\0'),
    }),
    standIn('flag', ['odd'], { dtype: 'char', shape: [3], values: bytes('x\0z') }),
    standIn('label', ['odd'], { dtype: 'string', shape: [3], values: ['', 'zwölf', 'c'] }),
    // Scalars.
    standIn('crs', [], { dtype: 'int32', shape: [], values: Int32Array.of(7) }),
    standIn('one', [], { dtype: 'uint8', shape: [], values: Uint8Array.of(200) }),
    // A name that DAP2 forbids.
    standIn('group/x.y z', ['odd'], { dtype: 'uint16', shape: [3], values: Uint16Array.of(65535, 2, 3) }),
    // Nothing along an unlimited dimension yet.
    standIn('empty', ['record', 'lat'], { dtype: 'float32', shape: [0, 4], values: new Float32Array(0) }),
    // What has no type in DAP2.
    standIn(
      'compound',
      ['odd'],
      { dtype: 'int32', shape: [3], values: new Int32Array(3) },
      { notComputable: 'a compound' },
    ),
  ];
}
