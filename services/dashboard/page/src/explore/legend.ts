import { type ColourScale, numberLabels } from '@hyperslab/plot/drawing';
import { element } from '../dom.ts';

const steps = 256;

/** The colours with their numbers and units, and what missing values look like where there are some. */
export function drawLegend(
  root: HTMLElement,
  scale: ColourScale | undefined,
  units: string,
  without: string,
): void {
  if (scale === undefined) {
    root.replaceChildren(element('span', { class: 'missing-swatch' }), ` ${without}`);
    return;
  }
  const [low, high] = scale.domain;
  const bar = element('canvas', { width: steps, height: 1, class: 'colour-bar', 'aria-hidden': true });
  const context = bar.getContext('2d') as CanvasRenderingContext2D;
  const image = context.createImageData(steps, 1);
  for (let step = 0; step < steps; step++) {
    const colour = scale.colourOf(low + ((step + 0.5) / steps) * (high - low));
    image.data.set([colour >> 16, (colour >> 8) & 0xff, colour & 0xff, 255], 4 * step);
  }
  context.putImageData(image, 0, 0);
  const labels = numberLabels(scale.ticks);
  const ticks = element('div', { class: 'ticks' });
  for (const [i, tick] of scale.ticks.entries()) {
    const label = element('span', {}, labels[i]);
    label.style.left = `${((tick - low) / (high - low)) * 100}%`;
    ticks.append(label);
  }
  root.replaceChildren(
    element('div', { class: 'scale' }, bar, ticks),
    element('span', { class: 'units' }, units === '' ? 'no units stated' : units),
    ...(without === ''
      ? []
      : [element('span', { class: 'without' }, element('span', { class: 'missing-swatch' }), without)]),
  );
}
