import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, ConsistencyLevelEnum, filled, ids, line, ok } from './support.mjs';

const client = connect();

for (const level of ['Strong', 'Session', 'Bounded', 'Eventually']) {
  test(`a collection made with ${level} keeps it and is read`, async () => {
    const collection_name = await filled(client, { consistency_level: level, rows: line(3) });
    assert.equal((await client.describeCollection({ collection_name })).consistency_level, level);
    ok(await client.search({ collection_name, data: [1, 0, 0, 0], limit: 3, consistency_level: ConsistencyLevelEnum[level] }));
    ok(await client.query({ collection_name, filter: 'id > 0', consistency_level: ConsistencyLevelEnum[level] }));
    ok(await client.dropCollection({ collection_name }));
  });
}

test('a Strong read sees what was just answered, fifty times', async () => {
  const collection_name = await filled(client);
  for (let id = 1; id <= 50; id++) {
    ok(await client.insert({ collection_name, data: [{ id, vector: [id, 0, 0, 0] }] }));
    const [hit] = ok(await client.search({ collection_name, data: [id, 0, 0, 0], limit: 1, consistency_level: ConsistencyLevelEnum.Strong })).results;
    assert.deepEqual([Number(hit.id), hit.score], [id, 0]);
  }
  ok(await client.dropCollection({ collection_name }));
});

test('another client sees it too', async () => {
  const other = connect();
  const collection_name = await filled(client);
  for (let id = 1; id <= 20; id++) {
    ok(await client.insert({ collection_name, data: [{ id, vector: [id, 0, 0, 0] }] }));
    assert.deepEqual(ids(ok(await other.query({ collection_name, filter: `id == ${id}`, consistency_level: ConsistencyLevelEnum.Strong })).data), [id]);
  }
  ok(await client.dropCollection({ collection_name }));
});
