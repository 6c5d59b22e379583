import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, DataType, fails, filled, ids, keyField, line, ok, unique, vectorField } from './support.mjs';

const client = connect();

test('the short form creates, indexes and loads', async () => {
  const collection_name = unique();
  ok(await client.createCollection({ collection_name, dimension: 4 }));
  assert.equal((await client.getLoadState({ collection_name })).state, 'LoadStateLoaded');
  const described = ok(await client.describeCollection({ collection_name }));
  assert.deepEqual(described.schema.fields.map(f => [f.name, f.data_type, f.is_primary_key]), [['id', 'Int64', true], ['vector', 'FloatVector', false]]);
  assert.equal(described.schema.enable_dynamic_field, true);
  assert.equal(described.schema.fields[1].dim, '4');
  ok(await client.dropCollection({ collection_name }));
});

test('a description holds what was asked for', async () => {
  const collection_name = unique();
  ok(await client.createCollection({
    collection_name, description: 'about kites', shards_num: 2, consistency_level: 'Session', properties: { 'collection.ttl.seconds': 0 },
    fields: [
      { ...keyField, description: 'the key', autoID: true },
      { name: 'title', data_type: DataType.VarChar, max_length: 77, nullable: true },
      { name: 'marks', data_type: DataType.Array, element_type: DataType.Int32, max_capacity: 9 },
      { name: 'size', data_type: DataType.Int16, default_value: 12 },
      vectorField(8),
    ],
  }));
  const d = ok(await client.describeCollection({ collection_name }));
  assert.equal(d.collection_name, collection_name);
  assert.equal(d.schema.description, 'about kites');
  assert.equal(d.shards_num, 2);
  assert.equal(d.consistency_level, 'Session');
  assert.equal(d.db_name, 'default');
  assert.ok(Number(d.collectionID) > 0);
  assert.ok(Number(d.created_timestamp) > 0);
  assert.equal(d.virtual_channel_names.length, 2);
  const [id, title, marks, size, vector] = d.schema.fields;
  assert.deepEqual([id.autoID, id.description, title.max_length, title.nullable], [true, 'the key', '77', true]);
  assert.deepEqual([marks.element_type, marks.max_capacity, size.default_value, vector.dim], ['Int32', '9', 12, '8'], JSON.stringify(size));
  assert.ok(Number(id.fieldID) >= 100);
  ok(await client.dropCollection({ collection_name }));
});

test('collections are listed and found', async () => {
  const collection_name = unique();
  ok(await client.createCollection({ collection_name, fields: [keyField, vectorField()] }));
  assert.equal(ok(await client.hasCollection({ collection_name })).value, true);
  assert.equal((await client.hasCollection({ collection_name: unique('none') })).value, false);
  assert.ok(ok(await client.showCollections()).data.some(c => c.name === collection_name));
  assert.ok(!(await client.showCollections({ type: 1 })).data.some(c => c.name === collection_name), 'it is not loaded');
  const batch = ok(await client.batchDescribeCollections({ collection_names: [collection_name] }));
  assert.equal(batch.responses[0].collection_name, collection_name);
  ok(await client.dropCollection({ collection_name }));
});

test('a missing collection is code 100 and dropping it succeeds', async () => {
  const collection_name = unique('none');
  const status = await fails(client.describeCollection({ collection_name }), 100, /collection not found/);
  assert.match(status.reason, new RegExp(collection_name));
  ok(await client.dropCollection({ collection_name }));
});

test('creating a collection again is fine where it is the same, an error where it is another', async () => {
  const collection_name = unique();
  ok(await client.createCollection({ collection_name, fields: [keyField, vectorField()] }));
  ok(await client.createCollection({ collection_name, fields: [keyField, vectorField()] }));
  await fails(client.createCollection({ collection_name, fields: [keyField, vectorField(8)] }), undefined, /duplicate|different/);
  ok(await client.dropCollection({ collection_name }));
});

