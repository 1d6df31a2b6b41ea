import type { Level } from './level.ts';
import type { Statistic } from './statistic.ts';

/** When a field is valid; hours since 1970-01-01 00:00 UTC. */
export interface FieldTime {
  /** Reference time: when a forecast began; undefined when the message has no year. */
  reference: number | undefined;
  /** Valid time, the end of an interval as a rule. */
  valid: number | undefined;
  /** Hours from reference to valid time; undefined for analyses of past times and the like. */
  period: number | undefined;
  /** The interval that values are over. */
  bounds?: [number, number];
  /** Month, day and hour of a climatology, which has no year. */
  climatology?: { month: number; day: number; hour: number };
}

/** A number that tells fields of a set apart. */
export interface Place {
  name: string;
  dtype: 'int32' | 'float64';
  value: number;
  attributes: Record<string, string>;
  /** Of a member: it is perturbed negatively, and one of the same number may be positively. */
  isNegative?: boolean;
}

/** What a message says that parameter tables ask for, by the names that the tables use. Absent: the message has no such item. */
export type Facts = Readonly<Record<string, number | undefined>>;

/** What a message says beside its grid and its data. */
export interface Product {
  /** Keys under which the parameter is in tables: those of a group are tried together, groups one after another. */
  keys: string[][];
  facts: Facts;
  /** What the parameter is called when no table has it: "param_0_1_192". */
  fallback: string;
  /** Numbers of the message that say which parameter it is, as attributes. */
  identity: Record<string, number | string>;
  level: Level;
  time: FieldTime;
  /** What was done over time, the innermost first. */
  statistics: Statistic[];
  /** What was made of an ensemble, a probability. */
  ensemble: Statistic | undefined;
  /** What was made of neighbouring points. */
  area: Statistic | undefined;
  /** What else puts fields apart that are alike otherwise, as parts of a group's name: satellites, tiles, reference periods. */
  apart: readonly string[];
  /** Member of an ensemble and whatever else is a place. */
  places: Place[];
  /** What else tells the parameter from others: constituent, size, wavelength … as attributes, by the names of facts. */
  qualifiers: Record<string, number>;
}

/** The member of an ensemble as a place. */
export function realization(value: number, isNegative = false): Place {
  return {
    isNegative,
    name: 'realization',
    dtype: 'int32',
    value,
    attributes: { standard_name: 'realization', long_name: 'member of the ensemble', units: '1' },
  };
}

/** A number that only has a name. */
export function numbered(name: string, longName: string, value: number): Place {
  return { name, dtype: 'int32', value, attributes: { long_name: longName, units: '1' } };
}
