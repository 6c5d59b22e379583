// Run by TlsTests, which makes the certificates: the folder that holds them comes in ELANUS_CERTIFICATES.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, connect, filled, ids, line, ok } from './support.mjs';

const folder = process.env.ELANUS_CERTIFICATES;
const mutual = process.env.ELANUS_MUTUAL === 'true';
const authority = { rootCertPath: `${folder}/ca.pem` };
const own = { privateKeyPath: `${folder}/client.key`, certChainPath: `${folder}/client.pem` };

test('a client that trusts the authority is served', async () => {
  const client = connect({ tls: mutual ? { ...authority, ...own } : authority });
  const collection_name = await filled(client, { rows: line(3) });
  assert.deepEqual(ids(ok(await client.search({ collection_name, data: [2, 0, 0, 0], limit: 1 })).results), [2]);
  ok(await client.dropCollection({ collection_name }));
});

test('a client that does not show what is asked for is not served', async () => {
  const client = connect({ ...(mutual ? { tls: authority } : {}), timeout: 3000 });
  client.connectPromise.catch(() => {});
  await assert.rejects(async () => ok(await client.getVersion()), address);
});
