/** Beginnings of what people give by mistake, or of formats that are not read. */
const beginnings: readonly (readonly [magic: string, description: string])[] = [
  ['GRIB', 'a GRIB message that is cut off or of another edition than 1 and 2'],
  ['BUFR', 'a BUFR message'],
  ['\x0e\x03\x13\x01', 'an HDF4 file'],
  ['CDF', 'a netCDF classic file of an unknown version'],
  ['\x1f\x8b', 'gzip-compressed data (decompress it first)'],
  ['BZh', 'bzip2-compressed data (decompress it first)'],
  ['\x28\xb5\x2f\xfd', 'zstd-compressed data (decompress it first)'],
  ['PK\x03\x04', 'a zip archive'],
  ['%PDF', 'a PDF document'],
  ['\x89PNG', 'a PNG image'],
  ['II*\0', 'a TIFF image'],
  ['MM\0*', 'a TIFF image'],
];

/** What the first bytes of an object look like, in words, for an error message. */
export function describeContent(head: Uint8Array): string {
  if (head.length === 0) return 'an empty object';
  const start = String.fromCharCode(...head.subarray(0, 512));
  const known = beginnings.find(([magic]) => start.startsWith(magic));
  if (known !== undefined) return known[1];
  if (head.every((byte) => byte === 0)) return `${head.length} zero bytes`;
  if (/^\s*(<!doctype html|<html)/i.test(start)) return 'an HTML page (perhaps a log-in or an error page)';
  if (/^\s*<\?xml/i.test(start)) return 'an XML document';
  if (isText(head.subarray(0, 512))) return `text beginning "${firstLine(start)}"`;
  return `bytes ${Buffer.from(head.subarray(0, 8)).toString('hex')}`;
}

function isText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}

function firstLine(text: string): string {
  return text
    .trimStart()
    .split(/[\r\n]/, 1)[0]
    .slice(0, 40);
}
