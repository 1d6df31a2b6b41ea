import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { isHyperslabError } from '@hyperslab/errors';
import { repository, sharedData } from '@hyperslab/testing';
import { decodeDeep } from '../../src/grib/jpeg2000/decode-deep.ts';
import { decodeCodeStream } from '../../src/grib/open-jpeg.ts';

/** Begin of a code stream: SOC and SIZ. */
const begin = Buffer.from('ff4fff51', 'hex');

/** The code streams of JPEG 2000 in a file of GRIB 2 messages: each fills a section 7. */
function* streamsOf(file: Buffer): Iterable<Uint8Array> {
  for (let at = file.indexOf(begin); at >= 0; at = file.indexOf(begin, at + 4)) {
    const length = file.readUInt32BE(at - 5) - 5;
    yield new Uint8Array(file.subarray(at, at + length));
  }
}

/** Asserts that our decoder gives what the library gives, of streams that it can do. */
function compare(stream: Uint8Array): void {
  const { bytes, complaints } = decodeCodeStream(stream);
  assert.deepEqual(complaints, []);
  const isNarrow = (stream[42] & 0x7f) + 1 <= 8;
  const wanted = isNarrow ? bytes : new Uint16Array(bytes.buffer, 0, bytes.length / 2);
  assert.deepEqual(decodeDeep(stream), Int32Array.from(wanted));
}

/** The code stream of the small message that is kept. */
function keptStream(): Uint8Array {
  const fields = JSON.parse(readFileSync(join(repository, 'fixtures/grib/packings.json'), 'utf8'));
  const { message } = fields.find(({ packing }: { packing: string }) => packing === 'grid_jpeg');
  const [stream] = streamsOf(Buffer.from(message, 'base64'));
  return stream;
}

describe('grib: JPEG 2000 by a library', () => {
  it('needs all bytes', () => {
    const stream = keptStream();
    for (const cut of [1, 2, 3, 20]) {
      const { bytes, complaints } = decodeCodeStream(stream.subarray(0, stream.length - cut));
      assert.equal(bytes.length, 0);
      assert.match(complaints[0], /^\[ERROR\] /);
    }
  });

  it('works in a worker thread', async () => {
    const module = new URL('../../src/grib/open-jpeg.ts', import.meta.url).href;
    const code = `const { parentPort, workerData } = require('node:worker_threads');
      import(workerData.module).then(({ decodeCodeStream }) => parentPort.postMessage(decodeCodeStream(workerData.stream)));`;
    const worker = new Worker(code, { eval: true, workerData: { module, stream: keptStream() } });
    const [found] = await once(worker, 'message');
    assert.deepEqual(found, decodeCodeStream(keptStream()));
    await worker.terminate();
  });
});

describe('grib: JPEG 2000 without a library', function () {
  this.timeout(60_000);

  it('gives the samples that OpenJPEG gives, of a small image', () => {
    compare(keptStream());
  });

  it('gives the samples that OpenJPEG gives, of real fields (needs ../shared/data)', function () {
    const data = sharedData();
    if (data === undefined) this.skip();
    let count = 0;
    for (const name of ['CAT_T+24_0600.grib2', 'flux.grb', 'polar_stereo.grib2']) {
      for (const stream of streamsOf(readFileSync(join(data, 'grib2', name)))) {
        compare(stream);
        count++;
      }
    }
    assert.equal(count, 17);
  });

  it('refuses what GRIB has no use for', () => {
    const stream = keptStream();
    const cod = Buffer.from(stream).indexOf(Buffer.from('ff52', 'hex'));
    const refused = (at: number, byte: number, text: RegExp) => {
      const changed = stream.slice();
      changed[at] = byte;
      assert.throws(
        () => decodeDeep(changed),
        (error) => isHyperslabError(error, 'FORMAT_UNSUPPORTED') && text.test(error.message),
      );
    };
    refused(cod + 5, 2, /progression 2/);
    refused(cod + 12, 1, /code-blocks of style 1/);
    refused(cod + 13, 0, /an irreversible transform/);
  });
});
