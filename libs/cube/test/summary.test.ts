import assert from 'node:assert/strict';
import { aggregate, cubeSummary } from '../src/index.ts';
import { buildIndex } from './build-index.ts';

describe('a cube as text', () => {
  it('shows coordinates and the dimensions that they lie along', async () => {
    const { dataset } = await aggregate(
      [0, 6].map((hour) =>
        buildIndex({
          url: `${hour}`,
          dimensions: { time: 1, y: 2, len: 4 },
          variables: {
            t: {
              dimensions: ['time', 'y'],
              attributes: {
                units: 'K',
                standard_name: 'air_temperature',
                coordinates: 'forecast_period run site',
                cell_methods: 'time: mean',
                source: 'model',
              },
            },
            time: {
              dtype: 'float64',
              dimensions: ['time'],
              values: [hour],
              attributes: { units: 'hours since 2000-01-01' },
            },
            y: {
              dimensions: ['y'],
              values: [1, 2],
              attributes: { units: 'm', standard_name: 'projection_y_coordinate' },
            },
            forecast_period: {
              dtype: 'float64',
              dimensions: ['time'],
              values: [hour],
              attributes: { units: 'hours' },
            },
            run: { dtype: 'float64', values: [0], attributes: { units: 'hours since 2000-01-01' } },
            site: { dtype: 'char', dimensions: ['len'], values: 'Ems\0' },
          },
        }),
      ),
    );
    assert.equal(
      cubeSummary(dataset, dataset.cubes[0]),
      [
        'air_temperature / (K)                (time: 2; y: 2)',
        '    Dimension coordinates:',
        '        time                          x        -',
        '        y (projection_y_coordinate)   -        x',
        '    Auxiliary coordinates:',
        '        forecast_period               x        -',
        '    Scalar coordinates:',
        '        run                          2000-01-01T00:00:00Z',
        '        site                         Ems',
        '    Cell methods:',
        '        time: mean',
        '    Attributes:',
        '        source                       model',
      ].join('\n'),
    );
  });
});
