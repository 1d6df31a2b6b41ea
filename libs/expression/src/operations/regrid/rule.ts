import { interpolateTogether } from '@hyperslab/kernels';
import type { BlockRule } from '../block-rule.ts';
import { regridBytes } from './held-bytes.ts';
import { regridNeeds, replacedBy, targetBox } from './needs.ts';
import type { RegridParameters } from './parameters.ts';
import { spansNeeded, weightsInStrips } from './weights.ts';

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
  holds: (parameters, node, inputs, box) => regridBytes(parameters, inputs, targetBox(parameters, node, box)),
  compute(parameters, node, box, parts) {
    const { order, method, tolerated, along, source } = parameters;
    const targets = targetBox(parameters, node, box);
    const replaced = replacedBy(parameters);
    const dimensions = order.filter((name) => replaced.includes(name) || node.dimensions.includes(name));
    // In the order of rows.
    const axes = [...along.map(({ dimension }) => dimension), ...(source?.dimensions ?? [])].map((name) =>
      dimensions.indexOf(name),
    );
    const takes = method === 'nearest' && along.every((each) => each.method === 'nearest');
    const strips = weightsInStrips(parameters, targets, parts).map(({ rows }) => rows);
    return interpolateTogether(parts[0], axes, strips, targets.shape, { takes, tolerated });
  },
};
