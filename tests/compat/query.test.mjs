import assert from 'node:assert/strict';
import { test, before } from 'node:test';
import { connect, DataType, fails, filled, ids, keyField, line, ok, vectorField } from './support.mjs';

const client = connect();
let collection_name;
before(async () => {
  const fields = [keyField, { name: 'word', data_type: DataType.VarChar, max_length: 20 }, { name: 'n', data_type: DataType.Int32 }, vectorField()];
  collection_name = await filled(client, { fields, rows: line(100, i => ({ word: `w${String(i).padStart(3, '0')}`, n: i % 10 })).reverse() });
});

test('rows come in ascending order of the key', async () => {
  assert.deepEqual(ids(ok(await client.query({ collection_name, filter: 'n == 3' })).data), [3, 13, 23, 33, 43, 53, 63, 73, 83, 93]);
});

test('limit and offset take the lowest keys', async () => {
  assert.deepEqual(ids(ok(await client.query({ collection_name, filter: 'id > 0', limit: 3 })).data), [1, 2, 3]);
  assert.deepEqual(ids(ok(await client.query({ collection_name, filter: 'n == 1', limit: 2, offset: 3 })).data), [31, 41]);
  assert.deepEqual(ids(ok(await client.query({ collection_name, filter: '', limit: 2, offset: 98 })).data), [99, 100]);
});

test('output fields are chosen', async () => {
  const [row] = ok(await client.query({ collection_name, filter: 'id == 5', output_fields: ['word', 'vector'] })).data;
  assert.deepEqual({ ...row, id: Number(row.id) }, { id: 5, word: 'w005', vector: [5, 0, 0, 0] });
  await fails(client.query({ collection_name, filter: 'id == 5', output_fields: ['nothing'] }), undefined, /nothing/);
});

test('rows are counted', async () => {
  assert.equal((await client.count({ collection_name })).data, 100);
  assert.equal((await client.count({ collection_name, expr: 'n < 3' })).data, 30);
  assert.equal((await client.count({ collection_name, expr: 'n > 100' })).data, 0);
});

test('rows are got by key', async () => {
  assert.deepEqual(ids(ok(await client.get({ collection_name, ids: [7, 3, 1000] })).data), [3, 7]);
});

test('an iterator visits every row once', async () => {
  const seen = [];
  const iterator = await client.queryIterator({ collection_name, filter: 'n != 0', batchSize: 17, output_fields: ['id'] });
  for await (const batch of iterator) {
    seen.push(...ids(batch));
    if (seen.length > 90) break;
  }
  assert.deepEqual(seen, Array.from({ length: 100 }, (_, i) => i + 1).filter(i => i % 10 !== 0));
});

test('a query needs a filter or a limit', async () => {
  await fails(client.query({ collection_name, filter: '' }), 1100, /empty expression|limit/);
});

test('limit and offset have a bound', async () => {
  await fails(client.query({ collection_name, filter: 'id > 0', limit: 16385 }), undefined, /16384|16385/);
  await fails(client.query({ collection_name, filter: 'id > 0', limit: 10, offset: 16380 }), undefined, /16384|16390/);
});
