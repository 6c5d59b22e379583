// Prints one line of JSON for each test that ends, for the test project that runs these files.
export default async function* reporter(events) {
  for await (const { type, data } of events) {
    if ((type === 'test:pass' || type === 'test:fail') && data.nesting === 0) {
      const error = data.details?.error?.cause ?? data.details?.error;
      const text = error === undefined ? '' : String(error.stack ?? error.message ?? JSON.stringify(error));
      yield `${JSON.stringify({ name: data.name, passed: type === 'test:pass', error: text })}\n`;
    }
  }
}
