import { createHash } from 'node:crypto';
import type { ByteCursor } from '../../byte-cursor.ts';
import { optionalUint, scaledValue } from '../grib-numbers.ts';
import { numbered, realization } from './product.ts';
import { derivedOf } from './statistic.ts';
import { negative, type Part, probability, type TemplateContent } from './template-parts2.ts';

/** What a part reads, with a hash of its octets as what puts fields apart: definitions that differ are never one variable. */
const hashed =
  (name: string, read: Part): Part =>
  (cursor, content) => {
    const start = cursor.position;
    read(cursor, content);
    const count = cursor.position - start;
    cursor.seek(start);
    const octets = Uint8Array.from({ length: count }, () => cursor.uint8());
    content.apart.push(`${name}_${createHash('sha256').update(octets).digest('hex').slice(0, 8)}`);
  };

/** Observations have no forecast time: they are of the reference time. */
export const observed: Part = (cursor, content) => {
  content.facts.process = cursor.uint8();
  cursor.skip(1);
  content.forecast = { unit: 1, count: 0 };
};

/** A value of code table 4.16; 255 is none. */
export const quality: Part = (cursor, { apart }) => {
  const value = cursor.uint8();
  if (value !== 255) apart.push(`quality_${value}`);
};

/** Code table 4.15 of template 4.311. */
const auxiliary: Part = (cursor, { apart }) => void apart.push(`auxiliary_${cursor.uint8()}`);

/**
 * Spectral bands of satellites. What flies where puts fields apart; the wave number of a single band is a place. The number of an
 * instrument has one octet in template 4.30.
 */
export const satellite =
  (instrumentOctets: 1 | 2, before: Part = () => undefined): Part =>
  (cursor, content) => {
    const count = cursor.uint8();
    before(cursor, content);
    const bands = Array.from({ length: count }, () => ({
      series: cursor.uint16(),
      number: cursor.uint16(),
      instrument: cursor.uint(instrumentOctets),
      waveNumber: scaledValue(cursor),
    }));
    const [band] = bands;
    if (band === undefined) return;
    const { series, number, instrument, waveNumber } = band;
    content.apart.push(`satellite_${series}_${number}_${instrument}`);
    if (bands.length === 1) {
      Object.assign(content.attributes, {
        GRIB_satelliteSeries: series,
        GRIB_satelliteNumber: number,
        GRIB_instrumentType: instrument,
      });
      if (waveNumber !== undefined) content.places.push(centralWaveNumber(waveNumber));
      return;
    }
    const text = bands.map((each) => Object.values(each).join(' ')).join(', ');
    content.attributes.GRIB_spectralBands = text;
    content.apart.push(`bands_${createHash('sha256').update(text).digest('hex').slice(0, 8)}`);
  };

function centralWaveNumber(value: number): TemplateContent['places'][number] {
  return {
    name: 'centralWaveNumber',
    dtype: 'float64',
    value,
    attributes: {
      standard_name: 'sensor_band_central_radiation_wavenumber',
      long_name: 'central wave number of the band',
      units: 'm-1',
    },
  };
}

export const auxiliarySatellite = satellite(2, auxiliary);

/** Categories (template 4.51): values are their code figures. */
export const categorical = hashed('categories', (cursor, { attributes }) => {
  const count = cursor.uint8();
  const texts = Array.from({ length: count }, () => {
    const [code, type] = [cursor.uint8(), cursor.uint8()];
    const limits = [scaledValue(cursor), scaledValue(cursor)].map((limit) => limit ?? '-');
    return `${code}: ${limits.join(' ')} (type ${type})`;
  });
  attributes.GRIB_categories = texts.join('; ');
});

/** Parts that a grid box is made of (code table 4.N). */
export const partition: Part = (cursor, { apart, places }) => {
  apart.push(`partition_${cursor.uint8()}`);
  cursor.skip(2 * cursor.uint8());
  places.push(numbered('partitionNumber', 'number of the part of the grid box', cursor.uint16()));
};

/** Tiles of the ground in a grid box (code tables 4.241, 4.242). */
export const tile: Part = (cursor, { apart, places }) => {
  const kind = cursor.uint8();
  cursor.skip(2);
  places.push(numbered('tileIndex', 'number of the tile', cursor.uint8()));
  cursor.skip(1);
  apart.push(`tile_${kind}_${cursor.uint8()}`);
};

