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
  if (isPpHeader(head)) return 'a Met Office PP file';
  if (/^\s*(<!doctype html|<html)/i.test(start)) return 'an HTML page (perhaps a log-in or an error page)';
  if (/^\s*<\?xml/i.test(start)) return 'an XML document';
  if (isText(head.subarray(0, 512))) return `text beginning "${firstLine(start)}"`;
  return `bytes ${Buffer.from(head.subarray(0, 8)).toString('hex')}`;
}

/** Fortran record of 256 bytes: 45 integer and 19 real header words, in either byte order (UM documentation paper F3). */
function isPpHeader(head: Uint8Array): boolean {
  if (head.length < 264) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return [true, false].some(
    (little) => view.getUint32(0, little) === 256 && view.getUint32(260, little) === 256,
  );
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
