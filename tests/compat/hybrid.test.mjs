import assert from 'node:assert/strict';
import { test, before } from 'node:test';
import { connect, fails, filled, ids, keyField, near, ok, RRFRanker, vectorField, WeightedRanker } from './support.mjs';

const client = connect();
let collection_name;
before(async () => {
  // Near [0,0] in `a`: 1, 2, 3, 4. Near [0,0] in `b`: 4, 3, 2, 1.
  const rows = [1, 2, 3, 4].map(id => ({ id, a: [id, 0], b: [5 - id, 0] }));
  collection_name = await filled(client, { fields: [keyField, vectorField(2, 'a'), vectorField(2, 'b')], rows });
});
const both = (limit = 4, more = {}) => [{ anns_field: 'a', data: [0, 0], limit, ...more }, { anns_field: 'b', data: [0, 0], limit, ...more }];

test('RRF adds the reciprocal ranks', async () => {
  const found = ok(await client.search({ collection_name, data: both(2), rerank: RRFRanker(60), limit: 4 })).results;
  assert.deepEqual(ids(found).sort(), [1, 2, 3, 4]);
  const scores = new Map(found.map(r => [Number(r.id), r.score]));
  near(scores.get(1), 1 / 61, 1e-6);
  near(scores.get(4), 1 / 61, 1e-6);
  near(scores.get(2), 1 / 62, 1e-6);
  const all = ok(await client.search({ collection_name, data: both(4), rerank: RRFRanker(1), limit: 1 })).results;
  near(all[0].score, 1 / 2 + 1 / 5, 1e-6);
});

test('weights decide', async () => {
  const first = ok(await client.search({ collection_name, data: both(), rerank: WeightedRanker([1, 0]), limit: 4 })).results;
  assert.equal(ids(first)[0], 1);
  const second = ok(await client.search({ collection_name, data: both(), rerank: WeightedRanker([0, 1]), limit: 4 })).results;
  assert.equal(ids(second)[0], 4);
});

test('limit, offset, filter and output fields', async () => {
  const all = ids(ok(await client.search({ collection_name, data: both(), rerank: WeightedRanker([0.9, 0.1]), limit: 4 })).results);
  const part = ok(await client.search({ collection_name, data: both(), rerank: WeightedRanker([0.9, 0.1]), limit: 2, offset: 1, output_fields: ['id', 'a'] })).results;
  assert.deepEqual(ids(part), all.slice(1, 3));
  assert.deepEqual(part[0].a, [ids(part)[0], 0]);
  const filtered = ok(await client.search({ collection_name, data: both(4, { expr: 'id > 2' }), rerank: RRFRanker(), limit: 4 })).results;
  assert.deepEqual(ids(filtered).sort(), [3, 4]);
});

test('a wrong ranker is refused', async () => {
  await fails(client.search({ collection_name, data: both(), rerank: WeightedRanker([0.5]), limit: 4 }), undefined, /weight/);
  await fails(client.search({ collection_name, data: both(), rerank: { strategy: 'none', params: {} }, limit: 4 }), undefined, /none|rank/);
});
