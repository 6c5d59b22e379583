import assert from 'node:assert/strict';
import { test, before } from 'node:test';
import { connect, DataType, fails, filled, ids, keyField, line, near, ok, vectorField } from './support.mjs';

const client = connect();
let collection_name;
before(async () => {
  const fields = [keyField, { name: 'group', data_type: DataType.VarChar, max_length: 10 }, vectorField()];
  collection_name = await filled(client, { fields, rows: line(60, i => ({ group: `g${i % 6}` })) });
});
const search = async request => ok(await client.search({ collection_name, data: [10, 0, 0, 0], ...request })).results;

test('the nearest come first, with squared distances', async () => {
  const found = await search({ limit: 3 });
  assert.deepEqual(found.map(r => r.score), [0, 1, 1]);
  assert.equal(Number(found[0].id), 10);
  assert.deepEqual(ids(found).slice(1).sort(), [11, 9]);
});

test('several vectors in one call', async () => {
  const found = await search({ data: [[1, 0, 0, 0], [60, 0, 0, 0]], limit: 2 });
  assert.deepEqual(found.map(ids), [[1, 2], [60, 59]]);
});

test('output fields, vectors among them', async () => {
  const [hit] = await search({ limit: 1, output_fields: ['group', 'vector'] });
  assert.deepEqual([hit.group, hit.vector], ['g4', [10, 0, 0, 0]]);
});

test('offset skips', async () => {
  assert.deepEqual(ids(await search({ data: [1, 0, 0, 0], limit: 3, offset: 5 })), [6, 7, 8]);
});

test('range search', async () => {
  assert.deepEqual(ids(await search({ data: [1, 0, 0, 0], limit: 50, params: { radius: 17, range_filter: 4 } })), [3, 4, 5]);
  assert.deepEqual(ids(await search({ data: [1, 0, 0, 0], limit: 50, params: { radius: 4 } })), [1, 2]);
});

test('grouping takes the best of each group', async () => {
  const found = await search({ data: [1, 0, 0, 0], limit: 4, group_by_field: 'group', output_fields: ['id', 'group'] });
  assert.deepEqual(found.map(r => r.group), ['g1', 'g2', 'g3', 'g4']);
  assert.deepEqual(ids(found), [1, 2, 3, 4]);
  const two = await search({ data: [1, 0, 0, 0], limit: 3, group_by_field: 'group', group_size: 2, strict_group_size: true, output_fields: ['group'] });
  assert.equal(two.length, 6);
  assert.deepEqual([...new Set(two.map(r => r.group))].sort(), ['g1', 'g2', 'g3']);
});

test('round_decimal rounds the scores', async () => {
  // The client cuts what the server rounds: 0.2704 is 0.3 only where the server rounded it.
  const [hit] = await search({ data: [0.48, 0, 0, 0], limit: 1, params: { round_decimal: 1 } });
  near(hit.score, 0.3, 1e-6);
});

test('search by key', async () => {
  const found = ok(await client.search({ collection_name, ids: [7], limit: 1, anns_field: 'vector' })).results;
  assert.deepEqual(ids(found), [7]);
});

test('an iterator visits rows by distance, each once', async () => {
  const iterator = await client.searchIterator({ collection_name, data: [0, 0, 0, 0], batchSize: 13, limit: 60, output_fields: ['id'] });
  const seen = [];
  for await (const batch of iterator) {
    seen.push(...ids(batch));
    if (seen.length >= 60) break;
  }
  assert.deepEqual(seen, Array.from({ length: 60 }, (_, i) => i + 1));
});

