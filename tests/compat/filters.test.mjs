import assert from 'node:assert/strict';
import { test, before } from 'node:test';
import { connect, DataType, fails, filled, ids, keyField, ok, vectorField } from './support.mjs';

const client = connect();
let collection_name;
before(async () => {
  const fields = [
    keyField, { name: 'n', data_type: DataType.Int64 }, { name: 'x', data_type: DataType.Double, nullable: true }, { name: 's', data_type: DataType.VarChar, max_length: 50 },
    { name: 'b', data_type: DataType.Bool }, { name: 'a', data_type: DataType.Array, element_type: DataType.Int64, max_capacity: 10 }, { name: 'm', data_type: DataType.JSON }, vectorField(),
  ];
  const rows = [
    { id: 1, n: 10, x: 0.5, s: 'red kite', b: true, a: [1, 2], m: { a: 1, t: 'x', l: [1, 2, 3], o: { p: true } } },
    { id: 2, n: 20, x: null, s: 'black kite', b: false, a: [2, 3, 4], m: { a: 2.5, t: 'y', l: [3] } },
    { id: 3, n: -30, x: -1.5, s: 'swallow', b: true, a: [], m: { t: 'z', l: [] } },
    { id: 4, n: 40, x: 100, s: '100%_sure "quoted"', b: false, a: [5], m: { a: 'text', o: { p: false } } },
  ].map(r => ({ ...r, vector: [r.id, 0, 0, 0] }));
  collection_name = await filled(client, { fields, rows, enable_dynamic_field: true });
});

const cases = {
  'n == 10': [1], 'n != 10': [2, 3, 4], 'n < 20': [1, 3], 'n <= 20': [1, 2, 3], 'n > 20': [4], 'n >= 20': [2, 4],
  '10 < n <= 40': [2, 4], '40 >= n > 10': [2, 4],
  'n == 10 or n == 20': [1, 2], 'n > 0 and b == true': [1], 'n > 0 && !(b == true)': [2, 4], 'not (n > 0)': [3], 'n < 0 || n == 40': [3, 4],
  'n in [10, 40, 99]': [1, 4], 'n not in [10, 40]': [2, 3], 'n in []': [], 's in ["swallow", "none",]': [3],
  's like "red%"': [1], 's like "%kite"': [1, 2], 's like "%a%"': [2, 3], 's like "_wallow"': [3],
  's == "100%_sure \\"quoted\\""': [4], "s == 'swallow'": [3],
  'x is null': [2], 'x is not null': [1, 3, 4], 'x < 1': [1, 3], 'x != 0.5': [3, 4],
  'n + 5 == 15': [1], 'n % 20 == 0': [2, 4], 'n * 2 > 30': [2, 4], 'n / 10 == 4': [4], '-n == 30': [3], 'n ** 2 == 900': [3],
  'b == true': [1, 3], 'b == False': [2, 4],
  'm["a"] == 1': [1], 'm["a"] > 1': [2], 'm["t"] in ["x", "z"]': [1, 3], 'm["l"][0] == 3': [2], 'm["o"]["p"] == true': [1], 'exists m["a"]': [1, 2, 4], 'not exists m["o"]': [2, 3],
  'json_contains(m["l"], 3)': [1, 2], 'json_contains_all(m["l"], [1, 2])': [1], 'json_contains_any(m["l"], [2, 3])': [1, 2],
  'array_contains(a, 2)': [1, 2], 'array_contains_all(a, [2, 3])': [2], 'array_contains_any(a, [1, 5])': [1, 4], 'array_length(a) == 0': [3], 'a[0] == 5': [4], 'ARRAY_CONTAINS(a, 5)': [4],
  'id in [1, 4] and s like "%kite%"': [1], 'n == 0x0A': [1], 'n == 1e1': [1],
};
for (const [filter, expected] of Object.entries(cases)) {
  test(`filter ${filter}`, async () => {
    assert.deepEqual(ids(ok(await client.query({ collection_name, filter: `(${filter}) and id > 0`, output_fields: ['id'] })).data), expected);
  });
}

test('templates take values of each type', async () => {
  const find = async (filter, exprValues) => ids(ok(await client.query({ collection_name, filter, exprValues, output_fields: ['id'] })).data);
  assert.deepEqual(await find('n > {least} and b == {flag}', { least: 5, flag: true }), [1]);
  assert.deepEqual(await find('s in {words}', { words: ['swallow', 'red kite'] }), [1, 3]);
  assert.deepEqual(await find('x < {limit}', { limit: 0.75 }), [1, 3]);
  assert.deepEqual(await find('array_contains_any(a, {wanted})', { wanted: [5, 1] }), [1, 4]);
  assert.deepEqual(await find('m["t"] == {t}', { t: 'y' }), [2]);
});

const wrong = { 'n ==': /n ==|line|position|offset|column/i, 'nothing == 5 and': undefined, 'n == "text"': /n/, 's > 5': /s/, 'array_length(n) == 1': /n/, 'n in 5': undefined, '(n == 5': undefined, 'n like "x"': /n/ };
for (const [filter, reason] of Object.entries(wrong)) {
  test(`a wrong filter is refused: ${filter}`, async () => {
    await fails(client.query({ collection_name, filter, output_fields: ['id'] }), 1100, reason);
  });
}

test('a filter limits a search', async () => {
  const search = async filter => ids(ok(await client.search({ collection_name, data: [1, 0, 0, 0], limit: 10, filter })).results);
  assert.deepEqual(await search('n > 0'), [1, 2, 4]);
  assert.deepEqual(await search('n > 1000'), []);
});
