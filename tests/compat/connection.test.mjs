import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, ok, promisify, fails } from './support.mjs';

const client = connect();
const call = (method, request = {}) => promisify(client.channelPool, method, request, 10_000);

test('connecting gives an identifier and the server says what it is', async () => {
  await client.connectPromise;
  assert.equal(client.connectStatus, 1, 'connected');
  assert.ok(client.serverInfo.build_tags, JSON.stringify(client.serverInfo));
});

test('the version can be parsed', async () => {
  const { version } = ok(await client.getVersion());
  assert.match(version, /^v?\d+\.\d+\.\d+(-.*)?$/);
});

test('the server is healthy', async () => {
  const health = ok(await client.checkHealth());
  assert.equal(health.isHealthy, true);
  assert.deepEqual(health.reasons, []);
});

test('component states say that all is healthy', async () => {
  const states = ok(await call('GetComponentStates'));
  assert.equal(states.state.state_code, 'Healthy');
});

test('timestamps only grow', async () => {
  const first = BigInt(ok(await call('AllocTimestamp')).timestamp);
  const second = BigInt(ok(await call('AllocTimestamp')).timestamp);
  assert.ok(second > first);
  assert.ok(Math.abs(Number(first >> 18n) - Date.now()) < 60_000, 'the upper bits are milliseconds since 1970');
});

test('metrics answer with the nodes', async () => {
  const metrics = ok(await client.getMetric({ request: { metric_type: 'system_info' } }));
  assert.ok(Array.isArray(metrics.response.nodes_info) && metrics.response.nodes_info.length > 0);
});

test('what is not there yet says so', async () => {
  await fails(client.createResourceGroup({ resource_group: 'rg' }), 10, /unimplemented/);
});
