import assert from 'node:assert/strict';
import { memorySource } from '@hyperslab/storage';
import { indexFile } from '../../src/index.ts';
import { attributeOf, fieldsOf, type IndexedField } from './indexed-fields.ts';
import { grid2, message1, message2, product2 } from './write-sections.ts';

const data = [1, 2, 3, 4, 5, 6];

async function fieldsIn(...messages: Uint8Array[]): Promise<IndexedField[]> {
  return fieldsOf(await indexFile(memorySource('test.grib', Buffer.concat(messages))));
}

const reference = Date.UTC(2024, 5, 3, 12) / 3_600_000;

describe('grib: products of edition 1', () => {
  it('over time have bounds and a method', async () => {
    const [sum, mean, range] = await fieldsIn(
      message1({ data, table: 2, centre: 7, parameter: 61, levelType: 1, level: 0, time: [1, 6, 12, 4] }),
      message1({ data, table: 2, centre: 7, parameter: 11, levelType: 1, time: [1, 0, 3, 3] }),
      message1({ data, table: 2, centre: 7, parameter: 15, levelType: 105, level: 2, time: [1, 0, 6, 2] }),
    );
    assert.deepEqual(
      [sum.name, sum.level, sum.at.time, sum.at.forecast_period],
      ['tp', '@surface_accum', reference + 12, 12],
    );
    assert.deepEqual(sum.bounds.time, [reference + 6, reference + 12]);
    assert.equal(attributeOf(sum.set.variable!, 'cell_methods'), 'time: sum');
    assert.equal(attributeOf(mean.set.variable!, 'cell_methods'), 'time: mean');
    assert.deepEqual([range.level, range.bounds.time], ['@heightAboveGround', [reference, reference + 6]]);
  });

  it('of monthly means are named by their beginning', async () => {
    const [field] = await fieldsIn(message1({ data, time: [1, 0, 6, 123, 120] }));
    assert.deepEqual([field.at.time, field.bounds.time], [reference, [reference, reference + 119 * 6]]);
  });

  it('of monthly means of forecasts have both methods', async () => {
    const [six, on, jma] = await fieldsIn(
      message1({ data, centre: 7, table: 2, time: [1, 0, 6, 137, 120] }),
      message1({ data, centre: 7, table: 2, parameter: 11, time: [1, 3, 6, 131, 10] }),
      message1({ data, centre: 34, table: 2, parameter: 11, time: [1, 0, 3, 128, 30] }),
    );
    assert.equal(attributeOf(six.set.variable!, 'cell_methods'), 'time: sum time: mean');
    assert.deepEqual(six.bounds.time, [reference, reference + 119 * 6 + 6]);
    assert.deepEqual(on.bounds.time, [reference + 3, reference + 6 + 9 * 3]);
    assert.deepEqual([jma.at.time, jma.bounds.time[1]], [reference, reference + 3 + 29 * 24]);
    assert.equal(attributeOf(jma.set.variable!, 'cell_methods'), 'time: mean');
  });

  it('count time in months, quarters of an hour and two octets', async () => {
    const times = await fieldsIn(
      message1({ data, time: [3, 1, 0, 0] }),
      message1({ data, time: [13, 5, 0, 0] }),
      message1({ data, time: [1, 1, 44, 10] }),
    );
    assert.deepEqual(
      times.map(({ at }) => at.forecast_period),
      [30 * 24, 1.25, 300],
    );
  });

  it('without a year have the parts of a date', async () => {
    const [field] = await fieldsIn(message1({ data, date: [255, 8, 1, 12] }));
    assert.deepEqual(field.at, { month: 8, day: 1, hour: 12, isobaricInhPa: 500 });
  });

  it('of members say which, those of none do not', async () => {
    const local = (definition: number, type: number, rest: number[]) => [
      definition,
      1,
      type,
      4,
      11,
      48,
      48,
      48,
      49,
      ...rest,
    ];
    const [member, control, none, mean, seasonal] = await fieldsIn(
      message1({ data, local: local(1, 11, [7, 50, 0]) }),
      message1({ data, local: local(1, 10, [0, 50, 0]) }),
      message1({ data, local: local(1, 2, [0, 0, 0]) }),
      message1({ data, local: local(1, 17, [0, 50, 0]) }),
      message1({ data, local: local(15, 9, [1, 44, 0, 5, 0, 1, 1, 44]) }),
    );
    assert.deepEqual(
      [member, control, none, seasonal].map(({ at }) => at.realization),
      [7, 0, undefined, 300],
    );
    assert.deepEqual([member.level, none.level], ['@isobaricInhPa_realization', '@isobaricInhPa']);
    assert.equal(mean.level, '@isobaricInhPa_ensemble_mean');
    assert.equal(attributeOf(mean.set.variable!, 'cell_methods'), 'realization: mean');
  });

  it('of NCEP have its parameters, levels and members', async () => {
    const [field, cloud, plus] = await fieldsIn(
      message1({ data, centre: 7, table: 2, parameter: 212, levelType: 8, level: 0 }),
      message1({ data, centre: 7, table: 2, parameter: 71, levelType: 214, level: 0 }),
      message1({ data, centre: 7, table: 2, parameter: 7, local: [1, 3, 5, 1, 0] }),
    );
    assert.deepEqual(
      [field.name, field.level, attributeOf(field.set.variable!, 'units')],
      ['ulwrf', '@nominalTop', 'W/m2'],
    );
    assert.deepEqual([cloud.name, cloud.level], ['tcc', '@lowCloudLayer']);
    assert.deepEqual([plus.name, plus.at.realization], ['gh', 9]);
  });

  it('that are in no table are called by their numbers', async () => {
    const [field] = await fieldsIn(message1({ data, centre: 55, table: 250, parameter: 77 }));
    assert.equal(field.name, 'param_250_77');
    assert.match(String(attributeOf(field.set.variable!, 'long_name')), /in no table/);
  });
});