/** The same with a type of tile (code table 4.252), any number of attributes and a UUID of what belongs together. */
export const generalisedTile: Part = (cursor, { apart, places, attributes }) => {
  const [kind, type] = [cursor.uint8(), cursor.uint16()];
  cursor.skip(2);
  const traits = Array.from({ length: cursor.uint8() }, () => cursor.uint8());
  apart.push(['tile', kind, type, ...traits].join('_'));
  cursor.skip(1);
  places.push(numbered('tileIndex', 'number of the tile', cursor.uint8()));
  const uuid = Buffer.from(Array.from({ length: 16 }, () => cursor.uint8())).toString('hex');
  attributes.uuidOfDataGroup = uuid;
};

/** A mode of a distribution of sizes (code table 4.240), with the function's parameters. */
export const distribution: Part = (cursor, content) => {
  cursor.skip(2);
  const [mode, type] = [cursor.uint16(), cursor.uint16()];
  Object.assign(content.qualifiers, { mode, distribution: type });
  const parameters = Array.from({ length: cursor.uint8() }, () => scaledValue(cursor) ?? '-');
  if (parameters.length > 0) content.apart.push(`distribution_${parameters.join('_').replaceAll('.', '_')}`);
};

/** Members of ensembles that may have more than 255. */
export const largeMember: Part = (cursor, content) => {
  const type = cursor.uint8();
  const number = optionalUint(cursor, 4);
  const total = cursor.uint32();
  if (number !== undefined && number + total > 0) {
    content.places.push(realization(number, type === negative));
  }
};

/** Template 4.56, by mistake, does not say what kind of member it is. */
export const memberOfNoKind: Part = (cursor, content) => {
  const [number, total] = [cursor.uint8(), cursor.uint8()];
  if (number + total > 0 && number !== 255) content.places.push(realization(number));
};

export const largeDerived: Part = (cursor, content) => {
  content.ensemble = derivedOf(cursor.uint8());
  cursor.skip(4);
};

/** Probabilities by ensembles that may have more than 255 members. */
export const largeProbability: Part = (cursor, content) => {
  cursor.skip(5);
  probability(cursor, content);
};

/** What a field is compared with (code tables 4.100, 4.101): a climate, over a period. */
export const referencePeriod = hashed('reference', (cursor, { attributes }) => {
  attributes.GRIB_typeOfReferenceDataset = cursor.uint8();
  attributes.GRIB_typeOfRelationToReferenceDataset = cursor.uint8();
  cursor.skip(5 * cursor.uint8());
  cursor.skip(7 + 4);
  cursor.skip(6 * cursor.uint8());
});

/** What was taken into account around each point and time (code tables 4.103 to 4.105). */
export const vicinity = hashed('vicinity', (cursor) => {
  cursor.skip(1);
  cursor.skip(4 * cursor.uint8());
  cursor.skip(16);
});

/** A score of forecasts (code tables 4.120 to 4.122). */
export const verification = hashed('score', (cursor, { attributes }) => {
  attributes.GRIB_verificationScore = cursor.uint16();
  cursor.skip(4);
  cursor.skip(5 * cursor.uint8());
  cursor.skip(7);
  cursor.skip(11 * cursor.uint8());
  cursor.skip(2);
});

/** A release of radionuclides: models and scenario, and when it began. When the computation was made is no part of what it is. */
export const radionuclides: Part = (cursor, content) => {
  hashed('release', (octets) => octets.skip(8 + 7))(cursor, content);
  cursor.skip(7);
};

export const randomPattern: Part = (cursor, { places }) => {
  places.push(numbered('randomFieldNumber', 'number of the random field', cursor.uint16()));
  cursor.skip(2);
  const scale = optionalUint(cursor, 2);
  if (scale !== undefined) {
    places.push(numbered('spatioTemporalScaleNumber', 'number of the scale in space and time', scale));
  }
  cursor.skip(2 + 10);
};

/** Directions and frequencies that follow from formulas (code table 4.251): another formula, other directions. */
export const waveFormula = hashed('waves', (cursor: ByteCursor) => {
  for (let i = 0; i < 2; i++) {
    cursor.skip(1);
    cursor.skip(5 * cursor.uint8());
  }
});
