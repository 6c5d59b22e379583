import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, unique } from './support.mjs';

async function call(path, body = {}) {
  const response = await fetch(`http://${address}/v2/vectordb/${path}`, { method: 'POST', headers: { 'content-type': 'application/json', 'Accept-Type-Allow-Int64': 'true' }, body: JSON.stringify(body) });
  assert.equal(response.status, 200);
  return response.json();
}
async function done(path, body) {
  const answer = await call(path, body);
  assert.equal(answer.code, 0, `${path}: ${JSON.stringify(answer)}`);
  return answer.data;
}

test('collections, entities and search over HTTP/1.1 on the same port', async () => {
  const collectionName = unique('rest');
  await done('collections/create', { collectionName, dimension: 4, metricType: 'L2' });
  assert.ok((await done('collections/list')).includes(collectionName));
  assert.equal((await done('collections/has', { collectionName })).has, true);
  assert.equal((await done('collections/describe', { collectionName })).collectionName, collectionName);
  const inserted = await done('entities/insert', { collectionName, data: [1, 2, 3].map(id => ({ id, vector: [id, 0, 0, 0], colour: 'red' })) });
  assert.equal(inserted.insertCount, 3);
  const found = await done('entities/search', { collectionName, data: [[2, 0, 0, 0]], limit: 1, outputFields: ['colour'], consistencyLevel: 'Strong' });
  assert.deepEqual([found[0].id, found[0].colour, found[0].distance], [2, 'red', 0]);
  const rows = await done('entities/query', { collectionName, filter: 'id > 1', outputFields: ['id'], consistencyLevel: 'Strong' });
  assert.deepEqual(rows.map(r => r.id), [2, 3]);
  assert.deepEqual((await done('entities/get', { collectionName, id: [3], outputFields: ['id'] })).map(r => r.id), [3]);
  await done('entities/upsert', { collectionName, data: [{ id: 1, vector: [9, 0, 0, 0] }] });
  await done('entities/delete', { collectionName, filter: 'id == 3' });
  assert.deepEqual((await done('entities/query', { collectionName, filter: 'id > 0', outputFields: ['id'], consistencyLevel: 'Strong' })).map(r => r.id), [1, 2]);
  await done('collections/drop', { collectionName });
});

test('databases, partitions, aliases and indexes', async () => {
  const [dbName, collectionName, aliasName] = [unique('db'), unique('rest'), unique('alias')];
  await done('databases/create', { dbName });
  assert.ok((await done('databases/list')).includes(dbName));
  await done('collections/create', { dbName, collectionName, dimension: 4 });
  await done('partitions/create', { dbName, collectionName, partitionName: 'north' });
  assert.ok((await done('partitions/list', { dbName, collectionName })).includes('north'));
  await done('aliases/create', { dbName, collectionName, aliasName });
  assert.equal((await done('aliases/describe', { dbName, aliasName })).collectionName, collectionName);
  const indexes = await done('indexes/list', { dbName, collectionName });
  assert.equal(indexes.length, 1);
  assert.equal((await done('indexes/describe', { dbName, collectionName, indexName: indexes[0] }))[0].fieldName, 'vector');
  await done('aliases/drop', { dbName, aliasName });
  await done('collections/drop', { dbName, collectionName });
  await done('databases/drop', { dbName });
});

test('errors have a code and a message', async () => {
  const missing = await call('collections/describe', { collectionName: unique('none') });
  assert.equal(missing.code, 100);
  assert.match(missing.message, /collection not found|can't find/);
  assert.notEqual((await call('collections/create', {})).code, 0);
  const later = await call('roles/list');
  assert.notEqual(later.code, 0);
  const broken = await fetch(`http://${address}/v2/vectordb/collections/list`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' });
  assert.notEqual((await broken.json()).code, 0);
});
