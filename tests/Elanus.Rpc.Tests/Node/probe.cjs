// Drives the probe service with the real @grpc/grpc-js, as Node programs do. Prints "ok NAME" for each step that held, and ends with code 1 at the first that did not.
// usage: node probe.cjs HOST:PORT PROTO [AUTHORITY.pem]
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [address, proto, authority] = process.argv.slice(2);
const { Probe } = grpc.loadPackageDefinition(loader.loadSync(proto, { defaults: true })).elanus.rpc.tests;
const credentials = authority ? grpc.credentials.createSsl(fs.readFileSync(authority)) : grpc.credentials.createInsecure();
const wide = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };

const connect = (more = {}) => new Probe(address, credentials, { ...wide, ...more });
const unary = (client, method, request, metadata = new grpc.Metadata(), options = {}) => new Promise(resolve => {
  const seen = {};
  const call = client[method](request, metadata, options, (error, reply) => resolve(Object.assign(seen, { error, reply })));
  call.on('metadata', headers => { seen.headers = headers; });
  call.on('status', status => { seen.status = status; });
});
// The status follows the reply.
const ended = async result => { await new Promise(setImmediate); return result; };
const all = async stream => { const got = []; for await (const one of stream) got.push(one); return got; };

const steps = {
  async unary(client) {
    const { error, reply } = await unary(client, 'Echo', { text: 'täxt', data: Buffer.from([0, 255]), count: -7 });
    assert.equal(error, null);
    assert.deepEqual([reply.text, [...reply.data], reply.count], ['täxt', [0, 255], -7]);
  },
  async large(client) {
    const data = Buffer.alloc(8 << 20, 'elanus');
    for (const method of ['Echo', 'EchoRaw']) {
      const { error, reply } = await unary(client, method, { data });
      assert.equal(error, null);
      assert.ok(data.equals(reply.data));
    }
  },
  async many(client) {
    const results = await Promise.all(Array.from({ length: 200 }, (_, count) => unary(client, 'Echo', { count })));
    results.forEach(({ error, reply }, count) => { assert.equal(error, null); assert.equal(reply.count, count); });
  },
  async gzip() {
    const client = connect({ 'grpc.default_compression_algorithm': 2 });
    const data = Buffer.alloc(100_000, 'a');
    const { error, reply } = await unary(client, 'Echo', { data });
    client.close();
    assert.equal(error, null);
    assert.ok(data.equals(reply.data));
  },
  async status(client) {
    const { error } = await unary(client, 'Fail', { count: 9, text: '50 % kaputt ✗' });
    assert.deepEqual([error.code, error.details], [grpc.status.FAILED_PRECONDITION, '50 % kaputt ✗']);
  },
  async broken(client) {
    assert.equal((await unary(client, 'Break', {})).error.code, grpc.status.UNKNOWN);
  },
  async unimplemented(client) {
    assert.equal((await unary(client, 'Unserved', {})).error.code, grpc.status.UNIMPLEMENTED);
  },
  async metadata(client) {
    const metadata = new grpc.Metadata();
    metadata.set('dbname', 'books');
    metadata.set('x-bin', Buffer.from([1, 2, 255]));
    const text = await ended(await unary(client, 'Describe', { text: 'dbname' }, metadata));
    assert.equal(text.reply.text, 'books');
    assert.deepEqual(text.headers.get('probe-head'), ['h']);
    assert.deepEqual([...text.headers.get('probe-head-bin')[0]], [0, 255]);
    assert.deepEqual(text.status.metadata.get('probe-tail'), ['t']);
    const bytes = await unary(client, 'Describe', { text: 'x-bin' }, metadata);
    assert.deepEqual([...bytes.reply.data], [1, 2, 255]);
  },
  async deadline(client) {
    const { error } = await unary(client, 'Hang', { text: 'node' }, new grpc.Metadata(), { deadline: Date.now() + 100 });
    assert.equal(error.code, grpc.status.DEADLINE_EXCEEDED);
  },
  async cancel(client) {
    const error = await new Promise(resolve => {
      const call = client.Hang({ text: 'node' }, resolve);
      setTimeout(() => call.cancel(), 50);
    });
    assert.equal(error.code, grpc.status.CANCELLED);
  },
  async serverStream(client) {
    const got = await all(client.CountUp({ count: 500, data: Buffer.alloc(1000) }));
    assert.deepEqual(got.map(told => told.count), Array.from({ length: 500 }, (_, i) => i));
    await assert.rejects(all(client.CountUp({ count: 2, text: 'enough' })), { code: grpc.status.ABORTED, details: 'enough' });
  },
  async clientStream(client) {
    const sum = await new Promise((resolve, reject) => {
      const call = client.Sum((error, told) => (error ? reject(error) : resolve(told.count)));
      for (let count = 1; count <= 100; count++) call.write({ count, data: Buffer.alloc(5000) });
      call.end();
    });
    assert.equal(sum, 5050);
  },
  async duplex(client) {
    const call = client.Chat();
    const replies = call[Symbol.asyncIterator]();
    for (let count = 0; count < 50; count++) {
      call.write({ count });
      assert.equal((await replies.next()).value.count, count);
    }
    call.end();
    assert.equal((await replies.next()).done, true);
  },
};

(async () => {
  const client = connect();
  for (const [name, step] of Object.entries(steps)) {
    await step(client);
    console.log(`ok ${name}`);
  }
  client.close();
})().catch(error => {
  console.error(error);
  process.exit(1);
});