test('names and schemas are checked', async () => {
  await fails(client.createCollection({ collection_name: '1kite', fields: [keyField, vectorField()] }), 1100, /1kite/);
  await fails(client.createCollection({ collection_name: 'a-b', fields: [keyField, vectorField()] }), 1100, /a-b/);
  await fails(client.createCollection({ collection_name: 'k'.repeat(256), fields: [keyField, vectorField()] }), 1100);
  await fails(client.createCollection({ collection_name: unique(), fields: [keyField, keyField, vectorField()] }), undefined, /id/);
  await fails(client.createCollection({ collection_name: unique(), fields: [keyField, vectorField(40_000)] }), undefined, /dimension/);
});

test('statistics count the rows', async () => {
  const collection_name = await filled(client, { rows: line(7) });
  ok(await client.flushSync({ collection_names: [collection_name] }));
  assert.equal(Number(ok(await client.getCollectionStatistics({ collection_name })).data.row_count), 7);
  ok(await client.dropCollection({ collection_name }));
});

test('a collection is renamed with its rows', async () => {
  const before = await filled(client, { rows: line(3) });
  const after = unique();
  ok(await client.renameCollection({ collection_name: before, new_collection_name: after }));
  assert.equal((await client.hasCollection({ collection_name: before })).value, false);
  assert.equal((await client.count({ collection_name: after })).data, 3);
  ok(await client.dropCollection({ collection_name: after }));
});

test('truncating removes the rows and keeps the rest', async () => {
  const collection_name = await filled(client, { rows: line(20) });
  ok(await client.truncateCollection({ collection_name }));
  assert.equal((await client.count({ collection_name })).data, 0);
  assert.equal((await client.describeIndex({ collection_name })).index_descriptions.length, 1);
  ok(await client.insert({ collection_name, data: line(2) }));
  assert.equal((await client.count({ collection_name })).data, 2);
  ok(await client.dropCollection({ collection_name }));
});

test('properties are altered and removed', async () => {
  const collection_name = unique();
  ok(await client.createCollection({ collection_name, fields: [keyField, vectorField()] }));
  ok(await client.alterCollectionProperties({ collection_name, properties: { 'collection.ttl.seconds': 18000 } }));
  assert.deepEqual((await client.describeCollection({ collection_name })).properties.filter(p => p.key === 'collection.ttl.seconds').map(p => p.value), ['18000']);
  ok(await client.dropCollectionProperties({ collection_name, properties: ['collection.ttl.seconds'] }));
  assert.deepEqual((await client.describeCollection({ collection_name })).properties.filter(p => p.key === 'collection.ttl.seconds'), []);
  ok(await client.dropCollection({ collection_name }));
});

test('a field is altered', async () => {
  const collection_name = unique();
  ok(await client.createCollection({ collection_name, fields: [keyField, { name: 'word', data_type: DataType.VarChar, max_length: 5 }, vectorField()] }));
  ok(await client.alterCollectionFieldProperties({ collection_name, field_name: 'word', properties: { max_length: 50 } }));
  assert.equal((await client.describeCollection({ collection_name })).schema.fields[1].max_length, '50');
  ok(await client.dropCollection({ collection_name }));
});

test('a nullable field is added to a live collection', async () => {
  const collection_name = await filled(client, { rows: line(2) });
  ok(await client.addCollectionField({ collection_name, field: { name: 'note', data_type: DataType.VarChar, max_length: 20, nullable: true } }));
  // A client of its own: the first one keeps the old description.
  ok(await connect().insert({ collection_name, data: [{ id: 3, vector: [3, 0, 0, 0], note: 'new' }] }));
  const rows = ok(await client.query({ collection_name, filter: 'id > 0', output_fields: ['id', 'note'] })).data;
  assert.deepEqual(ids(rows), [1, 2, 3]);
  assert.deepEqual(rows.map(r => r.note), [null, null, 'new']);
  ok(await client.dropCollection({ collection_name }));
});
