// elanus: COMMON_SECURITY_AUTHORIZATIONENABLED=true
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, connect, fails, ok, unique } from './support.mjs';

const root = connect({ username: 'root', password: 'Milvus' });
const GRPC_UNAUTHENTICATED = 16;

async function unauthenticated(options) {
  const client = connect(options);
  client.connectPromise.catch(() => {});
  const answer = await client.showCollections().catch(e => e);
  const code = answer.code ?? answer.status?.code;
  assert.ok(Number(code) === GRPC_UNAUTHENTICATED || /unauthenticated|auth/i.test(String(answer.message ?? answer.details ?? answer.status?.reason)), JSON.stringify(answer));
  assert.notEqual(answer.status?.error_code, 'Success');
}

test('root works with its default password', async () => {
  assert.deepEqual(ok(await root.listUsers()).usernames, ['root']);
  ok(await root.showCollections());
});

test('no credential, a wrong password and an unknown user are refused', async () => {
  await unauthenticated({});
  await unauthenticated({ username: 'root', password: 'wrong' });
  await unauthenticated({ username: 'nobody', password: 'Milvus' });
});

test('users are created, changed and removed', async () => {
  const username = unique('user');
  ok(await root.createUser({ username, password: 'first-pass' }));
  assert.ok(ok(await root.listUsers()).usernames.includes(username));
  const user = connect({ username, password: 'first-pass' });
  ok(await user.showCollections());
  ok(await root.updateUser({ username, oldPassword: 'first-pass', newPassword: 'second-pass' }));
  await unauthenticated({ username, password: 'first-pass' });
  ok(await connect({ username, password: 'second-pass' }).showCollections());
  ok(await root.deleteUser({ username }));
  await unauthenticated({ username, password: 'second-pass' });
});

test('only root manages users', async () => {
  const username = unique('user');
  ok(await root.createUser({ username, password: 'password' }));
  const user = connect({ username, password: 'password' });
  ok(await user.createCollection({ collection_name: unique(), dimension: 4 }));
  const refused = await user.createUser({ username: unique('user'), password: 'password' }).catch(e => e);
  assert.notEqual((refused.status ?? refused).error_code, 'Success', JSON.stringify(refused));
  ok(await root.deleteUser({ username }));
});

test('users are described, by root and by themselves', async () => {
  const username = unique('user');
  ok(await root.createUser({ username, password: 'password' }));
  assert.deepEqual(ok(await root.describeUser({ username })).results.map(r => r.user.name), [username]);
  assert.deepEqual(ok(await root.describeUser({ username: 'nobody' })).results, []);
  assert.ok(ok(await root.selectUser({ username, include_role_info: true })).results.every(r => r.roles.length === 0));
  const user = connect({ username, password: 'password' });
  assert.equal(ok(await user.describeUser({ username })).results.length, 1);
  const refused = await user.describeUser({ username: 'root' }).catch(e => e);
  assert.notEqual((refused.status ?? refused).error_code, 'Success', JSON.stringify(refused));
  assert.deepEqual(ok(await root.listRoles()).results, []);
  await fails(root.createRole({ roleName: 'kites' }), 10, /CreateRole/);
  ok(await root.deleteUser({ username }));
});

test('names and passwords are checked', async () => {
  await fails(root.createUser({ username: unique('user'), password: 'x' }), 1100, /password/);
  await fails(root.createUser({ username: '1 kite', password: 'password' }), 1100, /user/);
  await fails(root.createUser({ username: 'root', password: 'password' }), undefined, /exist/);
});

test('REST asks for a credential too', async () => {
  const ask = headers => fetch(`http://${address}/v2/vectordb/collections/list`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json', ...headers } });
  assert.equal((await ask({})).status, 401);
  assert.equal((await ask({ authorization: 'Bearer root:wrong' })).status, 401);
  const answered = await ask({ authorization: 'Bearer root:Milvus' });
  assert.equal(answered.status, 200);
  assert.equal((await answered.json()).code, 0);
});
