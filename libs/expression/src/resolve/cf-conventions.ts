export { type DatePrecision, endOfStretch, parseDateTime } from '../../../cube/src/cf/date-time.ts';
export { encodeMoment, formatTime, parseTimeUnits, type TimeUnits } from '../../../cube/src/cf/time-units.ts';
export { isDegreesEast, normalUnits, sameUnits } from '../../../cube/src/cf/units.ts';
