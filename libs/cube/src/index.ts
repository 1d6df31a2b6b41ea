export { type AggregateOptions, type Aggregation, aggregate, aggregateInto } from './aggregate.ts';
export { arrayBlock } from './array-block.ts';
export { boundsAttributes } from './cf/bounds.ts';
export {
  type Calendar,
  type CalendarDate,
  calendarNamed,
  calendars,
  dateOfDay,
  dayNumber,
  daysInMonth,
  isLeapYear,
  isValidDate,
} from './cf/calendar.ts';
export {
  type DatePrecision,
  type DateTime,
  dateTimeOf,
  endOfStretch,
  formatMoment,
  type Moment,
  parseDateTime,
} from './cf/date-time.ts';
export { placeOnGlobe, placeOnGrid, type RotatedPole, rotatedPole } from './cf/rotated-pole.ts';
export {
  isTimeComponent,
  monthsOfSeason,
  type TimeComponent,
  timeComponent,
  timeComponents,
} from './cf/time-component.ts';
export {
  decodeMoment,
  decodeTime,
  encodeMoment,
  formatTime,
  halfSecondIn,
  parseTime,
  parseTimeUnits,
  type TimeUnits,
  timeConversion,
} from './cf/time-units.ts';
export { isUnit, type UnitConversion, unitConversion } from './cf/unit-conversion.ts';
export { isDegreesEast, isDegreesNorth, isPressure, normalUnits, sameUnits } from './cf/units.ts';
export { coordinateCube } from './coordinate-cube.ts';
export { indexCoordinates, type ReadStored } from './coordinate-values.ts';
export { formatCoordinateValues } from './format-values.ts';
export type { LocatedChunk, LocatedObject, LocatedPiece } from './manifest/located-piece.ts';
export {
  type ManifestArrayInput,
  ManifestBuilder,
  type ManifestPiece,
} from './manifest/manifest-builder.ts';
export { manifestUrl } from './manifest/manifest-layout.ts';
export { type ManifestSink, MemorySink } from './manifest/manifest-sink.ts';
export { type Manifest, openManifest } from './manifest/open-manifest.ts';
export { datasetMarkdown, parseDatasetMarkdown } from './markdown.ts';
export { timeRank } from './merge/axis-candidates.ts';
export { withMissingMarked } from './merge/embed-values.ts';
export { type ForecastSeries, placesOfLatest } from './merge/latest-runs.ts';
export { checkMergeOptions } from './options/check-merge-options.ts';
export { describeMergeOptions } from './options/describe-merge-options.ts';
export { cubeSummary } from './summary.ts';
