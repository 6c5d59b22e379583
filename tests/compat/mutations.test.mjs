import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, DataType, fails, filled, ids, keyField, line, ok, unique, vectorField } from './support.mjs';

const client = connect();
const fields = [keyField, { name: 'word', data_type: DataType.VarChar, max_length: 20, nullable: true }, { name: 'n', data_type: DataType.Int64, default_value: 5 }, vectorField()];
const read = async (collection_name, filter = 'id > 0') => ok(await client.query({ collection_name, filter, output_fields: ['*'] })).data;

test('an insert answers the keys and the counts', async () => {
  const collection_name = await filled(client);
  const inserted = ok(await client.insert({ collection_name, data: line(3) }));
  assert.deepEqual(inserted.IDs.int_id.data, ['1', '2', '3']);
  assert.deepEqual(inserted.succ_index, [0, 1, 2]);
  assert.equal(Number(inserted.insert_cnt), 3);
  assert.ok(Number(inserted.timestamp) > 0);
  ok(await client.dropCollection({ collection_name }));
});

test('a key that is there already is inserted again and found once, newest', async () => {
  const collection_name = await filled(client, { fields, rows: line(2, () => ({ word: 'old' })) });
  ok(await client.insert({ collection_name, data: [{ id: 2, word: 'new', vector: [7, 0, 0, 0] }] }));
  assert.deepEqual((await read(collection_name)).map(r => [Number(r.id), r.word]), [[1, 'old'], [2, 'new']]);
  assert.deepEqual(ok(await client.search({ collection_name, data: [2, 0, 0, 0], limit: 10 })).results.map(r => [Number(r.id), r.score]), [[1, 1], [2, 25]]);
  ok(await client.flushSync({ collection_names: [collection_name] }));
  assert.equal(Number(ok(await client.getCollectionStatistics({ collection_name })).data.row_count), 3, 'both rows count');
  ok(await client.dropCollection({ collection_name }));
});

test('an upsert replaces the whole row', async () => {
  const collection_name = await filled(client, { fields, rows: line(3, i => ({ word: `w${i}`, n: i })) });
  const upserted = ok(await client.upsert({ collection_name, data: [{ id: 2, vector: [20, 0, 0, 0], word: 'up', n: 9 }, { id: 4, vector: [4, 0, 0, 0], word: 'in', n: 4 }] }));
  assert.equal(Number(upserted.upsert_cnt), 2);
  assert.deepEqual((await read(collection_name)).map(r => [Number(r.id), r.word, Number(r.n), r.vector[0]]), [[1, 'w1', 1, 1], [2, 'up', 9, 20], [3, 'w3', 3, 3], [4, 'in', 4, 4]]);
  assert.equal((await client.count({ collection_name })).data, 4);
  ok(await client.dropCollection({ collection_name }));
});

test('a partial upsert leaves the other fields', async () => {
  const collection_name = await filled(client, { fields, rows: line(3, i => ({ word: `w${i}`, n: i })) });
  ok(await client.upsert({ collection_name, partial_update: true, data: [{ id: 2, word: 'changed' }] }));
  assert.deepEqual((await read(collection_name)).map(r => [Number(r.id), r.word, Number(r.n), r.vector[0]]), [[1, 'w1', 1, 1], [2, 'changed', 2, 2], [3, 'w3', 3, 3]]);
  ok(await client.dropCollection({ collection_name }));
});

test('rows are deleted by key and by filter', async () => {
  const collection_name = await filled(client, { fields, rows: line(10, i => ({ word: i % 2 ? 'odd' : 'even', n: i })) });
  assert.equal(Number(ok(await client.delete({ collection_name, ids: [1, 3] })).delete_cnt), 2);
  ok(await client.delete({ collection_name, filter: 'word == "even" and n >= 8' }));
  assert.deepEqual(ids(await read(collection_name)), [2, 4, 5, 6, 7, 9]);
  ok(await client.flushSync({ collection_names: [collection_name] }));
  ok(await client.deleteEntities({ collection_name, expr: 'id in [2, 4]' }));
  assert.deepEqual(ids(await read(collection_name)), [5, 6, 7, 9]);
  assert.deepEqual(ids(ok(await client.search({ collection_name, data: [4, 0, 0, 0], limit: 2 })).results), [5, 6]);
  ok(await client.dropCollection({ collection_name }));
});

test('a delete takes templates', async () => {
  const collection_name = await filled(client, { fields, rows: line(6, i => ({ word: `w${i}`, n: i })) });
  ok(await client.deleteEntities({ collection_name, filter: 'n in {which}', exprValues: { which: [2, 3] } }));
  assert.deepEqual(ids(await read(collection_name)), [1, 4, 5, 6]);
  ok(await client.dropCollection({ collection_name }));
});

test('a deleted key can be inserted again', async () => {
  const collection_name = await filled(client, { fields, rows: line(2) });
  ok(await client.delete({ collection_name, ids: [1] }));
  ok(await client.insert({ collection_name, data: [{ id: 1, word: 'again', vector: [5, 0, 0, 0] }] }));
  assert.deepEqual((await read(collection_name)).map(r => [Number(r.id), r.word]), [[1, 'again'], [2, null]]);
  ok(await client.dropCollection({ collection_name }));
});

test('a delete needs a filter that fits the schema', async () => {
  const collection_name = await filled(client, { fields, rows: line(2) });
  await fails(client.delete({ collection_name, filter: 'nothing == 5' }), 1100, /nothing/);
  await fails(client.insert({ collection_name: unique('none'), data: line(1) }), 100);
  assert.equal((await client.count({ collection_name })).data, 2);
  ok(await client.dropCollection({ collection_name }));
});

test('many rows in one call', async () => {
  const collection_name = await filled(client, { rows: line(5000) });
  assert.equal((await client.count({ collection_name })).data, 5000);
  ok(await client.dropCollection({ collection_name }));
});
