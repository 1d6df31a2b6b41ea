import type { Destination } from './field-values.ts';
import { gribCorrupt, gribUnsupported } from './grib-error.ts';
import { decodeDeep } from './jpeg2000/decode-deep.ts';
import { decodeCodeStream } from './open-jpeg.ts';
import { type Scaling, scaleSamples } from './scaling.ts';
import { Section } from './section.ts';

/** Image of a code stream: marker segment SIZ of ISO/IEC 15444-1, annex A.5.1. */
interface Image {
  samples: number;
  bits: number;
  signed: boolean;
}

// A tile part has a marker segment SOT of 12 bytes and a marker SOD (annex A.4).
const leastTileBytes = 14;

/** The library gives samples of up to 16 bits, and cuts off others. */
const libraryBits = 16;

/** JPEG 2000 code stream (template 7.40): an image of one component whose samples are the packed integers, row by row. */
export function unpackJpeg2000(data: Section, scaling: Scaling, destination: Destination): void {
  const stream = data.bytes.subarray(5);
  const image = readImage(stream);
  if (image.samples !== destination.coded) {
    throw gribCorrupt(`an image of ${destination.coded} samples`, `one of ${image.samples}`);
  }
  const samples = image.bits > libraryBits ? decodeDeep(stream) : decodeByLibrary(stream, image);
  scaleSamples(samples, scaling, destination.open());
}

function readImage(stream: Uint8Array): Image {
  // Octets from 1 on: SOC 1-2, SIZ 3-4, its length 5-6, capabilities 7-8.
  const header = new Section(7, stream);
  if (header.uint(1, 4) !== 0xff4fff51) {
    throw gribCorrupt('a JPEG 2000 code stream', `bytes ${header.uint(1, 4).toString(16)}`);
  }
  const [width, height, x0, y0, tileWidth, tileHeight] = [9, 13, 17, 21, 25, 29].map((o) =>
    header.uint(o, 4),
  );
  const components = header.uint(41, 2);
  const depth = header.uint(43, 1);
  if (components !== 1 || header.uint(44, 1) !== 1 || header.uint(45, 1) !== 1) {
    throw gribUnsupported(`a JPEG 2000 image of ${components} components or of fewer samples than its grid`);
  }
  if (x0 !== 0 || y0 !== 0) throw gribUnsupported('a JPEG 2000 image that does not begin at its origin');
  const tiles = Math.ceil(width / tileWidth) * Math.ceil(height / tileHeight);
  if (!(tiles * leastTileBytes <= stream.length)) {
    throw gribCorrupt(`tiles that ${stream.length} bytes can have`, `${tiles} tiles`);
  }
  const bits = (depth & 0x7f) + 1;
  return { samples: width * height, bits, signed: depth >= 0x80 };
}

function decodeByLibrary(stream: Uint8Array, image: Image): Uint8Array | Uint16Array | Int16Array {
  let decoded: ReturnType<typeof decodeCodeStream>;
  try {
    decoded = decodeCodeStream(stream);
  } catch (cause) {
    throw gribCorrupt('a JPEG 2000 code stream', `one that can't be decoded: ${cause}`, cause);
  }
  const { bytes, complaints } = decoded;
  if (complaints.length > 0) throw gribCorrupt('a JPEG 2000 code stream', complaints[0]);
  const length = image.samples * (image.bits <= 8 ? 1 : 2);
  if (bytes.length !== length) throw gribCorrupt(`${length} bytes of samples`, String(bytes.length));
  return viewSamples(bytes, image);
}

function viewSamples(bytes: Uint8Array, { bits, signed }: Image): Uint8Array | Uint16Array | Int16Array {
  if (bits <= 8) {
    if (signed) throw gribUnsupported('JPEG 2000 with signed samples of up to 8 bits');
    return bytes;
  }
  const length = bytes.length / 2;
  return signed ? new Int16Array(bytes.buffer, 0, length) : new Uint16Array(bytes.buffer, 0, length);
}
