import type { HyperslabError } from '@hyperslab/errors';
import { axisOf } from '../cf/axis.ts';
import { publicName } from '../cf/names.ts';
import type { AxisCandidate } from './arrangement.ts';
import { forecastLinks } from './forecast-links.ts';
import { sharedAdvice } from './grid-difference.ts';
import { type ConflictContext, describeValues, pieceConflict } from './merge-conflict.ts';

/** Two files hold the same place of one variable, or interleave. */
export function overlapConflict(
  context: ConflictContext,
  axis: AxisCandidate,
  codes: [number, number],
): HyperslabError {
  const [a, b] = codes.map((code) => axis.column.firsts[code]);
  const coordinate = publicName(context.group.links[axis.link].path);
  const [rangeA, rangeB] = [a, b].map((piece) => describeValues(context, piece, axis.link));
  const option = overlapAdvice(context, axis, [a, b]);
  return pieceConflict(context, a, b, {
    coordinate,
    a: rangeA,
    b: rangeB,
    text: `both lie at ${coordinate} ${rangeA === rangeB ? rangeA : `${rangeA} and ${rangeB}`}`,
    advice: `${option}remove one of them, or publish them under two names`,
  });
}

/** Options that resolve an overlap, if that is what they are: of forecasts, of members, of levels that are wrong. */
function overlapAdvice(
  { group, pieces, contents, globals }: ConflictContext,
  { link, dimension }: AxisCandidate,
  [a, b]: [number, number],
): string {
  if (dimension < 0) return '';
  const { path, role } = group.links[link];
  const [sizeA, sizeB] = [a, b].map((piece) => pieces[piece].variable.shape[dimension]);
  if (axisOf(contents.get(pieces[a].contents[link]).variable.attributes) !== 'T')
    return role === 'dimension' && sizeA === sizeB
      ? `${sharedAdvice(publicName(path), publicName(group.dimensions[dimension]))}; else `
      : '';
  if (forecastLinks(group, contents) !== undefined)
    return 'publish with --best, which takes the latest run for each time, ';
  const [fileA, fileB] = [a, b].map((piece) => pieces[piece].file);
  if (fileA === fileB) return '';
  const differing = globals.difference(fileA, fileB);
  const where = differing === undefined ? 'PATTERN (of the URL)' : `@${differing.name}`;
  return sizeA === sizeB
    ? `if they are of two members or runs, say which with --dimension NAME=${where}, `
    : `if they are of two runs, take the latest for each time with --best --dimension forecast_reference_time=${where}, `;
}
