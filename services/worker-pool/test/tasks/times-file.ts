/**
 * A file of NetCDF-3 (classic format, section "Format Specification") with a coordinate `time` of these hours, or data of another name
 * on that dimension.
 */
export function timesFile(hours: readonly number[], name = 'time'): Buffer {
  const uint = (...numbers: number[]) => {
    const bytes = Buffer.alloc(4 * numbers.length);
    for (const [i, number] of numbers.entries()) bytes.writeUInt32BE(number, 4 * i);
    return bytes;
  };
  const text = (value: string) => {
    const length = Buffer.byteLength(value);
    return Buffer.concat([uint(length), Buffer.from(value), Buffer.alloc(-length & 3)]);
  };
  const [ncChar, ncDouble, ncDimension, ncVariable, ncAttribute] = [2, 6, 10, 11, 12];
  const units = [text('units'), uint(ncChar), text('hours since 2026-11-01')];
  const head = [
    Buffer.from('CDF\x01'),
    uint(0),
    ...[uint(ncDimension, 1), text('time'), uint(hours.length)],
    uint(0, 0),
    ...[uint(ncVariable, 1), text(name), uint(1, 0), uint(ncAttribute, 1), ...units],
    uint(ncDouble, 8 * hours.length),
  ];
  const values = Buffer.alloc(8 * hours.length);
  for (const [i, hour] of hours.entries()) values.writeDoubleBE(hour, 8 * i);
  const begin = Buffer.concat(head).length + 4;
  return Buffer.concat([...head, uint(begin), values]);
}
