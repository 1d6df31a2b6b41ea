import { interpolateSecondOrder } from '@hyperslab/kernels';
import type { BlockRule } from '../block-rule.ts';
import { regridBytes } from './held-bytes.ts';
import { regridNeeds, targetBox } from './needs.ts';
import type { RegridParameters } from './parameters.ts';
import { secondOrderSpans } from './second-order-spans.ts';
import { secondOrderWeights } from './second-order-weights.ts';

/** Values on another grid, second-order conservative. Further inputs are the latitudes and longitudes of grids that have fields. */
export const secondOrderRule: BlockRule<RegridParameters> = {
  along: ({ target }) => target.dimensions,
  holds: (parameters, node, inputs, box) => regridBytes(parameters, inputs, targetBox(parameters, node, box)),
  needs(parameters, node, inputs, box) {
    const spans = secondOrderSpans(parameters, targetBox(parameters, node, box));
    const named = new Map(parameters.source!.dimensions.map((name, i) => [name, spans[i]]));
    return regridNeeds(parameters, node, inputs, box, named);
  },
  compute(parameters, node, box, parts) {
    const { order, tolerated, source } = parameters;
    const targets = targetBox(parameters, node, box);
    const rows = secondOrderWeights(parameters, targets, parts);
    const replaced = source!.dimensions;
    const dimensions = order.filter((name) => replaced.includes(name) || node.dimensions.includes(name));
    const axes = replaced.map((name) => dimensions.indexOf(name));
    return interpolateSecondOrder(parts[0], axes, rows, targets.shape, tolerated);
  },
};
