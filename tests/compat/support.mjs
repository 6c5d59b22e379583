// What every file of tests starts from. The address of a running server comes in ELANUS_ADDRESS.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import sdk from '@zilliz/milvus2-sdk-node';

export const { MilvusClient, DataType, MetricType, ErrorCode, RRFRanker, WeightedRanker, ConsistencyLevelEnum, promisify } = sdk;
export const address = process.env.ELANUS_ADDRESS;

const clients = [];
export function connect(options = {}) {
  const client = new MilvusClient({ address, timeout: 20_000, maxRetries: 0, logLevel: 'error', ...options });
  clients.push(client);
  return client;
}

after(() => Promise.all(clients.map(c => c.closeConnection())));

let count = 0;
/** A name that no other test uses. */
export const unique = (stem = 'c') => `${stem}_${process.pid}_${++count}`;

/** The answer, after checking that it is a success in both numberings. */
export function ok(answer) {
  const status = answer.status ?? answer;
  assert.equal(status.error_code, 'Success', `${status.code} ${status.reason}`);
  assert.equal(Number(status.code), 0, status.reason);
  return answer;
}

/** Checks that a call fails with a code and, where given, a reason; thrown answers count as answers. */
export async function fails(call, code, reason) {
  let answer;
  try {
    answer = await call;
  } catch (thrown) {
    answer = thrown;
  }
  const status = answer.status ?? answer;
  const text = String(status.reason ?? status.message ?? status.details ?? status);
  assert.notEqual(status.error_code, 'Success', `expected a failure, got ${JSON.stringify(answer)}`);
  if (code !== undefined) assert.equal(Number(status.code), code, text);
  if (reason !== undefined) assert.match(text, reason);
  return status;
}

export const keyField = { name: 'id', data_type: DataType.Int64, is_primary_key: true };
export const vectorField = (dim = 4, name = 'vector') => ({ name, data_type: DataType.FloatVector, dim });

/** Creates a collection with a FLAT index over each vector field, loads it, inserts rows. */
export async function filled(client, { name = unique(), fields = [keyField, vectorField()], metric = 'L2', rows = [], ...more } = {}) {
  ok(await client.createCollection({ collection_name: name, fields, consistency_level: 'Strong', ...more }));
  for (const field of fields.filter(f => f.data_type >= 100 && f.data_type < 106)) {
    const metric_type = field.data_type === DataType.BinaryVector ? 'HAMMING' : field.data_type === DataType.SparseFloatVector ? 'IP' : metric;
    const index_type = field.data_type === DataType.BinaryVector ? 'BIN_FLAT' : field.data_type === DataType.SparseFloatVector ? 'SPARSE_INVERTED_INDEX' : 'FLAT';
    ok(await client.createIndex({ collection_name: name, field_name: field.name, index_type, metric_type }));
  }
  ok(await client.loadCollectionSync({ collection_name: name }));
  if (rows.length > 0) {
    const inserted = ok(await client.insert({ collection_name: name, data: rows }));
    assert.equal(Number(inserted.insert_cnt), rows.length);
  }
  return name;
}

/** Rows id 1..n whose vector is [id, 0, 0, 0], so that distances are plain. */
export const line = (n, more = () => ({})) => Array.from({ length: n }, (_, i) => ({ id: i + 1, vector: [i + 1, 0, 0, 0], ...more(i + 1) }));

export const ids = rows => rows.map(r => Number(r.id));
export const near = (actual, expected, within = 1e-5) =>
  assert.ok(Math.abs(Number(actual) - expected) <= within, `${actual} is not near ${expected}`);
