import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Milvus } from '@langchain/community/vectorstores/milvus';
import { Document } from '@langchain/core/documents';
import { FakeEmbeddings } from '@langchain/core/utils/testing';
import { address, unique } from './support.mjs';

/** Letters counted: enough for texts that share words to be near. */
class Letters extends FakeEmbeddings {
  async embedQuery(text) {
    const vector = new Array(26).fill(0);
    for (const letter of text.toLowerCase()) if (letter >= 'a' && letter <= 'z') vector[letter.charCodeAt(0) - 97]++;
    return vector;
  }
  async embedDocuments(texts) { return Promise.all(texts.map(t => this.embedQuery(t))); }
}

const settings = () => ({ collectionName: unique('langchain'), url: address, clientConfig: { address, maxRetries: 0, logLevel: 'error' } });

test('texts are added and found by similarity, with their metadata', async () => {
  const store = await Milvus.fromTexts(['red kite', 'zebra zone', 'quick quiz'], [{ n: 1, tag: 'bird' }, { n: 2, tag: 'animal' }, { n: 3, tag: 'game' }], new Letters(), settings());
  const found = await store.similaritySearchWithScore('kite red', 2);
  assert.equal(found[0][0].pageContent, 'red kite');
  assert.deepEqual([Number(found[0][0].metadata.n), found[0][0].metadata.tag], [1, 'bird']);
  assert.equal(found[0][1], 0);
  await store.client.closeConnection();
});

test('a filter limits what is found', async () => {
  const store = await Milvus.fromTexts(['red kite', 'red kites', 'reed kite'], [{ n: 1 }, { n: 2 }, { n: 3 }], new Letters(), settings());
  const found = await store.similaritySearch('red kite', 3, 'n > 1');
  assert.deepEqual(found.map(d => Number(d.metadata.n)).sort(), [2, 3]);
  await store.client.closeConnection();
});

test('an existing collection is opened again and documents are deleted', async () => {
  const options = settings();
  const first = await Milvus.fromTexts(['red kite', 'black kite'], [{ n: 1 }, { n: 2 }], new Letters(), options);
  const again = await Milvus.fromExistingCollection(new Letters(), options);
  assert.equal((await again.similaritySearch('black kite', 1))[0].pageContent, 'black kite');
  await again.delete({ filter: 'n == 2' });
  const left = await again.similaritySearch('black kite', 5);
  assert.deepEqual(left.map(d => d.pageContent), ['red kite']);
  await first.client.closeConnection();
  await again.client.closeConnection();
});

test('documents with keys of their own are replaced', async () => {
  const store = new Milvus(new Letters(), { ...settings(), autoId: false, primaryField: 'key' });
  await store.addDocuments([new Document({ pageContent: 'red kite', metadata: { n: 1 } })], { ids: ['one'] });
  await store.addDocuments([new Document({ pageContent: 'red bird', metadata: { n: 2 } })], { ids: ['one'] });
  const found = await store.similaritySearch('red kite', 5);
  assert.deepEqual(found.map(d => d.pageContent), ['red bird']);
  await store.client.closeConnection();
});
