import type { DimensionView, ParameterView } from '../../../src/explore/messages.ts';
import { element, setText } from '../dom.ts';
import { shortTime, withUnits } from '../format.ts';

/** A slider for each dimension that a picture does not show. */
export interface Sliders {
  /** Puts them where the address says. */
  place(at: readonly number[]): void;
  /** What the slice that came says of where it lies: labels that were too many to be sent before. */
  label(places: readonly { axis: number; text: string }[]): void;
}

/** Makes the sliders; `onMove` gets the number of a dimension and its index. */
export function makeSliders(
  root: HTMLElement,
  { dimensions }: ParameterView,
  hidden: readonly number[],
  onMove: (axis: number, index: number) => void,
): Sliders {
  const made = new Map<
    number,
    { input: HTMLInputElement; output: HTMLOutputElement; dimension: DimensionView }
  >();
  for (const [axis, dimension] of dimensions.entries()) {
    if (hidden.includes(axis) || dimension.size < 2) continue;
    const id = `slider-${axis}`;
    const last = dimension.size - 1;
    const input = element('input', { type: 'range', id, min: 0, max: last, step: 1, value: 0 });
    const output = element('output', { for: id });
    input.addEventListener('input', () => {
      setText(output, textOf(dimension, Number(input.value)));
      onMove(axis, Number(input.value));
    });
    made.set(axis, { input, output, dimension });
    root.append(
      element('div', { class: 'slider' }, element('label', { for: id }, dimension.label), input, output),
    );
  }
  return {
    place(at) {
      for (const [axis, { input, output, dimension }] of made) {
        input.value = String(at[axis]);
        setText(output, textOf(dimension, at[axis]));
        input.setAttribute('aria-valuetext', output.textContent ?? '');
      }
    },
    label(places) {
      for (const { axis, text } of places) {
        const slider = made.get(axis);
        if (slider === undefined || slider.dimension.texts.length > 0) continue;
        setText(slider.output, labelled(slider.dimension, text));
      }
    },
  };
}

/** The label of an index: its coordinate's value, or its number where that is not known. */
export function textOf(dimension: DimensionView, index: number): string {
  const text = dimension.texts[index];
  return text === undefined ? `#${index}` : labelled(dimension, text);
}

function labelled({ isTime, units }: DimensionView, text: string): string {
  return isTime ? shortTime(text) : withUnits(text, units);
}
