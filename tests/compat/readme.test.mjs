import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { test } from 'node:test';
import { address, connect, unique } from './support.mjs';

const client = connect();

test('the lines that the README gives for Node work', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const name = unique('kites');
  const lines = /```js\n([\s\S]*?)```/.exec(readme)[1].replaceAll('127.0.0.1:19530', address).replaceAll("'kites'", `'${name}'`);
  const file = new URL(`./node_modules/${name}.mjs`, import.meta.url);
  writeFileSync(file, `${lines}\nawait client.closeConnection();\n`);
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [file.pathname]);
    assert.match(stdout, /error_code: 'Success'/);
    assert.match(stdout, /score: 1,?\s+id: '1'|id: '1'/);
  } finally {
    rmSync(file);
    await client.dropCollection({ collection_name: name });
  }
});
