import type { Layout } from '@hyperslab/proto/array';
import type { PpHeader } from './header.ts';
import type { LandMask } from './land-mask.ts';
import { bytesCodec, isIntegerType, type Packing, packingCodecs, packingOf } from './packing.ts';
import type { PpField } from './read-fields.ts';
import type { WordFormat } from './word-format.ts';

/** How the values of a field are stored. */
export interface FieldStorage {
  dtype: 'float32' | 'float64' | 'int32' | 'int64';
  /** Rows and columns. */
  shape: [rows: number, columns: number];
  /** Bytes of the chunk, from the field's offset on. */
  length: number;
  layout: Layout;
  /** Why the values can't be computed; empty when they can. */
  notComputable: string;
}

/** A field is one chunk, that is decoded whole: no model has so many points. */
const mostPoints = 2 ** 27;

/** Tells how fields of a file are stored; fields that are stored alike share a layout. */
export class StorageTable {
  readonly #words: WordFormat;
  readonly #mask: LandMask | undefined;
  readonly #known = new Map<string, Omit<FieldStorage, 'length'>>();

  constructor(words: WordFormat, mask: LandMask | undefined) {
    this.#words = words;
    this.#mask = mask;
  }

  /**
   * How the values of a field are stored, by LBPACK and LBUSER1, the type. What can't be decoded, or does not agree with
   * the header, is described with the reason. Undefined when not even the shape is known.
   */
  of({ header, dataBytes, recordBytes }: PpField): FieldStorage | undefined {
    const packing = packingOf(header);
    const shape = shapeOf(header, packing, this.#mask);
    if (shape === undefined) return undefined;
    const { lbpack, lbuser1, bmdi } = header;
    const key = [lbpack, lbuser1, bmdi, ...shape].join(' ');
    let storage = this.#known.get(key);
    if (storage === undefined) {
      storage = describe(header, packing, shape, this.#words, this.#mask);
      this.#known.set(key, storage);
    }
    const isPlain = [0, 2].includes(packing.method) && packing.compression === 0;
    const refused = (notComputable: string) => ({ ...storage, length: dataBytes, notComputable });
    if (storage.notComputable !== '') return { ...storage, length: dataBytes };
    // A chunk without a byte would be one that was never written.
    if (!isPlain)
      return dataBytes === 0 ? refused('its record holds no data') : { ...storage, length: dataBytes };
    const [rows, columns] = shape;
    const width = packing.method === 2 ? 4 : this.#words.wordBytes;
    // Some writers round records up.
    const length = rows * columns * width;
    if (dataBytes < length) {
      return refused(
        `its record holds ${dataBytes} bytes of data, and LBROW × LBNPT are ${rows} × ${columns} words of ${width}`,
      );
    }
    // Packed data tell by themselves whether they are whole; of plain ones, only this does.
    if (packing.method === 0 && header.lblrec * width !== recordBytes) {
      return refused(
        `LBLREC says that its record has ${header.lblrec} words, and it has ${recordBytes} bytes`,
      );
    }
    return { ...storage, length };
  }
}

/** Whether only land or sea points of a field are stored. */
export function isMasked(header: PpHeader): boolean {
  return packingOf(header).compression === 2;
}

/** Rows and columns; fields of land or sea points have those of the mask. */
function shapeOf(
  { lbrow, lbnpt }: PpHeader,
  { compression }: Packing,
  mask: LandMask | undefined,
): [number, number] | undefined {
  if (compression === 2 && mask !== undefined) return mask.shape;
  return lbrow > 0 && lbnpt > 0 ? [lbrow, lbnpt] : undefined;
}

function describe(
  header: PpHeader,
  packing: Packing,
  shape: [number, number],
  words: WordFormat,
  mask: LandMask | undefined,
): Omit<FieldStorage, 'length'> {
  const isInteger = isIntegerType(header.lbuser1);
  const width = packing.method === 2 ? 4 : words.wordBytes;
  const dtype = `${isInteger ? 'int' : 'float'}${width === 4 ? 32 : 64}` as FieldStorage['dtype'];
  const codecs = packingCodecs(packing, { header, words, width, shape, mask });
  const reason =
    typeof codecs === 'string' ? codecs : (typeReason(header, packing, isInteger) ?? sizeReason(shape));
  return {
    dtype,
    shape,
    layout: {
      storedDtype: dtype,
      chunkShape: [...shape],
      codecs: typeof codecs === 'string' ? [bytesCodec(words.order)] : codecs,
      edgeChunksPadded: true,
    },
    notComputable: reason ?? '',
  };
}

function typeReason({ lbuser1 }: PpHeader, { method }: Packing, isInteger: boolean): string | undefined {
  // Those of time series are negative. Writers that do not know the word leave it 0.
  if (Math.abs(lbuser1) > 3) return `its data type is not known (LBUSER1 ${lbuser1})`;
  return isInteger && method !== 0 ? `its integers are packed (LBUSER1 ${lbuser1})` : undefined;
}

function sizeReason([rows, columns]: [number, number]): string | undefined {
  const isLarge = rows * columns > mostPoints;
  return isLarge ? `its ${rows} × ${columns} points are more than one chunk may hold` : undefined;
}
