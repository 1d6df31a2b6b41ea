/** More characters than units have: longer texts, which may be of any length in a file, are not read. */
export const longestUnits = 256;

// Names that UDUNITS reads as the same unit, under the one that we compare by. Not a unit system: two texts that are
// not found equal here are merely not known to be equal.
const synonyms: Record<string, string> = {
  meter: 'm',
  metre: 'm',
  second: 's',
  sec: 's',
  kilogram: 'kg',
  gram: 'g',
  kelvin: 'K',
  degk: 'K',
  degree_k: 'K',
  deg_k: 'K',
  celsius: 'degC',
  degc: 'degC',
  degree_c: 'degC',
  deg_c: 'degC',
  degree_celsius: 'degC',
  pascal: 'Pa',
  hectopascal: 'hPa',
  millibar: 'hPa',
  mbar: 'hPa',
  mb: 'hPa',
  percent: '%',
  hour: 'h',
  hr: 'h',
  minute: 'min',
  day: 'd',
  radian: 'rad',
  degree_n: 'degrees_north',
  degree_north: 'degrees_north',
  degreen: 'degrees_north',
  degree_e: 'degrees_east',
  degree_east: 'degrees_east',
  degreee: 'degrees_east',
};

/** Units in a form in which equal ones are usually equal texts: "m/s", "metres second^-1" and "m s**-1" are "m s-1". */
export function normalUnits(units: string): string {
  const text = units.trim();
  if (text.length > longestUnits) return text;
  if (/\bsince\b/i.test(text) || /[()]/.test(text)) return text.replace(/\s+/g, ' ');
  const exponents = new Map<string, number>();
  const spaced = text.replace(/\*\*|\^/g, '').replace(/[.*·](?=[A-Za-z])/g, ' ');
  for (const [index, side] of spaced.split('/').entries()) {
    for (const [position, word] of side.split(/\s+/).filter(Boolean).entries()) {
      const match = /^([^\d\s+-][^\d\s+-]*)([+-]?\d+)?$/.exec(word);
      if (match === null) {
        if (word === '1') continue;
        return text;
      }
      const name = canonical(match[1]);
      // After a slash only the factor next to it is divided by.
      const sign = index > 0 && position === 0 ? -1 : 1;
      exponents.set(name, (exponents.get(name) ?? 0) + sign * Number(match[2] ?? 1));
    }
  }
  const factors = [...exponents]
    .filter(([, exponent]) => exponent !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return factors.map(([name, exponent]) => (exponent === 1 ? name : `${name}${exponent}`)).join(' ') || '1';
}

/** Whether two texts are known to be the same unit. */
export function sameUnits(a: string, b: string): boolean {
  return a === b || normalUnits(a) === normalUnits(b);
}

const northern = /^degrees?_?n(orth)?$/i;
const eastern = /^degrees?_?e(ast)?$/i;
const pressureUnits = /^(h?Pa|pascals?|hectopascals?|(milli)?bars?|mb|atm(osphere)?|dbar|decibars?)$/i;

/** True for the units of latitude (CF section 4.1). */
export function isDegreesNorth(units: string): boolean {
  return northern.test(units.trim());
}

/** True for the units of longitude (CF section 4.2). */
export function isDegreesEast(units: string): boolean {
  return eastern.test(units.trim());
}

function canonical(name: string): string {
  const lower = name.toLowerCase();
  const singular = lower.replace(/^degrees/, 'degree').replace(/(?<=[a-z]{3})s$/, '');
  return synonyms[lower] ?? synonyms[singular] ?? name;
}

/** True for units of pressure, which tell that a coordinate is vertical (CF section 4.3). */
export function isPressure(units: string): boolean {
  return pressureUnits.test(units);
}
