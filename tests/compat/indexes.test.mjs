import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, DataType, fails, filled, ids, keyField, line, ok, unique, vectorField } from './support.mjs';

const client = connect();
const params = index => Object.fromEntries(index.params.map(p => [p.key, p.value]));

async function bare(fields = [keyField, vectorField()]) {
  const collection_name = unique();
  ok(await client.createCollection({ collection_name, fields, consistency_level: 'Strong' }));
  return collection_name;
}

test('an index is created, described and dropped', async () => {
  const collection_name = await bare();
  ok(await client.createIndex({ collection_name, field_name: 'vector', index_name: 'by_vector', index_type: 'HNSW', metric_type: 'COSINE', params: { M: 16, efConstruction: 100 } }));
  const described = ok(await client.describeIndex({ collection_name }));
  assert.equal(described.index_descriptions.length, 1);
  const [index] = described.index_descriptions;
  assert.deepEqual([index.index_name, index.field_name, index.state], ['by_vector', 'vector', 'Finished']);
  assert.equal(params(index).index_type, 'HNSW');
  assert.equal(params(index).metric_type, 'COSINE');
  assert.equal(params(index)['elanus.served_by'], undefined, 'HNSW is served by itself');
  assert.deepEqual(ok(await client.listIndexes({ collection_name })).indexes, ['by_vector']);
  ok(await client.dropIndex({ collection_name, field_name: 'vector', index_name: 'by_vector' }));
  await fails(client.describeIndex({ collection_name }), 700, /index not found/);
  ok(await client.dropCollection({ collection_name }));
});

test('progress counts the rows', async () => {
  const collection_name = await filled(client, { rows: line(30) });
  ok(await client.flushSync({ collection_names: [collection_name] }));
  const index = ok(await client.describeIndex({ collection_name })).index_descriptions[0];
  assert.equal(Number(index.total_rows), 30);
  assert.equal(Number(index.indexed_rows) + Number(index.pending_index_rows), 30);
  assert.equal(ok(await client.getIndexState({ collection_name, field_name: 'vector' })).state, 'Finished');
  assert.equal(Number(ok(await client.getIndexBuildProgress({ collection_name, field_name: 'vector' })).total_rows), 30);
  assert.equal(ok(await client.getIndexStatistics({ collection_name })).index_descriptions.length, 1);
  ok(await client.dropCollection({ collection_name }));
});

test('other index types are accepted and say what serves them', async () => {
  for (const [index_type, build] of [['IVF_FLAT', { nlist: 16 }], ['IVF_SQ8', { nlist: 16 }], ['IVF_PQ', { nlist: 16, m: 2, nbits: 8 }], ['SCANN', { nlist: 16 }], ['DISKANN', {}], ['HNSW_SQ', { M: 8, efConstruction: 32, sq_type: 'SQ8' }]]) {
    const collection_name = await bare();
    ok(await client.createIndex({ collection_name, field_name: 'vector', index_type, metric_type: 'L2', params: build }));
    const index = ok(await client.describeIndex({ collection_name })).index_descriptions[0];
    assert.equal(params(index).index_type, index_type);
    assert.match(params(index)['elanus.served_by'] ?? '', /^(FLAT|HNSW)$/, index_type);
    ok(await client.loadCollectionSync({ collection_name }));
    ok(await client.insert({ collection_name, data: line(10) }));
    assert.deepEqual(ids(ok(await client.search({ collection_name, data: [3, 0, 0, 0], limit: 1 })).results), [3], index_type);
    ok(await client.dropCollection({ collection_name }));
  }
});

test('AUTOINDEX needs no parameters', async () => {
  const collection_name = await bare();
  ok(await client.createIndex({ collection_name, field_name: 'vector', index_type: 'AUTOINDEX', metric_type: 'IP' }));
  ok(await client.loadCollectionSync({ collection_name }));
  ok(await client.insert({ collection_name, data: line(10) }));
  assert.deepEqual(ids(ok(await client.search({ collection_name, data: [1, 0, 0, 0], limit: 1 })).results), [10]);
  ok(await client.dropCollection({ collection_name }));
});

