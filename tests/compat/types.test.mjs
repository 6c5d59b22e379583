import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, DataType, fails, filled, ids, keyField, line, near, ok, unique, vectorField } from './support.mjs';

const client = connect();
const read = async (collection_name, filter = 'id > 0') => ok(await client.query({ collection_name, filter, output_fields: ['*'] })).data;

test('every scalar type comes back as it went in', async () => {
  const fields = [
    keyField,
    { name: 'bool', data_type: DataType.Bool }, { name: 'int8', data_type: DataType.Int8 }, { name: 'int16', data_type: DataType.Int16 },
    { name: 'int32', data_type: DataType.Int32 }, { name: 'int64', data_type: DataType.Int64 }, { name: 'float', data_type: DataType.Float },
    { name: 'double', data_type: DataType.Double }, { name: 'text', data_type: DataType.VarChar, max_length: 100 }, { name: 'json', data_type: DataType.JSON },
    vectorField(),
  ];
  const rows = [
    { id: 1, vector: [1, 2, 3, 4], bool: true, int8: 127, int16: 32767, int32: 2147483647, int64: '9223372036854775807', float: 1.5, double: Math.PI, text: 'kite é 鳶 😀', json: { a: [1, 'x', null], b: { c: true } } },
    { id: 2, vector: [0, 0, 0, 0], bool: false, int8: -128, int16: -32768, int32: -2147483648, int64: '-9223372036854775808', float: -0.25, double: 1e300, text: '', json: [] },
  ];
  const collection_name = await filled(client, { fields, rows });
  for (const flush of [false, true]) {
    if (flush) ok(await client.flushSync({ collection_names: [collection_name] }));
    const found = await read(collection_name);
    assert.deepEqual(found.map(r => ({ ...r, id: Number(r.id) })), rows);
  }
  ok(await client.dropCollection({ collection_name }));
});

test('arrays of each type', async () => {
  const array = (name, element_type, more = {}) => ({ name, data_type: DataType.Array, element_type, max_capacity: 4, ...more });
  const fields = [
    keyField, array('bools', DataType.Bool), array('int8s', DataType.Int8), array('int32s', DataType.Int32), array('int64s', DataType.Int64),
    array('floats', DataType.Float), array('doubles', DataType.Double), array('texts', DataType.VarChar, { max_length: 10 }), vectorField(),
  ];
  const rows = line(2, i => ({ bools: [true, false], int8s: [-1, i], int32s: [1, 2, 3], int64s: ['1', '2'], floats: [0.5], doubles: [], texts: ['a', 'bé'] }));
  const collection_name = await filled(client, { fields, rows });
  assert.deepEqual((await read(collection_name)).map(r => ({ ...r, id: Number(r.id) })), rows);
  await fails(client.insert({ collection_name, data: [{ ...rows[0], id: 3, int32s: [1, 2, 3, 4, 5] }] }), 1100, /int32s/);
  ok(await client.dropCollection({ collection_name }));
});

test('nullable fields and defaults', async () => {
  const fields = [
    keyField, { name: 'maybe', data_type: DataType.Int32, nullable: true }, { name: 'word', data_type: DataType.VarChar, max_length: 20, default_value: 'none' },
    { name: 'both', data_type: DataType.Double, nullable: true, default_value: 2.5 }, { name: 'doc', data_type: DataType.JSON, nullable: true },
    { name: 'list', data_type: DataType.Array, element_type: DataType.Int64, max_capacity: 3, nullable: true }, vectorField(),
  ];
  const collection_name = await filled(client, {
    fields,
    rows: [{ id: 1, vector: [1, 0, 0, 0] }, { id: 2, vector: [2, 0, 0, 0], maybe: 7, word: 'x', both: 1, doc: { k: 1 }, list: ['5'] }, { id: 3, vector: [3, 0, 0, 0], maybe: null, doc: null, list: null }],
  });
  const found = await read(collection_name);
  assert.deepEqual(found.map(r => [r.maybe, r.word, r.both, r.doc, r.list]), [[null, 'none', 2.5, null, null], [7, 'x', 1, { k: 1 }, ['5']], [null, 'none', 2.5, null, null]]);
  assert.deepEqual(ids(await read(collection_name, 'maybe is null')), [1, 3]);
  assert.deepEqual(ids(await read(collection_name, 'doc is null')), [1, 3]);
  assert.deepEqual(ids(await read(collection_name, 'maybe is not null')), [2]);
  assert.deepEqual(ids(await read(collection_name, 'maybe != 5')), [2]);
  ok(await client.dropCollection({ collection_name }));
});

