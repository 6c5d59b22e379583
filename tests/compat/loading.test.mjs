import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, fails, filled, ids, keyField, line, ok, unique, vectorField } from './support.mjs';

const client = connect();

test('load and release with states and progress', async () => {
  const collection_name = await filled(client, { rows: line(5) });
  assert.equal(ok(await client.getLoadState({ collection_name })).state, 'LoadStateLoaded');
  assert.equal(Number(ok(await client.getLoadingProgress({ collection_name })).progress), 100);
  ok(await client.releaseCollection({ collection_name }));
  assert.equal(ok(await client.getLoadState({ collection_name })).state, 'LoadStateNotLoad');
  await fails(client.search({ collection_name, data: [1, 0, 0, 0] }), 101, /collection not loaded/);
  ok(await client.loadCollectionSync({ collection_name }));
  assert.deepEqual(ids(ok(await client.search({ collection_name, data: [1, 0, 0, 0], limit: 2 })).results), [1, 2]);
  assert.equal((await client.getLoadState({ collection_name: unique('none') })).state, 'LoadStateNotExist');
  ok(await client.dropCollection({ collection_name }));
});

test('a collection without an index is not loaded', async () => {
  const collection_name = unique();
  ok(await client.createCollection({ collection_name, fields: [keyField, vectorField()] }));
  await fails(client.loadCollectionAsync({ collection_name }), 700, /index not found/);
  ok(await client.dropCollection({ collection_name }));
});

test('flush seals rows and they stay searchable', async () => {
  const collection_name = await filled(client, { rows: line(40) });
  const flushed = ok(await client.flushSync({ collection_names: [collection_name] }));
  assert.equal(flushed.flushed, true);
  ok(await client.insert({ collection_name, data: [{ id: 41, vector: [41, 0, 0, 0] }] }));
  assert.equal((await client.count({ collection_name })).data, 41);
  assert.deepEqual(ids(ok(await client.search({ collection_name, data: [41, 0, 0, 0], limit: 3 })).results), [41, 40, 39]);
  ok(await client.dropCollection({ collection_name }));
});

test('everything can be flushed', async () => {
  const collection_name = await filled(client, { rows: line(4) });
  ok(await client.flushAllSync());
  ok(await client.dropCollection({ collection_name }));
});

test('segments are described, stored and loaded', async () => {
  const collection_name = await filled(client, { rows: line(25) });
  ok(await client.flushSync({ collection_names: [collection_name] }));
  const stored = ok(await client.getPersistentSegmentInfo({ collectionName: collection_name, collection_name, dbName: 'default' })).infos;
  assert.equal(stored.reduce((sum, s) => sum + Number(s.num_rows), 0), 25);
  const loaded = ok(await client.getQuerySegmentInfo({ collectionName: collection_name, collection_name, dbName: 'default' })).infos;
  assert.equal(loaded.reduce((sum, s) => sum + Number(s.num_rows), 0), 25);
  ok(await client.dropCollection({ collection_name }));
});

test('compaction runs and says what it did', async () => {
  const collection_name = await filled(client);
  for (let i = 0; i < 3; i++) {
    ok(await client.insert({ collection_name, data: line(10).map(r => ({ ...r, id: r.id + 10 * i })) }));
    ok(await client.flushSync({ collection_names: [collection_name] }));
  }
  ok(await client.delete({ collection_name, ids: [1, 2, 3] }));
  const { compactionID } = ok(await client.compact({ collection_name }));
  let state;
  for (let tries = 0; tries < 100; tries++) {
    state = ok(await client.getCompactionState({ compactionID }));
    if (state.state === 'Completed') break;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  assert.equal(state.state, 'Completed');
  ok(await client.getCompactionStateWithPlans({ compactionID }));
  assert.equal((await client.count({ collection_name })).data, 27);
  assert.deepEqual(ids(ok(await client.search({ collection_name, data: [4, 0, 0, 0], limit: 1 })).results), [4]);
  ok(await client.dropCollection({ collection_name }));
});

test('a loaded collection has a replica with its shards', async () => {
  const collection_name = await filled(client, { shards_num: 2 });
  const { collectionID } = await client.describeCollection({ collection_name });
  const { replicas } = ok(await client.getReplicas({ collectionID, collection_name }));
  assert.equal(replicas.length, 1);
  assert.equal(replicas[0].shard_replicas.length, 2);
  assert.equal(replicas[0].collectionID, collectionID);
  ok(await client.dropCollection({ collection_name }));
});