test('parameters are checked', async () => {
  const collection_name = await bare();
  const create = request => client.createIndex({ collection_name, field_name: 'vector', ...request });
  await fails(create({ index_type: 'HNSW', metric_type: 'L2', params: { M: 100_000, efConstruction: 100 } }), 1100, /M/);
  await fails(create({ index_type: 'NO_SUCH', metric_type: 'L2' }), 1100, /NO_SUCH/);
  await fails(create({ index_type: 'FLAT', metric_type: 'HAMMING' }), 1100, /HAMMING/);
  await fails(client.createIndex({ collection_name, field_name: 'none', index_type: 'FLAT', metric_type: 'L2' }), undefined, /none/);
  ok(await client.dropCollection({ collection_name }));
});

test('scalar indexes are accepted', async () => {
  const fields = [keyField, { name: 'word', data_type: DataType.VarChar, max_length: 20 }, { name: 'n', data_type: DataType.Int64 }, { name: 'meta', data_type: DataType.JSON }, vectorField()];
  const collection_name = await bare(fields);
  ok(await client.createIndex({ collection_name, field_name: 'word', index_type: 'INVERTED' }));
  ok(await client.createIndex({ collection_name, field_name: 'n', index_type: 'STL_SORT' }));
  ok(await client.createIndex({ collection_name, field_name: 'meta', index_type: 'INVERTED', index_name: 'by_path', params: { json_path: 'meta["a"]', json_cast_type: 'double' } }));
  ok(await client.createIndex({ collection_name, field_name: 'vector', index_type: 'FLAT', metric_type: 'L2' }));
  assert.equal(ok(await client.describeIndex({ collection_name })).index_descriptions.length, 4);
  ok(await client.loadCollectionSync({ collection_name }));
  ok(await client.insert({ collection_name, data: line(5, i => ({ word: `w${i}`, n: i, meta: { a: i } })) }));
  assert.deepEqual(ids(ok(await client.query({ collection_name, filter: 'word == "w2" or n > 4' })).data), [2, 5]);
  ok(await client.dropCollection({ collection_name }));
});

test('index properties are altered', async () => {
  const collection_name = await bare();
  ok(await client.createIndex({ collection_name, field_name: 'vector', index_name: 'i', index_type: 'HNSW', metric_type: 'L2', params: { M: 8, efConstruction: 32 } }));
  ok(await client.alterIndexProperties({ collection_name, index_name: 'i', params: { 'mmap.enabled': true } }));
  assert.equal(params(ok(await client.describeIndex({ collection_name })).index_descriptions[0])['mmap.enabled'], 'true');
  ok(await client.dropIndexProperties({ collection_name, index_name: 'i', properties: ['mmap.enabled'] }));
  assert.equal(params(ok(await client.describeIndex({ collection_name })).index_descriptions[0])['mmap.enabled'], undefined);
  ok(await client.dropCollection({ collection_name }));
});

test('a vector index of a loaded collection is not dropped', async () => {
  const collection_name = await filled(client);
  await fails(client.dropIndex({ collection_name, field_name: 'vector' }), undefined, /load/);
  ok(await client.releaseCollection({ collection_name }));
  ok(await client.dropIndex({ collection_name, field_name: 'vector' }));
  ok(await client.dropCollection({ collection_name }));
});

test('HNSW finds what FLAT finds', async () => {
  const random = (seed => () => ((seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648))(42);
  const rows = Array.from({ length: 2000 }, (_, i) => ({ id: i + 1, vector: Array.from({ length: 16 }, random) }));
  const collection_name = await bare([keyField, vectorField(16)]);
  for (let at = 0; at < rows.length; at += 500) ok(await client.insert({ collection_name, data: rows.slice(at, at + 500) }));
  ok(await client.createIndex({ collection_name, field_name: 'vector', index_type: 'HNSW', metric_type: 'L2', params: { M: 16, efConstruction: 200 } }));
  ok(await client.flushSync({ collection_names: [collection_name] }));
  ok(await client.loadCollectionSync({ collection_name }));
  let hits = 0;
  for (let q = 0; q < 20; q++) {
    const query = Array.from({ length: 16 }, random);
    const distance = v => v.reduce((sum, x, i) => sum + (x - query[i]) ** 2, 0);
    const truth = new Set([...rows].sort((a, b) => distance(a.vector) - distance(b.vector)).slice(0, 10).map(r => r.id));
    const found = ids(ok(await client.search({ collection_name, data: query, limit: 10, params: { ef: 128 } })).results);
    assert.equal(found.length, 10);
    hits += found.filter(id => truth.has(id)).length;
  }
  assert.ok(hits >= 190, `${hits} of 200`);
  ok(await client.dropCollection({ collection_name }));
});