test('the dynamic field takes what the schema does not name', async () => {
  const collection_name = await filled(client, { enable_dynamic_field: true, rows: line(4, i => (i % 2 ? { colour: 'red', n: i } : { nested: { deep: [i] } })) });
  const rows = ok(await client.query({ collection_name, filter: 'colour == "red"', output_fields: ['id', 'colour', 'n'] })).data;
  const dynamic = (row, key) => row[key] ?? row.$meta?.[key];
  assert.deepEqual(rows.map(r => [Number(r.id), dynamic(r, 'colour'), dynamic(r, 'n')]), [[1, 'red', 1], [3, 'red', 3]]);
  assert.deepEqual(ids(await read(collection_name, '$meta["nested"]["deep"][0] == 2')), [2]);
  const found = ok(await client.search({ collection_name, data: [1, 0, 0, 0], limit: 1, output_fields: ['colour'] })).results;
  assert.equal(dynamic(found[0], 'colour'), 'red');
  ok(await client.dropCollection({ collection_name }));
});

test('a key outside the schema is refused without a dynamic field', async () => {
  const collection_name = await filled(client);
  await assert.rejects(async () => ok(await client.insert({ collection_name, data: [{ id: 1, vector: [1, 0, 0, 0], colour: 'red' }] })));
  ok(await client.dropCollection({ collection_name }));
});

test('automatic ids are distinct and answered', async () => {
  const fields = [{ ...keyField, autoID: true }, vectorField()];
  const collection_name = await filled(client, { fields });
  const inserted = ok(await client.insert({ collection_name, data: Array.from({ length: 50 }, (_, i) => ({ vector: [i, 0, 0, 0] })) }));
  const given = inserted.IDs.int_id.data;
  assert.equal(new Set(given).size, 50);
  assert.deepEqual(ok(await client.query({ collection_name, ids: [given[7]], output_fields: ['vector'] })).data[0].vector, [7, 0, 0, 0]);
  ok(await client.dropCollection({ collection_name }));
});

test('text keys', async () => {
  const fields = [{ name: 'id', data_type: DataType.VarChar, max_length: 20, is_primary_key: true }, vectorField()];
  const collection_name = await filled(client, { fields, rows: ['kite', 'ant', 'bee'].map((id, i) => ({ id, vector: [i, 0, 0, 0] })) });
  assert.deepEqual(ok(await client.query({ collection_name, filter: 'id > "a"' })).data.map(r => r.id), ['ant', 'bee', 'kite']);
  assert.deepEqual(ok(await client.get({ collection_name, ids: ['bee'] })).data.map(r => r.id), ['bee']);
  assert.deepEqual(ok(await client.search({ collection_name, data: [1, 0, 0, 0], limit: 1 })).results.map(r => r.id), ['ant']);
  ok(await client.dropCollection({ collection_name }));
});

