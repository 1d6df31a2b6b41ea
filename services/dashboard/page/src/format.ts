const binary = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes for people: "1.5 GiB". */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 1023.5 && unit < binary.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${binary[unit]}`;
}

/** A whole number with thin spaces between thousands, or few digits of another. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (Number.isInteger(value)) return value.toString().replace(/\B(?=(\d{3})+$)/g, '\u2009');
  return size >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** Seconds for people: "340 ms", "12 s", "3 min 20 s", "5 h 12 min". */
export function formatDuration(seconds: number): string {
  if (!(seconds > 0)) return '0 s';
  if (seconds < 0.9995) return `${Math.max(1, Math.round(seconds * 1000))} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return minutes < 48 * 60
    ? `${Math.floor(minutes / 60)} h ${minutes % 60} min`
    : `${Math.round(minutes / 1440)} days`;
}

/** Units that have a sign of their own, as it is written behind a number. */
const signs: Readonly<Record<string, string>> = {
  '': '',
  '1': '',
  degrees_north: '°N',
  degrees_east: '°E',
  degrees: '°',
  '%': '\u2009%',
};

/** A number with its units. */
export function withUnits(number: string, units: string): string {
  return `${number}${signs[units] ?? `\u00a0${units}`}`;
}

/** A value of data: as many digits as single precision has. */
export function formatValue(value: number): string {
  return String(Number(value.toPrecision(6))).replace(/^-/, '−');
}

/** Time of day, UTC: "14:03:27". */
export function formatClock(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(11, 19);
}

/** "1 dataset", "2 datasets". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

/** An ISO 8601 time with what is always zero left out: "2026-11-22 06:00". */
export function shortTime(iso: string): string {
  const match = /^(.+)T(\d\d:\d\d)(:\d\d(?:\.\d+)?)?Z?$/.exec(iso);
  if (match === null) return iso;
  const [, date, minutes, seconds = ''] = match;
  return `${date} ${minutes}${/^:00(\.0+)?$/.test(seconds) ? '' : seconds}`;
}
