import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, DataType, fails, filled, ids, keyField, line, ok, unique, vectorField } from './support.mjs';

const client = connect();

test('partitions are created, listed, found and dropped', async () => {
  const collection_name = await filled(client);
  const partition_name = 'north';
  ok(await client.createPartition({ collection_name, partition_name }));
  assert.equal(ok(await client.hasPartition({ collection_name, partition_name })).value, true);
  assert.deepEqual(ok(await client.listPartitions({ collection_name })).partition_names.sort(), ['_default', 'north']);
  await fails(client.createPartition({ collection_name: unique('none'), partition_name }), 100);
  ok(await client.releasePartitions({ collection_name, partition_names: [partition_name] }));
  ok(await client.dropPartition({ collection_name, partition_name }));
  assert.equal((await client.hasPartition({ collection_name, partition_name })).value, false);
  ok(await client.dropCollection({ collection_name }));
});

test('rows live in their partition', async () => {
  const collection_name = await filled(client);
  for (const partition_name of ['north', 'south']) ok(await client.createPartition({ collection_name, partition_name }));
  ok(await client.insert({ collection_name, partition_name: 'north', data: line(3) }));
  ok(await client.insert({ collection_name, partition_name: 'south', data: [{ id: 11, vector: [1, 0, 0, 0] }] }));
  assert.deepEqual(ids(ok(await client.query({ collection_name, filter: 'id > 0', partition_names: ['south'] })).data), [11]);
  assert.deepEqual(ids(ok(await client.search({ collection_name, data: [1, 0, 0, 0], limit: 5, partition_names: ['north'] })).results), [1, 2, 3]);
  assert.equal((await client.count({ collection_name })).data, 4);
  await fails(client.search({ collection_name, data: [1, 0, 0, 0], partition_names: ['east'] }), 200, /partition not found/);
  ok(await client.dropCollection({ collection_name }));
});

test('a partition counts its rows', async () => {
  const collection_name = await filled(client);
  ok(await client.createPartition({ collection_name, partition_name: 'north' }));
  ok(await client.insert({ collection_name, partition_name: 'north', data: line(5) }));
  ok(await client.flushSync({ collection_names: [collection_name] }));
  assert.equal(Number(ok(await client.getPartitionStatistics({ collection_name, partition_name: 'north' })).data.row_count), 5);
  ok(await client.dropCollection({ collection_name }));
});

test('a partition must be released before it is dropped', async () => {
  const collection_name = await filled(client);
  ok(await client.createPartition({ collection_name, partition_name: 'north' }));
  await fails(client.dropPartition({ collection_name, partition_name: 'north' }), undefined, /release/);
  await fails(client.dropPartition({ collection_name, partition_name: '_default' }), undefined, /default partition/);
  ok(await client.dropCollection({ collection_name }));
});

test('partitions are loaded and released one by one', async () => {
  const collection_name = unique();
  ok(await client.createCollection({ collection_name, fields: [keyField, vectorField()], consistency_level: 'Strong' }));
  ok(await client.createIndex({ collection_name, field_name: 'vector', index_type: 'FLAT', metric_type: 'L2' }));
  for (const partition_name of ['north', 'south']) {
    ok(await client.createPartition({ collection_name, partition_name }));
    ok(await client.insert({ collection_name, partition_name, data: line(3) }));
  }
  ok(await client.loadPartitionsSync({ collection_name, partition_names: ['north'] }));
  assert.equal(ok(await client.getLoadState({ collection_name, partition_names: ['north'] })).state, 'LoadStateLoaded');
  assert.equal((await client.getLoadState({ collection_name, partition_names: ['south'] })).state, 'LoadStateNotLoad');
  assert.equal(ok(await client.search({ collection_name, data: [1, 0, 0, 0], partition_names: ['north'] })).results.length, 3);
  await fails(client.search({ collection_name, data: [1, 0, 0, 0], partition_names: ['south'] }), 201, /partition not loaded/);
  ok(await client.releasePartitions({ collection_name, partition_names: ['north'] }));
  await fails(client.search({ collection_name, data: [1, 0, 0, 0] }), 101, /not loaded/);
  ok(await client.dropCollection({ collection_name }));
});

test('a partition key spreads rows by its value', async () => {
  const fields = [keyField, { name: 'tenant', data_type: DataType.VarChar, max_length: 50, is_partition_key: true }, vectorField()];
  const collection_name = await filled(client, { fields, num_partitions: 4, rows: line(20, i => ({ tenant: `t${i % 5}` })) });
  assert.equal(ok(await client.listPartitions({ collection_name })).partition_names.length, 4);
  const found = ok(await client.query({ collection_name, filter: 'tenant == "t3"', output_fields: ['id', 'tenant'] })).data;
  assert.deepEqual(ids(found), [3, 8, 13, 18]);
  assert.ok(found.every(r => r.tenant === 't3'));
  assert.deepEqual(ids(ok(await client.search({ collection_name, data: [1, 0, 0, 0], limit: 2, filter: 'tenant in ["t1", "t2"]' })).results), [1, 2]);
  await fails(client.insert({ collection_name, partition_name: '_default_0', data: line(1, () => ({ tenant: 'x' })) }), undefined, /partition/);
  ok(await client.dropCollection({ collection_name }));
});
