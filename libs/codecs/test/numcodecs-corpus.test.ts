import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeBothWays, sharedCorpora } from '@hyperslab/testing';
import * as codecs from '../src/index.ts';

/** Codecs of numcodecs, and the names that the same bytes have here. */
const codecNames = { blosc: 'blosc', bz2: 'bz2', lz4: 'lz4', zlib: 'deflate', zstd: 'zstd' };

/** The values of a .npy file, as their bytes. */
function valuesOf(path: string): Buffer {
  const file = readFileSync(path);
  const isFirstVersion = file[6] === 1;
  return file.subarray(
    (isFirstVersion ? 10 : 12) + (isFirstVersion ? file.readUInt16LE(8) : file.readUInt32LE(8)),
  );
}

describeBothWays(
  'chunks that numcodecs stored (needs ../shared/corpora)',
  codecs,
  ['libdeflate', 'liblz4', 'libzstd'],
  () => {
    for (const [id, name] of Object.entries(codecNames)) {
      it(`are decoded from ${id}`, function () {
        const corpora = sharedCorpora();
        if (corpora === undefined) this.skip();
        const folder = join(corpora, 'zarr-numcodecs/fixture', id);
        let compared = 0;
        for (const variant of readdirSync(folder).filter((entry) => entry.startsWith('codec.'))) {
          const configuration = JSON.parse(readFileSync(join(folder, variant, 'config.json'), 'utf8'));
          for (const file of readdirSync(join(folder, variant)).filter((entry) =>
            entry.startsWith('encoded.'),
          )) {
            const array = join(folder, `array.${file.split('.')[1]}.npy`);
            if (!existsSync(array)) continue;
            const values = valuesOf(array);
            const encoded = readFileSync(join(folder, variant, file));
            const decoded = codecs.findCodec(name).decode(encoded, configuration, values.length);
            assert.ok(Buffer.from(decoded).equals(values), `${variant}/${file}`);
            compared++;
          }
        }
        assert.ok(compared >= 5, `${compared} chunks compared`);
      });
    }
  },
);
