import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, fails, filled, line, ok, unique } from './support.mjs';

const client = connect();

test('an alias stands for its collection and can be moved', async () => {
  const [first, second] = [await filled(client, { rows: line(2) }), await filled(client, { rows: line(5) })];
  const alias = unique('alias');
  ok(await client.createAlias({ collection_name: first, alias }));
  assert.equal((await client.count({ collection_name: alias })).data, 2);
  assert.equal(ok(await client.describeAlias({ collection_name: first, alias })).collection, first);
  assert.deepEqual(ok(await client.listAliases({ collection_name: first })).aliases, [alias]);
  assert.deepEqual(ok(await client.describeCollection({ collection_name: first })).aliases, [alias]);
  ok(await client.alterAlias({ collection_name: second, alias }));
  assert.equal((await client.count({ collection_name: alias })).data, 5);
  await fails(client.dropCollection({ collection_name: second }), undefined, /alias/);
  ok(await client.dropAlias({ alias }));
  await fails(client.describeAlias({ collection_name: second, alias }), 1600, /alias not found/);
  for (const collection_name of [first, second]) ok(await client.dropCollection({ collection_name }));
});

test('an alias cannot take a name in use', async () => {
  const [first, second] = [await filled(client), await filled(client)];
  await fails(client.createAlias({ collection_name: first, alias: second }), 1601, /conflict/);
  const alias = unique('alias');
  ok(await client.createAlias({ collection_name: first, alias }));
  await fails(client.createAlias({ collection_name: second, alias }), 1602, /already exist/);
  ok(await client.dropAlias({ alias }));
  for (const collection_name of [first, second]) ok(await client.dropCollection({ collection_name }));
});
