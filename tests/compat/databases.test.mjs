import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, fails, filled, keyField, line, ok, unique, vectorField } from './support.mjs';

const client = connect();

test('databases are created, listed, described and dropped', async () => {
  const db_name = unique('db');
  ok(await client.createDatabase({ db_name }));
  assert.ok((ok(await client.listDatabases())).db_names.includes(db_name));
  assert.ok((await client.listDatabases()).db_names.includes('default'));
  assert.equal(ok(await client.describeDatabase({ db_name })).db_name, db_name);
  ok(await client.dropDatabase({ db_name }));
  assert.ok(!(await client.listDatabases()).db_names.includes(db_name));
});

test('a database that is there already or not at all is an error', async () => {
  const db_name = unique('db');
  ok(await client.createDatabase({ db_name }));
  await fails(client.createDatabase({ db_name }), undefined, /already exist/);
  ok(await client.dropDatabase({ db_name }));
  await fails(client.describeDatabase({ db_name }), 800, /database not found/);
});

test('properties of a database can be set and removed', async () => {
  const db_name = unique('db');
  ok(await client.createDatabase({ db_name, properties: { 'database.max.collections': 10 } }));
  ok(await client.alterDatabase({ db_name, properties: { 'database.replica.number': 1 } }));
  const described = ok(await client.describeDatabase({ db_name }));
  assert.deepEqual(Object.fromEntries(described.properties.map(p => [p.key, p.value])), { 'database.max.collections': '10', 'database.replica.number': '1' });
  ok(await client.dropDatabaseProperties({ db_name, properties: ['database.replica.number'] }));
  assert.deepEqual((await client.describeDatabase({ db_name })).properties.map(p => p.key), ['database.max.collections']);
  ok(await client.dropDatabase({ db_name }));
});

test('collections of one name live apart in two databases', async () => {
  const db_name = unique('db');
  const collection_name = unique();
  ok(await client.createDatabase({ db_name }));
  const other = connect({ database: db_name });
  await filled(client, { name: collection_name, rows: line(3) });
  await filled(other, { name: collection_name, rows: line(5) });
  assert.equal((await client.count({ collection_name })).data, 3);
  assert.equal((await other.count({ collection_name })).data, 5);
  assert.equal((await client.count({ collection_name, db_name })).data, 5, 'the name in the request goes first');
  await fails(client.dropDatabase({ db_name }), undefined, /not empty/);
  ok(await other.dropCollection({ collection_name }));
  assert.equal((await client.hasCollection({ collection_name })).value, true);
  ok(await client.dropDatabase({ db_name }));
});

test('a collection can be renamed into another database', async () => {
  const db_name = unique('db');
  const [before, after] = [unique(), unique()];
  ok(await client.createDatabase({ db_name }));
  ok(await client.createCollection({ collection_name: before, fields: [keyField, vectorField()] }));
  ok(await client.renameCollection({ collection_name: before, new_collection_name: after, new_db_name: db_name }));
  assert.equal((await client.hasCollection({ collection_name: before })).value, false);
  assert.equal((await client.hasCollection({ collection_name: after, db_name })).value, true);
  ok(await client.dropCollection({ collection_name: after, db_name }));
  ok(await client.dropDatabase({ db_name }));
});