const vectors = {
  float16: [DataType.Float16Vector, [0.5, 1.5, -2, 8]],
  bfloat16: [DataType.BFloat16Vector, [0.5, 1.5, -2, 8]],
  int8: [DataType.Int8Vector, [1, -128, 127, 0]],
};
for (const [name, [data_type, value]] of Object.entries(vectors)) {
  test(`${name} vectors come back and are searched`, async () => {
    const fields = [keyField, { name: 'v', data_type, dim: 4 }];
    const collection_name = await filled(client, { fields, rows: [{ id: 1, v: [0, 0, 0, 0] }, { id: 2, v: value }] });
    for (const flush of [false, true]) {
      if (flush) ok(await client.flushSync({ collection_names: [collection_name] }));
      const rows = await read(collection_name);
      // The client hands int8 out as unsigned bytes.
      assert.deepEqual(Array.from(name === 'int8' ? Int8Array.from(rows[1].v) : rows[1].v), value);
      const [hit] = ok(await client.search({ collection_name, data: value, limit: 1 })).results;
      assert.equal(Number(hit.id), 2);
      near(hit.score, 0);
    }
    ok(await client.dropCollection({ collection_name }));
  });
}

test('binary vectors', async () => {
  const fields = [keyField, { name: 'v', data_type: DataType.BinaryVector, dim: 16 }];
  const collection_name = await filled(client, { fields, rows: [{ id: 1, v: [255, 0] }, { id: 2, v: [254, 1] }, { id: 3, v: [0, 255] }] });
  assert.deepEqual(Array.from((await read(collection_name))[1].v), [254, 1]);
  const found = ok(await client.search({ collection_name, data: [255, 0], limit: 3 })).results;
  assert.deepEqual(found.map(r => [Number(r.id), r.score]), [[1, 0], [2, 2], [3, 16]]);
  ok(await client.dropCollection({ collection_name }));
});

test('sparse vectors', async () => {
  const fields = [keyField, { name: 'v', data_type: DataType.SparseFloatVector }];
  const collection_name = await filled(client, { fields, rows: [{ id: 1, v: { 3: 1, 100000: 0.5 } }, { id: 2, v: { 3: 2 } }, { id: 3, v: { 7: 9 } }] });
  const found = ok(await client.search({ collection_name, data: { 3: 1, 100000: 4 }, limit: 3 })).results;
  assert.deepEqual(found.map(r => [Number(r.id), r.score]), [[1, 3], [2, 2]], 'rows without a common index are no results');
  assert.deepEqual((await read(collection_name, 'id == 1'))[0].v, { 3: 1, 100000: 0.5 });
  ok(await client.dropCollection({ collection_name }));
});

test('several vector fields in one collection', async () => {
  const fields = [keyField, vectorField(4, 'a'), vectorField(2, 'b')];
  const collection_name = await filled(client, { fields, rows: [{ id: 1, a: [1, 0, 0, 0], b: [0, 9] }, { id: 2, a: [9, 0, 0, 0], b: [0, 1] }] });
  assert.deepEqual(ids(ok(await client.search({ collection_name, anns_field: 'a', data: [1, 0, 0, 0], limit: 1 })).results), [1]);
  assert.deepEqual(ids(ok(await client.search({ collection_name, anns_field: 'b', data: [0, 1], limit: 1 })).results), [2]);
  ok(await client.dropCollection({ collection_name }));
});

test('values outside their type are refused and nothing is stored', async () => {
  const fields = [keyField, { name: 'text', data_type: DataType.VarChar, max_length: 3 }, { name: 'small', data_type: DataType.Int8 }, vectorField()];
  const collection_name = await filled(client, { fields });
  const row = { id: 1, text: 'abc', small: 1, vector: [1, 0, 0, 0] };
  await fails(client.insert({ collection_name, data: [{ ...row, text: 'abcd' }] }), 1100, /text/);
  await fails(client.insert({ collection_name, data: [{ ...row, small: 300 }] }), 1100, /small/);
  await fails(client.insert({ collection_name, data: [{ ...row, vector: [1, 0, 0] }] }), undefined, /vector|dim/);
  await fails(client.insert({ collection_name, data: [{ ...row, vector: [NaN, 0, 0, 0] }] }), undefined, /vector|NaN/);
  assert.equal((await client.count({ collection_name })).data, 0);
  ok(await client.dropCollection({ collection_name }));
});