describe('grib: products of edition 2', () => {
  /** Template 4.8: an interval that ends some hours after the reference time. */
  const over = (process: number, from: number, to: number, parts: number[] = [], template = 8) => {
    const end = new Date((reference + to) * 3_600_000);
    const product = [
      ...product2(1, 8, 1, 0, from),
      ...parts,
      ...[7, 232, end.getUTCMonth() + 1, end.getUTCDate(), end.getUTCHours(), 0, 0],
      ...[1, 0, 0, 0, 0, process, 2, 1, 0, 0, 0, to - from, 255, 0, 0, 0, 0],
    ];
    product[1] = template;
    return product;
  };
  const one = (product: number[], discipline = 0, centre = 7) =>
    message2([{ before: [grid2], product, data }], discipline, centre);

  it('over time have bounds and a method', async () => {
    const [field] = await fieldsIn(one(over(1, 6, 12)));
    assert.deepEqual([field.name, field.level, field.at.time], ['tp', '@surface_accum', reference + 12]);
    assert.deepEqual(field.bounds.time, [reference + 6, reference + 12]);
  });

  it('that end together are apart when they begin apart', async () => {
    const fields = await fieldsIn(
      one(over(1, 0, 9)),
      one(over(1, 6, 9)),
      one(over(1, 0, 6)),
      one(over(0, 6, 9)),
    );
    assert.deepEqual(
      fields.map(({ level, bounds }) => [level, bounds.time[0] - reference, bounds.time[1] - reference]),
      [
        ['@surface_accum', 0, 9],
        ['@surface_accum_3h', 6, 9],
        ['@surface_accum', 0, 6],
        ['@surface_avg', 6, 9],
      ],
    );
    // A merge is told which are since the reference time.
    const told = fields.map(({ set }) =>
      attributeOf(
        set.coordinates.find(({ variable }) => variable!.name === 'time')!.variable!,
        'intervals_since_reference',
      ),
    );
    assert.deepEqual(told, [1, undefined, 1, undefined]);
    // Without both in a file, buckets are one series.
    const series = await fieldsIn(one(over(0, 0, 3)), one(over(0, 3, 6)));
    assert.deepEqual(
      series.map(({ level }) => level),
      ['@surface_avg', '@surface_avg'],
    );
  });

  it('of ensembles are members, spreads, probabilities', async () => {
    const point = (template: number, parts: number[]) => {
      const product = [...product2(0, 0, 103, 2), ...parts];
      product[1] = template;
      return product;
    };
    const limits = [0, 1, 1, 1, 0, 0, 0, 0, 2, 0, 0, 11, 23];
    const [member, spread, probability] = await fieldsIn(
      one(point(1, [3, 12, 30])),
      one(point(2, [4, 30])),
      one(point(5, limits)),
    );
    assert.deepEqual([member.name, member.level, member.at.realization], ['t2m', '@heightAboveGround', 12]);
    assert.deepEqual(
      [spread.level, attributeOf(spread.set.variable!, 'cell_methods')],
      ['@heightAboveGround_ensemble_spread', 'realization: standard_deviation'],
    );
    assert.equal(probability.level, '@heightAboveGround_probability_above_upper');
    assert.equal(probability.at.upper_limit, 28.39);
  });

  it('of NOAA have the names of its local tables, and others their numbers', async () => {
    const local = async (discipline: number, centre: number, category: number, number: number) => {
      const field = { before: [grid2], product: product2(category, number, 1, 0), data };
      const [{ name, set }] = await fieldsIn(message2([field], discipline, centre));
      return [name, attributeOf(set.variable!, 'units')];
    };
    assert.deepEqual(await local(209, 161, 11, 2), ['MergedReflectivityQComposite', 'dBZ']);
    assert.deepEqual(await local(209, 161, 11, 1), ['MergedReflectivityComposite', 'dBZ']);
    assert.deepEqual(await local(3, 7, 192, 75), ['sbtahi16', 'K']);
    assert.deepEqual(await local(0, 8, 1, 192), ['wx', 'WxInfo']);
    // Another centre means something else by the same numbers.
    assert.deepEqual(await local(3, 34, 192, 75), ['param_3_192_75', undefined]);
  });

  it('of pairs of opposite members are apart', async () => {
    const member = (type: number, number: number) => {
      const product = [...product2(0, 0, 103, 2), type, number, 4];
      product[1] = 1;
      return one(product);
    };
    const numbers = async (...messages: Uint8Array[]) =>
      (await fieldsIn(...messages)).map(({ name, at }) => [name, at.realization]);
    const pairs = [member(1, 0), member(2, 1), member(3, 1), member(2, 2), member(3, 2)];
    assert.deepEqual(await numbers(...pairs), [
      ['t2m', 0],
      ['t2m', -1],
      ['t2m', 1],
      ['t2m', -2],
      ['t2m', 2],
    ]);
    // Where one file has the negative member only, a merge is told so.
    const [alone] = await fieldsIn(member(2, 1));
    const told = alone.set.coordinates.find(({ variable }) => variable!.name === 'realization')!.variable!;
    assert.deepEqual([alone.at.realization, attributeOf(told, 'negatively_perturbed')], [1, 1]);
    // Numbers that no two members share are as they are stored.
    assert.deepEqual(await numbers(member(2, 1), member(2, 2), member(3, 3)), [
      ['t2m', 1],
      ['t2m', 2],
      ['t2m', 3],
    ]);
  });

  it('of layers have bounds', async () => {
    const layer = product2(0, 2, 106, 10);
    layer.splice(15, 12, ...[106, 2, 0, 0, 0, 0, 106, 2, 0, 0, 0, 10]);
    const [soil] = await fieldsIn(one(layer, 2));
    assert.deepEqual([soil.level, soil.at.depthBelowLandLayer], ['@depthBelowLandLayer', 0.05]);
    assert.deepEqual(soil.bounds.depthBelowLandLayer, [0, 0.1]);
  });

  it('of layers between surfaces of two kinds have no middle', async () => {
    const layer = product2(0, 0, 160, 0);
    layer.splice(15, 12, ...[160, 0, 0, 0, 0, 0, 20, 2, 0, 0, 114, 131]);
    const other = layer.with(26, 132);
    const fields = await fieldsIn(one(layer), one(other));
    assert.deepEqual(
      fields.map(({ level, at }) => [level, Object.keys(at)]),
      ['293_15', '293_16'].map((end) => [
        `@waterSurfaceToIsothermalOceanLayer_0_${end}`,
        ['forecast_reference_time', 'time', 'forecast_period'],
      ]),
    );
    assert.equal(
      attributeOf(fields[0].set.variable!, 'GRIB_layer'),
      '0 (surface 160) to 293.15 (surface 20)',
    );
  });

  it('of several centres or processes are one series, with a note', async () => {
    const of = (centre: number, from: number) => one(product2(0, 0, 1, 0, from), 0, centre);
    const index = async (...messages: Uint8Array[]) =>
      indexFile(memorySource('test.grib', Buffer.concat(messages)));
    const mixed = await index(of(7, 0), of(54, 6));
    assert.match(mixed.notes.join(), /: t is of several centres: 7, 54$/);
    assert.equal(attributeOf(fieldsOf(mixed)[0].set.variable!, 'GRIB_centre'), undefined);
    assert.deepEqual((await index(of(7, 0), of(7, 6))).notes, []);
    const made = (process: number, from: number) => one(product2(0, 0, 1, 0, from).with(4, process));
    const processes = await index(made(2, 0), made(4, 6));
    assert.match(processes.notes.join(), /: t is of several processes: analysis or forecast, 4$/);
    assert.deepEqual((await index(made(0, 0), made(2, 6))).notes, []);
    const [ensemble] = await fieldsIn(made(4, 0));
    assert.equal(attributeOf(ensemble.set.variable!, 'GRIB_typeOfGeneratingProcess'), 4);
  });

  it('of layers with one middle are apart', async () => {
    const layer = (from: number, to: number) => {
      const product = product2(7, 6, 108, 0);
      product.splice(15, 12, ...[108, 0, 0, 0, from >> 8, from & 255, 108, 0, 0, 0, to >> 8, to & 255]);
      return one(product);
    };
    const fields = await fieldsIn(layer(3000, 6000), layer(0, 9000), layer(6000, 9000));
    assert.deepEqual(
      fields.map(({ level, at }) => [level, at.pressureFromGroundLayer]),
      [
        ['@pressureFromGroundLayer', 45],
        ['@pressureFromGroundLayer_0_90', 45],
        ['@pressureFromGroundLayer', 75],
      ],
    );
    // The thinnest has the plain name, in whatever order they come.
    const other = await fieldsIn(layer(0, 9000), layer(3000, 6000));
    assert.deepEqual(
      other.map(({ level }) => level),
      ['@pressureFromGroundLayer_0_90', '@pressureFromGroundLayer'],
    );
  });

  it('of constituents are apart by name', async () => {
    const chemical = (constituent: number) => {
      const product = product2(20, 0, 1, 0);
      product[1] = 40;
      product.splice(4, 0, constituent >> 8, constituent & 255);
      return product;
    };
    const [ozone, unknown] = await fieldsIn(one(chemical(0), 0, 98), one(chemical(62_999), 0, 98));
    assert.equal(unknown.name, 'param_0_20_0_constituent_62999');
    assert.notEqual(ozone.name, unknown.name);
  });
});
