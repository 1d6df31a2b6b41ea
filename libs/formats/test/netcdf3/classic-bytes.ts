/** A classic file as a list of what its header says; nothing in it needs to be true. */
export interface ClassicFile {
  version: number;
  records: number;
  dimensions: [name: string, length: number][];
  variables: { name: string; dimensions: number[]; type: number; size: number; begin: number }[];
}

/** Bytes of the header, written by its specification. */
export function headerBytes({ version, records, dimensions, variables }: ClassicFile): Uint8Array {
  const parts: Buffer[] = [Buffer.from('CDF'), Buffer.from([version])];
  const int32 = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    parts.push(bytes);
  };
  const int64 = (value: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(BigInt(value));
    parts.push(bytes);
  };
  const count = version === 5 ? int64 : int32;
  const name = (text: string) => {
    const bytes = Buffer.from(text);
    count(bytes.length);
    parts.push(bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4));
  };
  count(records);
  int32(10);
  count(dimensions.length);
  for (const [text, length] of dimensions) {
    name(text);
    count(length);
  }
  int32(0);
  count(0);
  int32(11);
  count(variables.length);
  for (const variable of variables) {
    name(variable.name);
    count(variable.dimensions.length);
    for (const dimension of variable.dimensions) count(dimension);
    int32(0);
    count(0);
    int32(variable.type);
    count(variable.size);
    (version === 1 ? int32 : int64)(variable.begin);
  }
  return Buffer.concat(parts);
}
