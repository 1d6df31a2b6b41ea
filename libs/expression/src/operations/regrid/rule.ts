import { interpolateTogether } from '@hyperslab/kernels';
import type { BlockRule } from '../block-rule.ts';
import { regridNeeds, replacedBy, targetBox } from './needs.ts';
import type { RegridParameters } from './parameters.ts';
import { spansNeeded, weightsOf } from './weights.ts';

/**
 * Values at places of a grid or list, of an input on another grid, and along other dimensions at the same time. Further inputs are
 * the latitudes and longitudes of grids that have a field of each.
 */
export const regridRule: BlockRule<RegridParameters> = {
  along: ({ target }) => target.dimensions,
  needs(parameters, node, inputs, box) {
    const spans = spansNeeded(parameters, targetBox(parameters, node, box));
    return regridNeeds(parameters, node, inputs, box, spans);
  },
  compute(parameters, node, box, parts) {
    const { order, method, tolerated, along } = parameters;
    const targets = targetBox(parameters, node, box);
    const { spans, rows } = weightsOf(parameters, targets, parts);
    const replaced = replacedBy(parameters);
    const dimensions = order.filter((name) => replaced.includes(name) || node.dimensions.includes(name));
    const axes = spans.map(({ dimension }) => dimensions.indexOf(dimension));
    const takes = method === 'nearest' && along.every((each) => each.method === 'nearest');
    return interpolateTogether(parts[0], axes, rows, targets.shape, { takes, tolerated });
  },
};
