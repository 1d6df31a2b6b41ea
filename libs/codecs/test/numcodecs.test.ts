import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as codecs from '@hyperslab/codecs';
import { describeBothWays, sharedCorpora } from '@hyperslab/testing';

const { decodeBytes, findCodec } = codecs;
const corpora = sharedCorpora();

/** Elements of a .npy file as they lie in memory (NumPy enhancement proposal 1), their type and width. */
function readNpy(path: string): { bytes: Uint8Array; dtype: string; width: number } {
  const file = readFileSync(path);
  const wide = file[6] > 1;
  const headerBytes = wide ? file.readUInt32LE(8) : file.readUInt16LE(8);
  const start = (wide ? 12 : 10) + headerBytes;
  const header = file.subarray(10, start).toString('latin1');
  const dtype = /'descr': '([^']+)'/.exec(header)![1];
  return { bytes: file.subarray(start), dtype, width: Number(dtype.replace(/\D/g, '')) };
}

describeBothWays('codecs: inputs and outputs of numcodecs', codecs, ['libdeflate'], () => {
  if (corpora === undefined) {
    it('need ../shared/corpora beside the repository', function () {
      this.skip();
    });
    return;
  }
  const root = join(corpora, 'zarr-numcodecs/fixture');
  for (const id of [
    'adler32',
    'base64',
    'crc32',
    'crc32c',
    'fixedscaleoffset',
    'gzip',
    'packbits',
    'quantize',
    'shuffle',
  ]) {
    const codec = findCodec(id === 'quantize' ? 'astype' : id);
    it(`${id}: decodes what numcodecs encoded`, () => {
      let compared = 0;
      for (const folder of readdirSync(join(root, id)).filter((name) => name.startsWith('codec.'))) {
        const config = JSON.parse(readFileSync(join(root, id, folder, 'config.json'), 'utf8'));
        for (const file of readdirSync(join(root, id, folder)).filter((name) => name.startsWith('encoded'))) {
          const array = join(root, id, `array.${/\d+/.exec(file)![0]}.npy`);
          let values: ReturnType<typeof readNpy>;
          try {
            values = readNpy(array);
          } catch {
            continue;
          }
          if (id === 'shuffle' && config.elementsize <= 1) continue;
          const configuration =
            id === 'quantize' ? { encode_dtype: config.astype, decode_dtype: config.dtype } : config;
          const layout = {
            storedDtype: 'uint8',
            codecs: [
              { name: 'bytes', configuration: '' },
              { name: codec.name, configuration: JSON.stringify(configuration) },
            ],
          };
          const encoded = readFileSync(join(root, id, folder, file));
          const decoded = decodeBytes(encoded, layout, values.bytes.length, 0);
          compareElements(
            decoded,
            values,
            ['quantize', 'fixedscaleoffset'].includes(id),
            `${id}/${folder}/${file}`,
            config,
          );
          compared++;
        }
      }
      assert.ok(compared > 2, `${compared} arrays`);
    });
  }
});

/** Lossy codecs give back what numcodecs says they keep: so many digits, or steps of a scale. */
function compareElements(
  found: Uint8Array,
  expected: { bytes: Uint8Array; dtype: string },
  isLossy: boolean,
  what: string,
  config: { digits?: number; scale?: number },
): void {
  if (!isLossy) {
    assert.ok(Buffer.from(found).equals(Buffer.from(expected.bytes)), what);
    return;
  }
  const doubles = (bytes: Uint8Array) => new Float64Array(new Uint8Array(bytes).buffer);
  const step = config.scale === undefined ? 10 ** -config.digits! : 1 / config.scale;
  const wanted = doubles(expected.bytes);
  for (const [i, value] of doubles(found).entries()) {
    assert.ok(
      Math.abs(value - wanted[i]) <= step + 1e-3 * Math.abs(value),
      `${what}[${i}]: ${value}, ${wanted[i]}`,
    );
  }
}