test('an iterator with a limit yields so many rows where more tie, and all without one', async () => {
  const name = await filled(client, { rows: Array.from({ length: 40 }, (_, i) => ({ id: i + 1, vector: [i < 20 ? 1 : 2, 0, 0, 0] })) });
  for (const [limit, batchSize, expected] of [[5, 10, 5], [undefined, 7, 40], [22, 19, 22]]) {
    const seen = [];
    for await (const batch of await client.searchIterator({ collection_name: name, data: [0, 0, 0, 0], batchSize, limit })) seen.push(...ids(batch));
    assert.equal(seen.length, expected);
    assert.deepEqual(seen, Array.from({ length: seen.length }, (_, i) => i + 1));
  }
  ok(await client.dropCollection({ collection_name: name }));
});

test('ignore_growing leaves out what is not sealed', async () => {
  const name = await filled(client, { rows: line(5) });
  ok(await client.flushSync({ collection_names: [name] }));
  ok(await client.insert({ collection_name: name, data: [{ id: 6, vector: [0, 0, 0, 0] }] }));
  assert.deepEqual(ids(ok(await client.search({ collection_name: name, data: [0, 0, 0, 0], limit: 1 })).results), [6]);
  assert.deepEqual(ids(ok(await client.search({ collection_name: name, data: [0, 0, 0, 0], limit: 1, ignore_growing: true })).results), [1]);
  ok(await client.dropCollection({ collection_name: name }));
});

for (const [metric, query, expected] of [
  ['L2', [1, 1], [[2, 1], [1, 1], [3, 13]]],
  ['IP', [1, 1], [[3, 7], [2, 1], [1, 1]]],
  ['COSINE', [1, 1], [[3, 7 / (5 * Math.SQRT2)], [1, Math.SQRT1_2], [2, Math.SQRT1_2]]],
]) {
  test(`metric ${metric}`, async () => {
    const name = await filled(client, { fields: [keyField, vectorField(2)], metric, rows: [{ id: 1, vector: [0, 1] }, { id: 2, vector: [1, 0] }, { id: 3, vector: [3, 4] }] });
    const found = ok(await client.search({ collection_name: name, data: query, limit: 3 })).results;
    const scores = new Map(found.map(r => [Number(r.id), r.score]));
    for (const [id, score] of expected) near(scores.get(id), score, 1e-5);
    const sorted = [...found.map(r => r.score)].sort((a, b) => (metric === 'L2' ? a - b : b - a));
    assert.deepEqual(found.map(r => r.score), sorted, 'the best first');
    ok(await client.dropCollection({ collection_name: name }));
  });
}

test('metrics of binary vectors', async () => {
  for (const [metric_type, index_type, expected] of [['HAMMING', 'BIN_FLAT', [0, 1, 8]], ['JACCARD', 'BIN_FLAT', [0, 0.25, 1]]]) {
    const name = `b_${metric_type}_${process.pid}`;
    ok(await client.createCollection({ collection_name: name, fields: [keyField, { name: 'v', data_type: DataType.BinaryVector, dim: 8 }], consistency_level: 'Strong' }));
    ok(await client.createIndex({ collection_name: name, field_name: 'v', index_type, metric_type }));
    ok(await client.loadCollectionSync({ collection_name: name }));
    ok(await client.insert({ collection_name: name, data: [{ id: 1, v: [0b1111] }, { id: 2, v: [0b0111] }, { id: 3, v: [0b11110000] }] }));
    const found = ok(await client.search({ collection_name: name, data: [0b1111], limit: 3 })).results;
    found.forEach((r, i) => near(r.score, expected[i], 1e-6));
    ok(await client.dropCollection({ collection_name: name }));
  }
});

test('what cannot be searched is refused', async () => {
  await fails(client.search({ collection_name, data: [1, 2, 3], limit: 1 }), undefined, /dim/);
  await fails(client.search({ collection_name, data: [1, 0, 0, 0], limit: 16385 }), undefined, /16384|16385/);
  await fails(client.search({ collection_name, data: [1, 0, 0, 0], limit: 0 }), undefined, /topk|limit/);
  await fails(client.search({ collection_name, data: [1, 0, 0, 0], limit: 1, metric_type: 'IP' }), 1100, /metric/);
});
